import t from 'tap'
import { publishPriceIndex } from '../../src/application/bulk/price-index.js'
import { decidePriceLink } from '../../src/application/bulk/price-link.js'
import { type Proposal, reassessRoll } from '../../src/application/bulk/reassess-roll.js'
import { handlePolicyCommand } from '../../src/application/policy-commands.js'
import { handleCaseCommand } from '../../src/application/processes/cases.js'
import { findStuckProcesses } from '../../src/application/processes/stuck.js'
import { factsOf } from '../../src/domain/case/facts.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { naiveLedgerAt } from '../support/naive-ledger.js'
import { amount, document, programme, standardSet } from '../support/policy.js'
import { subsidyByTwo } from './by-two.js'
import { createCrashingLog } from './crashing-log.js'
import { bulk, county, createNaiveRolls, quarter, supplementsOf, twoRolls } from './naive-rolls.js'
import {
  callerOf,
  caseOf,
  caseOnRoll,
  exit,
  handle,
  joining,
  openedCase,
  refused,
  type Setting,
  someone,
  takenOver,
} from './setting.js'

t.test('a price subsidy reaches each person once over all rolls', async (t) => {
  const parts = await bulk()
  const { both, other, survivorOnly, survivors, urban, urbanOnly } = await twoRolls(parts)
  const request = {
    decision: { ...quarter, programmes: [...quarter.programmes] },
    caller: callerOf(),
  }
  const dry = await decidePriceLink(parts, { ...request, dryRun: true })
  const head = await parts.store.head()
  t.match(dry, { cases: 2, persons: 3, amountFen: 3 * 3 * 8300, changed: 2 })

  const outcome = await subsidyByTwo(parts, request)
  t.match(outcome, { cases: 2, persons: 3, amountFen: 74_700, changed: 2, refused: [] })
  t.match(outcome.decision, {
    trigger: 'document',
    regime: '2011',
    amountFen: 8300,
    rollOrdinal: head,
  })
  t.same(supplementsOf(await caseOf(parts, urban)), [
    { month: '2012-03', amountFen: 49_800, persons: [both, urbanOnly] },
  ])
  t.same(supplementsOf(await caseOf(parts, survivors)), [], 'had it through the first roll')
  t.same(supplementsOf(await caseOf(parts, other)), [
    { month: '2012-03', amountFen: 24_900, persons: [survivorOnly] },
  ])

  const end = await parts.store.head()
  const late = await caseOnRoll(parts, [await someone(parts)])
  const after = await parts.store.head()
  t.match(await decidePriceLink(parts, request), { persons: 3, amountFen: 74_700, changed: 0 })
  t.equal(await parts.store.head(), after, 'sent again it adds nothing')
  t.same(supplementsOf(await caseOf(parts, late)), [], 'who came later is not on that roll')
  t.ok(after > end)
})

t.test('month by month, each month has its own roll', async (t) => {
  const parts = await bulk()
  const personId = await someone(parts)
  const caseId = await caseOnRoll(parts, [personId])
  await handle(parts, caseId, exit('2012-02'))
  const decision = {
    ...quarter,
    programmes: [programme('urban-dibao')],
    reference: 'month-by-month',
  } as const
  await subsidyByTwo(parts, {
    decision: { ...decision, programmes: [...decision.programmes] },
    caller: callerOf(),
  })

  t.same(supplementsOf(await caseOf(parts, caseId)), [
    { month: '2012-02', amountFen: 8300, persons: [personId] },
  ])
})

t.test('an index is published in the stream of its province', async (t) => {
  const parts = await bulk()
  const command = {
    type: 'PublishPriceIndex',
    month: month('2012-01'),
    division: county,
    cpiRiseBasisPoints: 450,
    foodRiseBasisPoints: null,
    publishedOn: plainDate('2012-02-09'),
    source: '统计公报',
  } as const
  const publication = { command, caller: callerOf() }
  await publishPriceIndex(parts, publication)

  const [stored] = await parts.store.readStream('priceLink-990000000000')
  t.match(stored, { type: 'PriceIndexPublished', effective: '2012-01' })
  const outside = callerOf({ division: '990107001000' })
  await t.rejects(
    publishPriceIndex(parts, { ...publication, caller: outside }),
    refused('division-outside-scope'),
  )
})

t.test('after a crash a bulk decision goes on, and nobody gets it twice', async (t) => {
  let supplements = 0
  const store = createCrashingLog(({ events }) => {
    if (events[0]?.type === 'SupplementGranted') supplements += 1
    return supplements > 1
  })
  const parts = await bulk(store)
  const { other, urban } = await twoRolls(parts)
  const request = {
    decision: { ...quarter, programmes: [...quarter.programmes] },
    caller: callerOf(),
  }
  await t.rejects(subsidyByTwo(parts, request), /crashed/)
  t.equal(supplementsOf(await caseOf(parts, urban)).length, 1)
  t.equal(supplementsOf(await caseOf(parts, other)).length, 0)

  t.match(await decidePriceLink(parts, request), { cases: 2, persons: 3, changed: 1 })
  t.equal(supplementsOf(await caseOf(parts, urban)).length, 1)
  t.equal(supplementsOf(await caseOf(parts, other)).length, 1)
})

