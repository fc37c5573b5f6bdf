import t from 'tap'
import { startHttpLedger } from '../support/http-ledger.js'
import { assessIncome, household, joining, openCase, recordSteps, register } from './office.js'

import { wrongCases } from './wrong-cases.js'
import { wrongDecisions, wrongMonths, wrongPeople, wrongPlaces } from './wrong-facts.js'
import { wrongAmounts, wrongFiles, wrongRights } from './wrong-files.js'

t.test('bad input is refused, told, and leaves nothing behind', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const { caseId, head } = await household(ledger, { name: '郑在册' })
  const cased = `/v1/cases/${caseId}`
  const stranger = await register(ledger, { name: '冯二', bornOn: '1971-07-07' })
  const early = await openCase(ledger, { openedOn: '2010-05-01' })
  const member = joining(stranger, { from: '2010-06', head: true })
  await ledger.done('clerk', `POST /v1/cases/${early}/members`, member)
  await assessIncome(ledger, early, { from: '2010-06', monthlyIncomeFen: 0 })
  await recordSteps(ledger, early, { on: '2010-05-10' })
  const other = await openCase(ledger, { openedOn: '2012-01-05' })
  const townClerk = await ledger.issue({
    actor: 'town-clerk',
    roles: ['clerk', 'approver', 'administrator'],
    division: '990301100000',
  })

  for (const wrong of [
    ...wrongPeople(),
    ...wrongPlaces(cased),
    ...wrongCases(),
    ...wrongMonths(cased, early),
    ...wrongDecisions(cased, { head, other }),
    ...wrongAmounts(cased),
    ...wrongFiles(),
    ...wrongRights(cased, townClerk),
  ])
    await t.test(wrong.what, async (t) => {
      const before = await ledger.head()
      const refusal = await ledger.refused(wrong.by, wrong.request, wrong.options)
      t.match(refusal, wrong.told)
      const said = [refusal, ...(refusal.errors ?? [])].map((one) => one.detail).join('\n')
      t.match(said, wrong.names)
      t.match(refusal.detail, /；|须/, 'says what to do')
      t.match(refusal.detailEn, /[a-z].*\.$/)
      if (wrong.field !== undefined)
        t.ok(
          refusal.errors?.some((fault) => fault.field === wrong.field),
          `${wrong.field} in ${JSON.stringify(refusal.errors)}`,
        )
      t.equal(await ledger.head(), before, 'nothing is half-written')
    })

  await t.test('a key that was used for something else', async (t) => {
    const key = 'key-of-an-income'
    const body = { from: '2012-03', monthlyIncomeFen: 100, basis: '核对' }
    const first = await ledger.call('clerk', `POST ${cased}/income`, { body, key })
    const again = await ledger.call('clerk', `POST ${cased}/income`, { body, key })
    t.equal(again.text, first.text)
    t.equal(again.headers.get('idempotency-replayed'), 'true')
    const before = await ledger.head()
    const changed = { body: { ...body, monthlyIncomeFen: 200 }, key }
    const refusal = await ledger.refused('clerk', `POST ${cased}/income`, changed)
    t.match(refusal, { status: 422, code: 'idempotency-key-reused', detail: /键/ })
    const elsewhere = await ledger.refused('clerk', `POST /v1/cases/${early}/income`, { body, key })
    t.equal(elsewhere.code, 'idempotency-key-reused')
    t.equal(await ledger.head(), before)
  })

  await t.test('a page that somebody else has changed since', async (t) => {
    const seen = (await ledger.call('clerk', `GET ${cased}`)).headers.get('etag') ?? ''
    await assessIncome(ledger, caseId, { from: '2012-04', monthlyIncomeFen: 300 })
    const before = await ledger.head()
    const body = { from: '2012-04', monthlyIncomeFen: 400, basis: '核对' }
    const headers = { 'if-match': seen }
    const refusal = await ledger.refused('clerk', `POST ${cased}/income`, { body, headers })
    t.match(refusal, { status: 412, code: 'etag-stale' })
    t.equal(await ledger.head(), before)
    const now = (await ledger.call('clerk', `GET ${cased}`)).headers.get('etag') ?? ''
    const fresh = await ledger.call('clerk', `POST ${cased}/income`, {
      body,
      headers: { 'if-match': now },
    })
    t.equal(fresh.status, 200)
  })
})
