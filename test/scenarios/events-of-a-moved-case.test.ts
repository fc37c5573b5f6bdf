import t from 'tap'
import { policyOfCounty, startHttpLedger, textIn } from '../support/http-ledger.js'
import type { Person } from '../support/issuing.js'
import { handsOfProvince } from '../support/two-hands.js'
import { household } from './office.js'

const formerCounty = '990301000000'
const newCounty = '990201000000'
const street = '990201001001'

t.test('a county keeps the history of a case up to its move away', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const province = await ledger.issue({
    actor: 'province-1',
    roles: ['clerk', 'auditor'],
    division: '990000000000',
  })
  await ledger.importPolicy(await policyOfCounty('p3'), await handsOfProvince(ledger))
  const auditorOf = (division: string) =>
    ledger.issue({ actor: `auditor-${division}`, roles: ['auditor'], division })
  const [former, now] = [await auditorOf(formerCounty), await auditorOf(newCounty)]
  const { caseId } = await household(ledger, { name: '张迁' })
  const typesFor = async (by: Person, query = `stream=case-${caseId}`) =>
    (await ledger.rows(by, `/v1/events?limit=1000&${query}`))
      .filter(({ stream }) => stream === `case-${caseId}`)
      .map((event) => textIn(event, 'type'))

  const before = await typesFor(province)
  t.same(await typesFor(former), before)
  t.same(await typesFor(now), [])
  const path = `POST /v1/cases/${caseId}`
  const move = { from: '2012-02', division: street, urbanRural: 'urban', reason: '迁居' }
  await ledger.done(province, `${path}/move`, move)
  const income = { from: '2012-02', monthlyIncomeFen: 100, basis: '入户核对' }
  await ledger.done(province, `${path}/income`, income)

  t.same(await typesFor(former), [...before, 'CaseMoved'], 'and nothing of what came after')
  t.same(await typesFor(former, ''), [...before, 'CaseMoved'], 'also without its stream')
  const all = [...before, 'CaseMoved', 'BenefitAdjusted', 'IncomeAssessed']
  for (const by of [now, province]) t.same(await typesFor(by), all)
})
