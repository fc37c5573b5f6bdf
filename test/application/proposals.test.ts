import t from 'tap'
import { proposalsPage } from '../../src/application/bulk/proposals.js'
import type { RollCase } from '../../src/application/bulk/roll-reader.js'
import { month } from '../../src/domain/values/calendar.js'
import { CaseId } from '../../src/domain/values/identifiers.js'
import { amount, programme } from '../support/policy.js'
import { bulk, county } from './naive-rolls.js'
import { callerOf, caseOf, caseOnRoll, handle, someone } from './setting.js'

const urban = { programmes: [programme('urban-dibao')], division: county, month: month('2012-03') }
const by = callerOf().actor.sub

const assessed = (from: string) =>
  ({
    type: 'AssessIncome',
    from: month(from),
    monthlyIncomeFen: amount(10_000),
    basis: '入户核算',
    by: callerOf({ sub: 'clerk-2' }).actor.sub,
  }) as const

t.test('cases whose changes wait are found a page at a time, and nobody else', async (t) => {
  const parts = await bulk()
  const cases = []
  for (let at = 0; at < 5; at += 1)
    cases.push(await caseOnRoll(parts, [await someone(parts)], 'urban-dibao'))
  cases.sort()
  const [one, , three, , five] = cases
  if (!one || !three || !five) throw new Error('no cases')
  for (const caseId of [one, three, five]) await handle(parts, caseId, assessed('2012-03'))
  const roll = { ...urban, ordinal: await parts.store.head() }
  const head = await parts.store.head()

  const first = await proposalsPage(parts, { roll, by, after: null, limit: 2 })
  t.same(
    first.found.map(({ on }) => on.caseId),
    [one, three],
  )
  t.equal(first.next, three)
  t.match(first.found[0], { what: 'adjustment', from: '2012-03', reasons: ['income'] })
  const rest = await proposalsPage(parts, { roll, by, after: first.next, limit: 2 })
  t.same([rest.found.map(({ on }) => on.caseId), rest.next], [[five], null])
  t.equal(await parts.store.head(), head, 'and nothing is written')
})

t.test('a page examines so many cases and moves on, also where nothing waits', async (t) => {
  const parts = await bulk()
  const caseId = await caseOnRoll(parts, [await someone(parts)], 'urban-dibao')
  const quiet = await caseOf(parts, caseId)
  await handle(parts, caseId, assessed('2012-03'))
  const waits = await caseOf(parts, caseId)
  const idOf = (at: number) =>
    CaseId.parse(`${String(at).padStart(8, '0')}-1111-4111-8111-111111111111`)
  const read: number[] = []
  const roll: readonly RollCase[] = Array.from({ length: 2300 }, (_, at) => ({
    caseId: idOf(at),
    programme: programme('urban-dibao'),
    division: county,
    urbanRural: 'urban',
    persons: [],
    state: at === 2299 ? waits : quiet,
  }))
  const rolls = {
    ...parts.rolls,
    casesOnRoll: async (page: { afterCaseId: CaseId | null; limit: number }) => {
      read.push(page.limit)
      const { afterCaseId } = page
      const left = roll.filter(({ caseId }) => afterCaseId === null || caseId > afterCaseId)
      return left.slice(0, page.limit)
    },
  }
  const asked = { roll: { ...urban, ordinal: await parts.store.head() }, by, limit: 100 }
  const pages = []
  let after: CaseId | null = null
  do {
    const { found, next } = await proposalsPage({ ...parts, rolls }, { ...asked, after })
    pages.push([found.length, next])
    after = next
  } while (after !== null)
  t.same(pages, [
    [0, idOf(999)],
    [0, idOf(1999)],
    [1, null],
  ])
  t.ok(read.every((limit) => limit <= 250))
})
