import t from 'tap'
import {
  benefitClassIn,
  coveredIn,
  holdsOf,
  isOnRoll,
  placeIn,
} from '../../src/domain/case/case.js'
import type { Case } from '../../src/domain/case/facts.js'
import { owedPeriodsOf } from '../../src/domain/entitlement/timeline.js'
import type { LedgerEventUnion } from '../../src/domain/events.js'
import { type RecoveryEvent, recoveryEvents } from '../../src/domain/recovery/events.js'
import {
  addMonths,
  type Month,
  month,
  monthIndex,
  plainDate,
} from '../../src/domain/values/calendar.js'
import { DivisionCode, isWithin } from '../../src/domain/values/division.js'
import { type CaseId, ordinal } from '../../src/domain/values/identifiers.js'
import { type HeldCaseRow, heldCases } from '../../src/projections/cases/holds.js'
import { movementList, movementTotals } from '../../src/projections/cases/movements.js'
import { casesOnRoll } from '../../src/projections/cases/on-roll.js'
import { oneCase } from '../../src/projections/cases/one-case.js'
import { type RollRow, rollCount, rollCounts, rollPage } from '../../src/projections/cases/roll.js'
import { paymentRuns, runLines } from '../../src/projections/payments/runs.js'
import { registerFacts } from '../../src/projections/registers/queries.js'
import { recoveries } from '../../src/projections/registers/recoveries.js'
import { reviewSchedule } from '../../src/projections/reviews/schedule.js'
import { owedTotals, paidTotals, perCapita } from '../../src/projections/totals/money.js'
import { projectedLedger } from './ledger-database.js'
import { randomHistory } from './random-history.js'
import { county } from './random-payments.js'
import { caseAt, casesAfter, programmes, randomOf, start, villages } from './written-events.js'

const seed = Number(process.env['SEED'] ?? 20120612)
const random = randomOf(seed)
const written = randomHistory(random, { cases: 30, caseEvents: 420, runs: 5, people: 40 })
const province = DivisionCode.parse('990000000000')
const town = DivisionCode.parse('990101001000')

t.comment(`seed ${seed}`)
const { pool, store, model } = await projectedLedger(t, written)
const statesAfter = (known: number) => [...casesAfter(written.slice(0, known + 1))]

const isIn = (state: Case, at: { division: DivisionCode; month: Month }) => {
  const place = placeIn(state, at.month)
  return place !== undefined && isWithin(place.division, at.division)
}

t.test(
  'the identity holds for every month, subtree and ordinal, and counts are right',
  async (t) => {
    for (let round = 0; round < 60; round += 1) {
      const from = addMonths(start, random.below(14))
      const to = addMonths(from, random.below(3))
      const division = random.pick([province, county, town, ...villages])
      const knownAt = ordinal(written.length - 1 - random.below(written.length - 30))
      const totals = await movementTotals(model, { division, from, to, knownAt })
      const on = statesAfter(knownAt).filter(
        ([, state]) => isOnRoll(state, to) && isIn(state, { division, month: to }),
      )
      t.equal(totals.closing.households, on.length)
      t.equal(
        totals.closing.persons,
        on.reduce((sum, [, state]) => sum + coveredIn(state, to).length, 0),
      )
      const count = await rollCount(model, { division, month: to, knownAt })
      t.equal(count.households, totals.closing.households)
    }
  },
)

t.test('pages of a roll hold every case once, with its persons and money', async (t) => {
  const at = addMonths(start, 5)
  const rows: RollRow[] = []
  for (;;) {
    const page = await rollPage(model, {
      division: county,
      month: at,
      after: rows.at(-1),
      limit: 4,
    })
    rows.push(...page.rows)
    if (page.rows.length === 0) break
  }
  const expected = statesAfter(written.length)
    .filter(([, state]) => isOnRoll(state, at) && isIn(state, { division: county, month: at }))
    .map(([caseId, state]) => {
      const persons = coveredIn(state, at).map(({ personId }) => personId)
      const money = owedPeriodsOf(state).filter(
        (period) => period.monthly && period.from <= at && at <= period.to,
      )
      return {
        caseId,
        benefitClass: benefitClassIn(state, at),
        persons: persons.sort(),
        monthlyAmountFen: money.reduce((sum, period) => sum + period.amountFen, 0),
      }
    })
  const found = rows.map(({ caseId, benefitClass, persons, monthlyAmountFen }) => {
    return { caseId, benefitClass, persons, monthlyAmountFen }
  })
  const byCase = (a: { caseId: string }, b: { caseId: string }) => (a.caseId < b.caseId ? -1 : 1)
  t.strictSame([...found].sort(byCase), [...expected].sort(byCase))
  const ports = await casesOnRoll(model, {
    programmes,
    division: county,
    month: at,
    ordinal: ordinal(written.length - 1),
    afterCaseId: null,
    limit: 1000,
  })
  t.strictSame(
    ports.map(({ caseId }) => caseId),
    rows.map(({ caseId }) => caseId).sort(),
  )
  const states = new Map(statesAfter(written.length))
  for (const { caseId, state, version } of ports) {
    t.equal(version, state.version)
    t.same(state, states.get(caseId))
  }
  const { rows: groups } = await rollCounts(model, {
    division: county,
    month: at,
    groupBy: ['programme'],
  })
  const sum = groups.reduce((total, row) => total + row.households, 0)
  t.equal(sum, rows.length)
})

