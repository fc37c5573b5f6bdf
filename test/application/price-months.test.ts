import t from 'tap'
import { decidePriceLink } from '../../src/application/bulk/price-link.js'
import { month } from '../../src/domain/values/calendar.js'
import { amount, division, document, programme } from '../support/policy.js'
import { subsidyByTwo } from './by-two.js'
import { createCrashingLog } from './crashing-log.js'
import { bulk, county, supplementsOf, twoRolls } from './naive-rolls.js'
import { callerOf, caseOf, refused } from './setting.js'

const shared = {
  division: county,
  method: { kind: 'fixed-monthly' as const, amountFen: amount(8300) },
  document: document('价〔2012〕1号'),
  basis: { kind: 'document' as const },
}
const february = {
  ...shared,
  decisionId: 'february',
  from: month('2012-02'),
  to: month('2012-02'),
  programmes: [programme('urban-dibao')],
  reference: 'month-by-month' as const,
}
const quarter = {
  ...shared,
  decisionId: 'q1',
  from: month('2012-01'),
  to: month('2012-03'),
  programmes: [programme('survivors')],
  reference: 'on-roll-at-end' as const,
}

t.test('a month that an earlier decision gives a person is not given again', async (t) => {
  const parts = await bulk()
  const { both, other, survivorOnly, survivors } = await twoRolls(parts)
  await subsidyByTwo(parts, { decision: february, caller: callerOf() })
  const expected = {
    persons: 2,
    amountFen: 5 * 8300,
    alreadyGrantedCount: 1,
    alreadyGranted: [
      { caseId: survivors, personId: both, month: '2012-02', decisionId: 'february' },
    ],
  }
  const request = { decision: quarter, caller: callerOf() }
  t.match(await decidePriceLink(parts, { ...request, dryRun: true }), { ...expected, changed: 2 })
  t.match(await subsidyByTwo(parts, request), { ...expected, changed: 2 })
  t.same(supplementsOf(await caseOf(parts, survivors)), [
    { month: '2012-03', amountFen: 2 * 8300, persons: [both] },
  ])
  t.same(supplementsOf(await caseOf(parts, other)), [
    { month: '2012-03', amountFen: 3 * 8300, persons: [survivorOnly] },
  ])

  const head = await parts.store.head()
  t.match(await decidePriceLink(parts, request), { ...expected, changed: 0 })
  const earlier = { decision: february, caller: callerOf() }
  t.match(await decidePriceLink(parts, earlier), { persons: 2, changed: 0, alreadyGrantedCount: 0 })
  t.equal(await parts.store.head(), head, 'either sent again adds nothing')
})

t.test('who has every month already gets nothing', async (t) => {
  const parts = await bulk()
  const { both, survivors } = await twoRolls(parts)
  await subsidyByTwo(parts, { decision: february, caller: callerOf() })
  const decision = { ...quarter, from: february.from, to: february.to }
  const outcome = await subsidyByTwo(parts, { decision, caller: callerOf() })
  t.match(outcome, { cases: 1, persons: 1, alreadyGranted: [{ personId: both }] })
  t.same(supplementsOf(await caseOf(parts, survivors)), [])
})

t.test('an earlier decision that crashed half-way still has its months', async (t) => {
  let supplements = 0
  const store = createCrashingLog(({ events }) => {
    if (events[0]?.type === 'SupplementGranted') supplements += 1
    return supplements === 1
  })
  const parts = await bulk(store)
  const { survivors, urban } = await twoRolls(parts)
  const first = { decision: february, caller: callerOf() }
  await t.rejects(subsidyByTwo(parts, first), /crashed/)
  t.equal(supplementsOf(await caseOf(parts, urban)).length, 0)
  const later = await subsidyByTwo(parts, { decision: quarter, caller: callerOf() })
  t.match(later, { alreadyGrantedCount: 1, amountFen: 5 * 8300 })
  t.match(await decidePriceLink(parts, first), { persons: 2, changed: 1, alreadyGrantedCount: 0 })
  t.match(supplementsOf(await caseOf(parts, urban)), [{ amountFen: 2 * 8300 }])
  t.match(supplementsOf(await caseOf(parts, survivors)), [{ amountFen: 2 * 8300 }])
})

t.test('a quarter and a month, a county and its town, of one programme are refused', async (t) => {
  const parts = await bulk()
  await twoRolls(parts)
  await subsidyByTwo(parts, { decision: february, caller: callerOf() })
  const programmes = [...february.programmes]
  const again = (change: object) =>
    subsidyByTwo(parts, {
      decision: { ...quarter, programmes, ...change },
      caller: callerOf(),
    })
  await t.rejects(again({}), refused('price-already-decided'))
  await t.rejects(again({ division: division('990107001') }), refused('price-already-decided'))
  const [one, other] = await Promise.allSettled([
    again({ decisionId: 'a', from: month('2012-03') }),
    again({ decisionId: 'b', from: month('2012-03'), reference: 'month-by-month' }),
  ])
  t.same([one.status, other.status].sort(), ['fulfilled', 'rejected'], 'two at once: one of them')
})
