import t from 'tap'
import { startHttpLedger } from '../support/http-ledger.js'
import {
  allocate,
  joining,
  linesOf,
  openCase,
  paper,
  payMonth,
  register,
  reviewCase,
  setAccount,
} from './office.js'

const programme = 'temporary-aid'

t.test('one-off aid counts the persons it was for, though it has no roll', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2012-01-05' })
  await allocate(ledger, { amountFen: 1_000_000, programmes: [programme] })
  const caseId = await openCase(ledger, { programme, openedOn: '2012-01-05' })
  const cased = `POST /v1/cases/${caseId}`
  const head = await register(ledger, { name: '何一', bornOn: '1960-03-04' })
  await setAccount(ledger, head)
  await ledger.done('clerk', `${cased}/members`, joining(head, { from: '2012-01', head: true }))
  const child = await register(ledger, { name: '何二', bornOn: '2001-03-04' })
  await ledger.done('clerk', `${cased}/members`, joining(child, { from: '2012-01' }))
  const lodger = await register(ledger, { name: '何三', bornOn: '1962-03-04' })
  const outside = joining(lodger, { from: '2012-01', covered: false })
  await ledger.done('clerk', `${cased}/members`, outside)
  await reviewCase(ledger, caseId, '2012-01-05')
  await ledger.done('approver', `${cased}/supplements`, {
    month: '2012-01',
    component: programme,
    measure: 'cash',
    amountFen: 300_000,
    persons: [],
    supplementId: 'fire-1',
    document: paper,
  })
  const left = { lastMonth: '2012-01', personId: child.personId, reason: '外出就学' }
  await ledger.done('clerk', `${cased}/members/leaving`, left)

  await ledger.advanceTo('2012-02-05')
  const run = { period: '2012-02', kind: 'one-off', programmes: [programme] }
  const runId = await payMonth(ledger, run)

  t.match(await linesOf(ledger, runId), [{ caseId, persons: 2, amountFen: 300_000 }])
  const csv = await ledger.call('auditor', `GET /v1/runs/${runId}/summary?format=csv`)
  t.match(csv.text, /临时救助,城市,1,2,3000\.00/)
})