t.test('money owed: the month, the year to it, the month before', async (t) => {
  const asked = { division: county, groupBy: ['programme' as const] }
  const inMonth = (at: Month) =>
    statesAfter(written.length)
      .flatMap(([, state]) => owedPeriodsOf(state))
      .filter((period) => period.measure === 'cash' && isWithin(period.division, county))
      .filter((period) => period.from <= at && at <= period.to)
      .reduce((total, period) => total + period.amountFen, 0)
  for (const at of [month('2012-05'), month('2012-12'), month('2013-01'), month('2013-02')]) {
    const { rows } = await owedTotals(model, { ...asked, month: at })
    const sum = (field: 'amountFen' | 'cumulativeFen' | 'previousFen') =>
      rows.reduce((total, row) => total + row[field], 0)
    t.equal(sum('amountFen'), inMonth(at))
    t.equal(sum('previousFen'), inMonth(addMonths(at, -1)))
    const january = month(`${at.slice(0, 4)}-01`)
    const months = Array.from({ length: monthIndex(at) - monthIndex(january) + 1 }, (_, step) =>
      addMonths(january, step),
    )
    t.equal(
      sum('cumulativeFen'),
      months.reduce((total, each) => total + inMonth(each), 0),
    )
  }
})

t.test('money paid, by the month it left and the month it was for', async (t) => {
  const march = monthIndex(month('2012-03'))
  const { rows } = await pool.query<{ in_fen: number; for_fen: number }>(`
    SELECT SUM(amount_fen) FILTER (WHERE month_in = ${march})::bigint AS in_fen,
      SUM(amount_fen) FILTER (WHERE month_for = ${march})::bigint AS for_fen
    FROM read_model.payment_paid WHERE division LIKE '990101%'`)
  const [expected] = rows
  const asked = { division: county, month: month('2012-03'), groupBy: ['component' as const] }
  const left = await paidTotals(model, { ...asked, by: 'month-in' })
  const meant = await paidTotals(model, { ...asked, by: 'month-for' })
  const sum = (answer: typeof left) => answer.rows.reduce((total, row) => total + row.amountFen, 0)
  t.ok(expected && expected.in_fen > 0)
  t.equal(sum(left), expected?.in_fen)
  t.equal(sum(meant), expected?.for_fen)
  const each = await perCapita(model, { division: county, month: month('2012-03') })
  t.equal(each.paidFen, sum(left))
  t.equal(each.perCapitaFen, each.persons && Math.round(each.paidFen / each.persons))
  t.ok(each.components.some(({ component }) => component === 'base'))
})

t.test('single movements name their event', async (t) => {
  const { rows } = await movementList(model, {
    division: county,
    month: addMonths(start, 2),
    limit: 100,
  })
  t.ok(rows.length > 0)
  for (const row of rows) {
    const [event] = await store.readStream(`case-${row.caseId}`, row.version)
    t.ok(event && event.ordinal <= row.knownFrom)
  }
})

t.test('reviews fall due by the rule of the programme', async (t) => {
  const asked = { division: county, on: plainDate('2013-06-30'), limit: 100 }
  const all = await reviewSchedule(model, { ...asked, overdueOnly: false })
  const overdue = await reviewSchedule(model, { ...asked, overdueOnly: true })
  t.ok(all.rows.length > overdue.rows.length || all.rows.every((row) => row.overdue))
  t.strictSame(
    overdue.rows,
    all.rows.filter((row) => row.overdue),
  )
  for (const row of all.rows) {
    t.equal(row.everyMonths, 6)
    if (row.lastReviewOn) t.equal(row.dueMonth, monthIndex(month('2012-12')))
  }
})

