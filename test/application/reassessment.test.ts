import t from 'tap'
import { handlePolicyCommand } from '../../src/application/policy-commands.js'
import { retractDeath } from '../../src/application/processes/death-retraction.js'
import { recordDeath } from '../../src/application/processes/deaths.js'
import { handlePersonCommand } from '../../src/application/processes/people.js'
import { findStuckProcesses } from '../../src/application/processes/stuck.js'
import {
  type ReassessmentCheckpoint,
  reassessThroughHead,
} from '../../src/application/reassessment.js'
import { factsOf } from '../../src/domain/case/facts.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { beforeFirst, type Ordinal } from '../../src/domain/values/identifiers.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { amount, ruleSet, standardSet } from '../support/policy.js'
import { createCrashingLog } from './crashing-log.js'
import { bulk } from './naive-rolls.js'
import {
  callerOf,
  caseOf,
  caseOnRoll,
  handle,
  type Setting,
  someone,
  takenOver,
} from './setting.js'

async function reassessing(store?: EventStore) {
  let through: Ordinal = beforeFirst
  const checkpoint: ReassessmentCheckpoint = {
    read: async () => through,
    write: async (to) => {
      through = to
    },
  }
  return { ...(await bulk(store)), checkpoint }
}

async function setStandard(parts: Setting, from: string, fen: number): Promise<void> {
  const { data } = standardSet('urban-dibao', { division: '990107', from, fen })
  const command = { type: 'SetStandard', ...data } as const
  await handlePolicyCommand(parts, { command, caller: callerOf() })
}

t.test('a standard that is set becomes a decision for its roll, once', async (t) => {
  const parts = await reassessing()
  const cases = [
    await caseOnRoll(parts, [await someone(parts)]),
    await caseOnRoll(parts, [await someone(parts)], 'tekun'),
  ]
  await setStandard(parts, '2012-07', 60_000)
  const known = await parts.store.head()
  t.match(await reassessThroughHead(parts), {
    through: known + 1,
    changed: 1,
    refused: [],
  })

  const [urban, tekun] = await Promise.all(cases.map((caseId) => caseOf(parts, caseId)))
  if (!urban || !tekun) return t.fail('no cases')
  t.match(factsOf(urban, 'BenefitAdjusted'), [
    { data: { from: '2012-07', components: [{ amountFen: 60_000 }], cause: { kind: 'standard' } } },
  ])
  t.same(factsOf(tekun, 'BenefitAdjusted'), [])
  t.match(await reassessThroughHead(parts), { through: known + 1, changed: 0 })
  await parts.checkpoint.write(beforeFirst)
  t.match(await reassessThroughHead(parts), { through: known + 1, changed: 0 }, 'from the start')
  t.equal(await parts.store.head(), known + 1)
})

t.test('a standard known before an entry reaches it with the entry, and once', async (t) => {
  const parts = await reassessing()
  await setStandard(parts, '2012-07', 60_000)
  await reassessThroughHead(parts)
  const caseId = await caseOnRoll(parts, [await someone(parts)])
  t.match(factsOf(await caseOf(parts, caseId), 'BenefitAdjusted'), [
    {
      data: {
        from: '2012-07',
        components: [{ amountFen: 60_000 }],
        cause: { kind: 'standard', document: { number: '标〔2012-07〕990107' } },
      },
    },
  ])
  const head = await parts.store.head()
  await parts.checkpoint.write(beforeFirst)
  t.match(await reassessThroughHead(parts), { through: head, changed: 0, refused: [] })

  await setStandard(parts, '2012-09', 65_000)
  t.match(await reassessThroughHead(parts), { changed: 1 })
  t.match(
    factsOf(await caseOf(parts, caseId), 'BenefitAdjusted').map(({ data }) => data.from),
    ['2012-07', '2012-09'],
  )
})

t.test('an income decides where the rule lets it, else it waits for a person', async (t) => {
  const parts = await reassessing()
  const caseId = await caseOnRoll(parts, [await someone(parts)])
  const assess = (fen: number) =>
    handle(parts, caseId, {
      type: 'AssessIncome',
      from: month('2012-05'),
      monthlyIncomeFen: amount(fen),
      basis: '打工收入',
      by: callerOf().actor.sub,
    })
  await assess(10_000)
  t.match(await reassessThroughHead(parts), { changed: 0 })

  const { data } = ruleSet(
    'urban-dibao',
    { division: '990107', from: '2012-01' },
    {
      automatic: ['income'],
    },
  )
  await handlePolicyCommand(parts, { command: { type: 'SetRule', ...data }, caller: callerOf() })
  await assess(20_000)
  t.match(await reassessThroughHead(parts), { changed: 1 })
  t.match(factsOf(await caseOf(parts, caseId), 'BenefitAdjusted'), [
    { data: { from: '2012-05', components: [{ amountFen: 30_000 }], cause: { kind: 'income' } } },
  ])
})

t.test('a pass that a crash cut short goes on; one that refuses is listed', async (t) => {
  const parts = await reassessing(
    createCrashingLog(({ events }) => events[0]?.type === 'BenefitAdjusted'),
  )
  const [well, broken] = [
    await caseOnRoll(parts, [await someone(parts)]),
    await takenOver(parts, await someone(parts)),
  ]
  await setStandard(parts, '2012-07', 60_000)
  await t.rejects(reassessThroughHead(parts), /crashed/)
  t.equal(await parts.checkpoint.read(), beforeFirst)

  t.match(await reassessThroughHead(parts), {
    changed: 1,
    refused: [{ caseId: broken, code: 'income-unconfirmed' }],
  })
  t.equal(factsOf(await caseOf(parts, well), 'BenefitAdjusted').length, 1)
})

t.test('a death that nobody has decided on is listed', async (t) => {
  const parts = await reassessing()
  const personId = await someone(parts)
  const caseId = await caseOnRoll(parts, [personId], 'rural-dibao')
  const death = { personId, diedOn: plainDate('2012-04-12'), source: '家属', caller: callerOf() }
  await recordDeath(parts, death)
  t.same(await findStuckProcesses(parts), [{ kind: 'death-undecided', personId, caseId }])

  const leave = {
    type: 'LeaveMember',
    lastMonth: month('2012-04'),
    personId,
    reason: '死亡',
    died: true,
    by: callerOf().actor.sub,
  } as const
  await handle(parts, caseId, leave)
  t.same(await findStuckProcesses(parts), [])
})

t.test(
  'a leaving that a retracted death left standing is listed, and sent again ends',
  async (t) => {
    const parts = await reassessing()
    const personId = await someone(parts)
    const caseId = await caseOnRoll(parts, [personId])
    const death = { personId, diedOn: plainDate('2012-04-12'), source: '家属', caller: callerOf() }
    await recordDeath(parts, death)
    t.same(await findStuckProcesses(parts), [])
    const caller = callerOf()
    const retraction = { retractedOn: plainDate('2012-05-02'), reason: '误报' }
    const command = { type: 'RetractDeath', ...retraction } as const
    await handlePersonCommand(parts, { personId, command, caller })
    t.same(await findStuckProcesses(parts), [{ kind: 'leaving-without-death', personId, caseId }])

    const { consequences } = await retractDeath(parts, { personId, caller, ...retraction })
    t.match(consequences, [{ caseId, kind: 'proposed', code: null }])
    t.same(await findStuckProcesses(parts), [])
  },
)
