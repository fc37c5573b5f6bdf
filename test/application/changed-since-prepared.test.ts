import t from 'tap'
import { decidePriceLink } from '../../src/application/bulk/price-link.js'
import { month } from '../../src/domain/values/calendar.js'
import { bulk, quarter, supplementsOf, twoRolls } from './naive-rolls.js'
import { callerOf, caseOf, exit, handle } from './setting.js'

t.test('who left since the rolls were counted takes nothing from who stayed', async (t) => {
  const parts = await bulk()
  const { both, other, survivorOnly, urban, urbanOnly } = await twoRolls(parts)
  const request = {
    decision: { ...quarter, programmes: [...quarter.programmes] },
    caller: callerOf(),
  }
  const preparer = callerOf({ sub: 'preparer-1' })
  t.match(await decidePriceLink(parts, { ...request, caller: preparer, dryRun: true }), {
    cases: 2,
    persons: 3,
  })
  await handle(parts, urban, {
    type: 'LeaveMember',
    personId: urbanOnly,
    lastMonth: month('2012-02'),
    died: false,
    reason: '迁出',
    by: callerOf().actor.sub,
  })
  await handle(parts, other, exit('2012-02'))
  const outcome = await decidePriceLink(parts, request)
  t.match(outcome, { changed: 1, cases: 1, persons: 1, amountFen: 3 * 8300 })
  t.match(outcome.refused, [{ caseId: other }], 'who is off the roll is listed, and not counted')
  t.same(supplementsOf(await caseOf(parts, urban)), [
    { month: '2012-03', amountFen: 24_900, persons: [both] },
  ])
  t.same(supplementsOf(await caseOf(parts, other)), [], String(survivorOnly))
})