t.test('held cases are those whose facts hold them', async (t) => {
  const at = month('2013-01')
  const rows: HeldCaseRow[] = []
  for (;;) {
    const asked = { division: county, month: at, after: rows.at(-1), limit: 5 }
    const page = await heldCases(model, asked)
    if (page.rows.length === 0) break
    rows.push(...page.rows)
  }
  const expected = statesAfter(written.length)
    .filter(([, state]) => isIn(state, { division: county, month: at }))
    .flatMap(([caseId, state]) =>
      holdsOf(state)
        .filter((hold) => hold.from <= at && at <= hold.to)
        .map((hold) => `${caseId} ${hold.holdId}`),
    )
  t.ok(expected.length > 5)
  t.strictSame(rows.map(({ caseId, holdId }) => `${caseId} ${holdId}`).sort(), expected.sort())
})

t.test('one case, its runs, its recovery and the registers', async (t) => {
  const found = await oneCase(model, { caseId: caseAt(3) })
  t.ok(found && found.payments.length > 0)
  t.strictSame(
    found?.recoveries.map(({ kind }) => kind),
    ['found', 'found', 'withdrawn', 'repaid', 'offset', 'kept-back', 'written-off'],
  )
  t.equal(await oneCase(model, { caseId: caseAt(4444) }), undefined)
  const { rows } = await recoveries(model, {
    standing: 'open',
    division: province,
    month: month('2013-01'),
    limit: 10,
  })
  const expected = [0, 1, 2, 3].map((at) => outstandingOf(caseAt(at)))
  const sums = rows.map(({ division: _, programme: _programme, ...row }) => row)
  t.strictSame(sums, expected.sort(byCase))
  const read = { division: province, month: month('2013-01'), limit: 10 }
  t.strictSame((await recoveries(model, { ...read, standing: 'all' })).rows, rows)
  t.strictSame((await recoveries(model, { ...read, standing: 'settled' })).rows, [])
  const runs = await paymentRuns(model, { division: county, month: start })
  t.equal(runs.rows.length, 1)
  const [run] = runs.rows
  const lines = run && (await runLines(model, { runId: run.runId, limit: 500 }))
  t.ok(lines && lines.rows.length > 0)
  const held = run && (await runLines(model, { runId: run.runId, held: true, limit: 500 }))
  t.ok(held?.rows.every((line) => line.heldFor !== null))
  const founded = await registerFacts(model, { types: ['LedgerFounded'] })
  t.equal(founded.rows[0]?.data.clock, 'simulated')
  await t.rejects(rollCount(model, { division: county, month: start, knownAt: ordinal(9999) }), {
    code: 'ordinal-not-reached',
  })
})

/** What was found, less what was withdrawn; and that, less what came back or was given up. */
function outstandingOf(caseId: CaseId) {
  let [foundFen, repaidFen, writtenOffFen, outstandingFen] = [0, 0, 0, 0]
  for (const { event, stream } of written) {
    if (stream !== `recovery-${caseId}` || !isOfMonths(event)) continue
    const sum = event.data.months.reduce((total, { amountFen }) => total + amountFen, 0)
    const signed = event.type === 'OverpaymentFound' ? sum : -sum
    if (event.type === 'OverpaymentFound' || event.type === 'OverpaymentWithdrawn')
      foundFen += signed
    else if (event.type === 'RecoveryWrittenOff') writtenOffFen += sum
    else repaidFen += sum
    outstandingFen += signed
  }
  return { caseId, foundFen, repaidFen, writtenOffFen, outstandingFen }
}

type OfMonths = Extract<RecoveryEvent, { data: { months: unknown } }>

function isOfMonths(event: LedgerEventUnion): event is OfMonths {
  return Object.hasOwn(recoveryEvents, event.type) && 'months' in event.data
}

const byCase = (left: { caseId: CaseId }, right: { caseId: CaseId }) =>
  left.caseId < right.caseId ? -1 : 1

t.test('a movement too many is an error, not a footnote', async (t) => {
  await pool.query(`UPDATE read_model.total_cell SET households = households + 1
    WHERE ctid = (SELECT ctid FROM read_model.total_cell
      WHERE topic = 'movement' AND detail = 'entry' AND level = 0 LIMIT 1)`)
  await t.rejects(
    movementTotals(model, { division: province, from: month('2011-01'), to: month('2014-12') }),
    { code: 'identity-violated' },
  )
})