t.test('a case that went on since the read model saw it is decided anew', async (t) => {
  const parts = await bulk()
  const caseId = await caseOnRoll(parts, [await someone(parts)])
  const behind = createNaiveRolls(parts.store)
  const before = await naiveLedgerAt(parts.store, await parts.store.head())
  await handle(parts, caseId, {
    type: 'PlaceHold',
    from: month('2012-03'),
    holdId: 'h',
    reason: '核实',
  })
  const rolls = {
    ...behind,
    casesOnRoll: async (page: Parameters<typeof behind.casesOnRoll>[0]) =>
      (await behind.casesOnRoll(page)).map((on) => ({
        ...on,
        state: before.cases.get(on.caseId) ?? on.state,
      })),
  }
  const decision = { ...quarter, programmes: [programme('urban-dibao')] }
  const outcome = await subsidyByTwo({ ...parts, rolls }, { decision, caller: callerOf() })

  t.match(outcome, { changed: 1, refused: [] })
  t.equal(supplementsOf(await caseOf(parts, caseId)).length, 1)
})

async function raiseStandards(parts: Setting): Promise<void> {
  const raised = { division: '990107', from: '2012-07' }
  for (const [code, fen] of [
    ['urban-dibao', 60_000],
    ['rural-dibao', 40_000],
  ] as const) {
    const { data } = standardSet(code, { ...raised, fen })
    await handlePolicyCommand(parts, {
      command: { type: 'SetStandard', ...data },
      caller: callerOf(),
    })
  }
}

t.test('a raised standard reassesses the roll, or proposes it, as each rule says', async (t) => {
  const parts = await bulk()
  const person = await someone(parts)
  const urban = await caseOnRoll(parts, [person])
  const rural = await caseOnRoll(parts, [await someone(parts)], 'rural-dibao')
  await raiseStandards(parts)
  const proposals: Proposal[] = []
  const reassessment = {
    roll: {
      programmes: [programme('urban-dibao'), programme('rural-dibao')],
      division: county,
      month: month('2012-07'),
      ordinal: await parts.store.head(),
    },
    cause: { kind: 'standard' as const, note: '提高标准', document: document('标〔2012〕7号') },
    mode: 'automatic' as const,
    caller: callerOf(),
    onProposal: (proposal: Proposal) => proposals.push(proposal),
  }
  const outcome = await reassessRoll(parts, reassessment)

  t.match(outcome, {
    examined: 2,
    changed: 1,
    adjusted: 1,
    exited: 0,
    proposed: 1,
    refusedCount: 0,
  })
  t.match(factsOf(await caseOf(parts, urban), 'BenefitAdjusted'), [
    { data: { from: '2012-07', components: [{ amountFen: 60_000 }], cause: { kind: 'standard' } } },
  ])
  t.match(proposals, [{ caseId: rural, events: [{ type: 'BenefitAdjusted' }] }])
  t.same(factsOf(await caseOf(parts, rural), 'BenefitAdjusted'), [])

  const head = await parts.store.head()
  t.match(await reassessRoll(parts, reassessment), { changed: 0, proposed: 1 })
  t.equal(await parts.store.head(), head)
  const confirmed = { ...reassessment, mode: 'confirmed' as const, caller: callerOf() }
  t.match(await reassessRoll(parts, { ...confirmed, dryRun: true }), { changed: 1, adjusted: 1 })
  t.equal(await parts.store.head(), head)
  t.match(await reassessRoll(parts, confirmed), { changed: 1, adjusted: 1, proposed: 0 })
})

t.test('a case that refuses is listed, and stops nobody else', async (t) => {
  const parts = await bulk()
  const [well, other] = [await someone(parts), await someone(parts)]
  await caseOnRoll(parts, [well])
  const broken = await takenOver(parts, other)
  const { data } = standardSet('urban-dibao', { division: '990107', from: '2012-07', fen: 60_000 })
  await handlePolicyCommand(parts, {
    command: { type: 'SetStandard', ...data },
    caller: callerOf(),
  })
  const outcome = await reassessRoll(parts, {
    roll: {
      programmes: [programme('urban-dibao')],
      division: county,
      month: month('2012-07'),
      ordinal: await parts.store.head(),
    },
    cause: { kind: 'standard', note: '提高标准', document: null },
    mode: 'automatic',
    caller: callerOf(),
  })

  t.match(outcome, { examined: 2, changed: 1, refusedCount: 1 })
  t.same(outcome.refused, [{ caseId: broken, code: 'income-unconfirmed' }])
})

t.test('an exit that a reassessment decides lets the members go', async (t) => {
  const parts = await bulk()
  const personId = await someone(parts)
  const caseId = await caseOnRoll(parts, [personId])
  await handle(parts, caseId, {
    type: 'AssessIncome',
    from: month('2012-04'),
    monthlyIncomeFen: amount(90_000),
    basis: '工资',
    by: callerOf({ sub: 'clerk-2' }).actor.sub,
  })
  const outcome = await reassessRoll(parts, {
    roll: {
      programmes: [programme('urban-dibao')],
      division: county,
      month: month('2012-04'),
      ordinal: await parts.store.head(),
    },
    cause: { kind: 'income', note: '收入超标', document: null },
    mode: 'confirmed',
    caller: callerOf(),
  })

  t.match(outcome, { changed: 1, exited: 1 })
  const other = await openedCase(parts)
  const join = {
    caseId: other,
    command: joining(personId, { from: '2012-04' }),
    caller: callerOf(),
  }
  t.ok((await handleCaseCommand(parts, join)).changed, 'another household may have them now')
  t.same(await findStuckProcesses(parts), [])
})
