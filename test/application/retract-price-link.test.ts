import t from 'tap'
import { decidePriceLink } from '../../src/application/bulk/price-link.js'
import { retractPriceLink } from '../../src/application/bulk/retract-price-link.js'
import { plainDate } from '../../src/domain/values/calendar.js'
import { subsidyByTwo } from './by-two.js'
import { beforeEvent, createCrashingLog } from './crashing-log.js'
import { bulk, county, quarter, supplementsOf, twoRolls } from './naive-rolls.js'
import { callerOf, caseOf, handle, refused } from './setting.js'

const dryRun = true
const decision = { ...quarter, programmes: [...quarter.programmes] }
const retraction = { decisionId: 'q1', division: county, reason: '标准有误' }
const byPreparer = () => callerOf({ sub: 'preparer-1' })

t.test('a retraction that a crash cut short goes on, whoever sends it again', async (t) => {
  const parts = await bulk(createCrashingLog(beforeEvent('FactRetracted')))
  const { other, survivors, urban } = await twoRolls(parts)
  await subsidyByTwo(parts, { decision, caller: callerOf() })
  const dry = await retractPriceLink(parts, { ...retraction, caller: byPreparer(), dryRun })
  t.match(dry, { grants: 2, persons: 3, amountFen: 74_700, refused: 0 })
  const send = (sub: string) =>
    retractPriceLink(parts, { ...retraction, caller: callerOf({ sub }) })
  await t.rejects(send('approver-1'), { message: 'crashed' })
  const again = { decision, caller: callerOf() }
  await t.rejects(decidePriceLink(parts, again), refused('price-decision-retracted'))

  t.match(await send('preparer-1'), { grants: 2, persons: 3, amountFen: 74_700, refused: 0 })
  for (const caseId of [urban, survivors, other])
    t.same(supplementsOf(await caseOf(parts, caseId)), [])
  const head = await parts.store.head()
  t.match(await send('approver-1'), { grants: 0, persons: 0, amountFen: 0 })
  t.equal(await parts.store.head(), head)
})

t.test('what the read model does not show yet is taken back too', async (t) => {
  const parts = await bulk()
  const { other, urban } = await twoRolls(parts)
  const before = new Map([
    [urban, await caseOf(parts, urban)],
    [other, await caseOf(parts, other)],
  ])
  await subsidyByTwo(parts, { decision, caller: callerOf() })
  const { rolls } = parts
  const behind = {
    ...parts,
    rolls: {
      ...rolls,
      casesOnRoll: async (page: Parameters<typeof rolls.casesOnRoll>[0]) =>
        (await rolls.casesOnRoll(page)).map((on) => ({
          ...on,
          state: before.get(on.caseId) ?? on.state,
        })),
    },
  }
  await retractPriceLink(behind, { ...retraction, caller: byPreparer(), dryRun })
  const outcome = await retractPriceLink(behind, { ...retraction, caller: callerOf() })
  t.match(outcome, { grants: 2, refused: 0 })
  for (const caseId of [urban, other]) t.same(supplementsOf(await caseOf(parts, caseId)), [])
})

t.test('what is granted while it is retracted is taken back by who grants it', async (t) => {
  const parts = await bulk()
  const { other, urban } = await twoRolls(parts)
  await decidePriceLink(parts, { decision, caller: byPreparer(), dryRun })
  let retracting: Promise<unknown> | undefined
  const { rolls } = parts
  const meanwhile = {
    ...parts,
    rolls: {
      ...rolls,
      casesOnRoll: async (page: Parameters<typeof rolls.casesOnRoll>[0]) => {
        retracting ??= (async () => {
          await retractPriceLink(parts, { ...retraction, caller: byPreparer(), dryRun })
          await retractPriceLink(parts, { ...retraction, caller: callerOf() })
        })()
        await retracting
        return rolls.casesOnRoll(page)
      },
    },
  }
  const granting = decidePriceLink(meanwhile, { decision, caller: callerOf() })
  await t.rejects(granting, refused('price-decision-retracted'))
  for (const caseId of [urban, other]) t.same(supplementsOf(await caseOf(parts, caseId)), [])
})

t.test('a grant that was retracted in its case is not granted again', async (t) => {
  const parts = await bulk()
  const { urban } = await twoRolls(parts)
  await subsidyByTwo(parts, { decision, caller: callerOf() })
  const granted = (await caseOf(parts, urban)).version
  await handle(parts, urban, {
    type: 'RetractFact',
    retractedOn: plainDate('2012-05-30'),
    retractsVersion: granted,
    reason: '重复',
    by: callerOf().actor.sub,
  })
  t.match(await decidePriceLink(parts, { decision, caller: callerOf() }), {
    cases: 1,
    changed: 0,
  })
  t.same(supplementsOf(await caseOf(parts, urban)), [])
})
