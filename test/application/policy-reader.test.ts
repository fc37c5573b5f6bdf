import t from 'tap'
import { handlePolicyCommand } from '../../src/application/policy-commands.js'
import { createPolicyReader } from '../../src/application/policy-reader.js'
import { noPolicy, standardOn } from '../../src/domain/policy/policy.js'
import { month } from '../../src/domain/values/calendar.js'
import { beforeFirst, ordinal } from '../../src/domain/values/identifiers.js'
import { naiveLedgerAt } from '../support/naive-ledger.js'
import { benefitClass, division, programme, standardSet } from '../support/policy.js'
import { callerOf, createSetting, ready, type Setting, someone } from './setting.js'

async function setStandard(parts: Setting, from: string, fen: number): Promise<void> {
  const { data } = standardSet('urban-dibao', { division: '990107', from, fen })
  const command = { type: 'SetStandard', ...data } as const
  await handlePolicyCommand(parts, { command, caller: callerOf() })
}

const asked = {
  programme: programme('urban-dibao'),
  division: division('990107001'),
  benefitClass: benefitClass('general'),
  month: month('2012-12'),
}

t.test('an empty log has no policy', async (t) => {
  const { policies } = createSetting()
  t.same(await policies.latest(), { policy: noPolicy, ordinal: beforeFirst })
})

t.test('policy is what the log said at an ordinal, whatever came later', async (t) => {
  const parts = await ready()
  const before = await parts.policies.latest()
  await someone(parts)
  await setStandard(parts, '2012-07', 60_000)
  const after = await parts.policies.latest()

  t.equal(standardOn(before.policy, asked).monthlyFen, 50_000)
  t.equal(standardOn(after.policy, asked).monthlyFen, 60_000)
  t.same(await parts.policies.policyAt(before.ordinal), before.policy)
  t.equal(after.ordinal, await parts.store.head())
})

t.test('at every ordinal it equals the fold of the first events, however far back', async (t) => {
  const parts = await ready()
  for (let at = 0; at < 450; at += 1) await setStandard(parts, '2012-07', 60_000 + at)
  const late = createPolicyReader(parts.store)
  const head = await parts.store.head()
  for (const at of [-1, 0, 5, 199, 200, 201, 399, 400, 401, head - 1, head]) {
    const { policy } = await naiveLedgerAt(parts.store, ordinal(at))
    t.same(await late.policyAt(ordinal(at)), policy, `at ${at}`)
    t.same(await parts.policies.policyAt(ordinal(at)), policy, `at ${at}, kept up`)
  }
})

t.test('many who ask at once read the log together and see all that was there', async (t) => {
  const parts = await ready()
  let reads = 0
  const counting = createPolicyReader(parts.store, async ({ after, upTo }) => {
    reads += 1
    return parts.store.readAll({ after, limit: upTo - after })
  })
  const first = await Promise.all(Array.from({ length: 20 }, () => counting.latest()))
  t.equal(reads, 1)
  await setStandard(parts, '2012-07', 60_000)
  const second = await Promise.all(Array.from({ length: 20 }, () => counting.latest()))

  t.equal(reads, 2)
  t.ok(first.every(({ policy }) => standardOn(policy, asked).monthlyFen === 50_000))
  t.ok(second.every(({ policy }) => standardOn(policy, asked).monthlyFen === 60_000))
})

t.test('a standard set twice is set once; one of another programme is refused', async (t) => {
  const parts = await ready()
  const head = await parts.store.head()
  await setStandard(parts, '2000-01', 50_000)
  t.equal(await parts.store.head(), head)
  const { data } = standardSet('no-such', { division: '990107', from: '2012-01', fen: 1 })
  const command = { type: 'SetStandard', ...data } as const
  await t.rejects(handlePolicyCommand(parts, { command, caller: callerOf() }), {
    code: 'programme-unknown',
  })
})
