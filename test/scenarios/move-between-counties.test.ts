import t from 'tap'
import {
  type HttpLedger,
  numberIn,
  policyOfCounty,
  startHttpLedger,
  textIn,
} from '../support/http-ledger.js'
import type { Person } from '../support/issuing.js'
import { handsOfProvince } from '../support/two-hands.js'
import { household, runBody } from './office.js'

const formerCounty = '990301000000'
const newCounty = '990201000000'
const newStreet = '990201001001'

// A standard of 350.00 in the former county and of 420.00 in the new one; nobody earns anything.

t.test('a case that moves between counties is paid once, whoever opens first', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const province = await ledger.issue({
    actor: 'province-1',
    roles: ['payment-officer', 'clerk', 'administrator'],
    division: '990000000000',
  })
  await ledger.importPolicy(await policyOfCounty('p3'), await handsOfProvince(ledger))
  const office = { ledger, province }

  await t.test('the former county opened before the move was known', async (t) => {
    const { caseId } = await household(ledger, { name: '张迁' })
    const former = await opened(office, { division: formerCounty, period: '2012-01' })
    await move(office, caseId, '2012-01')
    const later = await opened(office, { division: newCounty, period: '2012-01' })
    // The later one is prepared first: what it sees does not depend on who is quicker.
    await prepared(office, later)
    await prepared(office, former)
    t.strictSame(await paid(office, former, caseId), [['2012-01', 35_000, null]])
    t.strictSame(await paid(office, later, caseId), [['2012-01', 42_000, 'other-county-run-open']])
    const next = await opened(office, { division: newCounty, period: '2012-02' })
    await prepared(office, next)
    const both = '2012-01、2012-02'
    t.strictSame(await paid(office, next, caseId), [[both, 49_000, null]], '420 and 70 are due')
  })

  await t.test('the new county opened before the run of an earlier month', async (t) => {
    const { caseId } = await household(ledger, { name: '李迁' })
    await move(office, caseId, '2012-04')
    const explained = `/v1/cases/${caseId}/explanation?month=`
    t.match(await ledger.read(province, `${explained}2012-03`), { amountFen: 35_000 })
    t.match(await ledger.read(province, `${explained}2012-04`), {
      amountFen: 42_000,
      workings: { standards: [{ monthlyFen: 42_000 }] },
    })
    const ahead = await opened(office, { division: newCounty, period: '2012-04' })
    const late = await opened(office, { division: formerCounty, period: '2012-03' })
    await prepared(office, late)
    await prepared(office, ahead)
    const months = '2012-01、2012-02、2012-03'
    t.strictSame(await paid(office, late, caseId), [[months, 105_000, 'other-county-run-open']])
    t.strictSame(await paid(office, ahead, caseId), [[`${months}、2012-04`, 147_000, null]])
  })

  await t.test('what was prepared in time is known, and what was rejected is due', async (t) => {
    const { caseId } = await household(ledger, { name: '王迁' })
    const former = await opened(office, { division: formerCounty, period: '2012-05' })
    await move(office, caseId, '2012-05')
    await prepared(office, former)
    const known = await opened(office, { division: newCounty, period: '2012-05' })
    await prepared(office, known)
    t.strictSame(await paid(office, known, caseId), [['2012-05', 7_000, null]])
    const reject = `POST /v1/runs/${former}/rejection`
    await ledger.done('approver', reject, { reason: '重做' })
    const next = await opened(office, { division: newCounty, period: '2012-06' })
    await prepared(office, next)
    const months = '2012-01、2012-02、2012-03、2012-04、2012-05、2012-06'
    t.strictSame(await paid(office, next, caseId), [[months, 217_000, null]])
  })
})

interface Office {
  readonly ledger: HttpLedger
  readonly province: Person
}

async function opened(
  { ledger, province }: Office,
  wish: { readonly division: string; readonly period: string },
): Promise<string> {
  await ledger.reach(`${wish.period}-03`)
  return textIn(await ledger.done(province, 'POST /v1/runs', runBody(wish)), 'runId')
}

async function prepared({ ledger, province }: Office, runId: string): Promise<void> {
  await ledger.done(province, `POST /v1/runs/${runId}/preparation`)
}

async function move({ ledger, province }: Office, caseId: string, from: string): Promise<void> {
  const body = { from, division: newStreet, urbanRural: 'urban', reason: '迁居' }
  await ledger.done(province, `POST /v1/cases/${caseId}/move`, body)
}

/** Of one case in a run: its months, its amount, and why it is held. */
async function paid({ ledger, province }: Office, runId: string, caseId: string) {
  const lines = await ledger.rows(province, `/v1/runs/${runId}/lines`)
  return lines
    .filter((line) => line['caseId'] === caseId)
    .map((line) => [line['months'], numberIn(line, 'amountFen'), line['heldFor']])
}
