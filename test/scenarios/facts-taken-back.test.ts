import t from 'tap'
import {
  county,
  type HttpLedger,
  numberIn,
  type PolicyFile,
  policyOfCounty,
  startHttpLedger,
} from '../support/http-ledger.js'
import { allocate, amountsOf, household, releaseRun, reviewCase } from './office.js'

/** What was recorded wrongly and is taken back: standard 350.00 a month, nobody earns anything. */

async function withGrace(months: number): Promise<readonly PolicyFile[]> {
  const files = await policyOfCounty()
  return files.map(({ bytes, name }) => ({
    name,
    bytes: Buffer.from(bytes.toString().replaceAll('"graceMonths": 0', `"graceMonths": ${months}`)),
  }))
}

async function owedIn(ledger: HttpLedger, caseId: string, month: string): Promise<number> {
  const asked = `/v1/cases/${caseId}/explanation?month=${month}`
  return numberIn(await ledger.read('auditor', asked), 'amountFen')
}

async function versionOf(ledger: HttpLedger, caseId: string, type: string): Promise<number> {
  const event = (await ledger.eventsAfter(-1)).findLast(
    (one) => one.stream === `case-${caseId}` && one.type === type,
  )
  if (!event) throw new Error(`no ${type} in the case`)
  return event.version
}

t.test('grace that is retracted takes its amounts and its exit along', async (t) => {
  const ledger = await startHttpLedger(t, {
    startsOn: '2011-12-20',
    policy: await withGrace(3),
  })
  await allocate(ledger, { amountFen: 100_000_000 })
  const { caseId } = await household(ledger, { name: '赵渐' })
  for (const period of ['2012-01', '2012-02']) {
    await ledger.advanceTo(`${period}-05`)
    await releaseRun(ledger, { period })
  }
  await reviewCase(ledger, caseId, '2012-02-05')
  const grace = { from: '2012-03', reason: '超标' }
  t.match(await ledger.done('approver', `POST /v1/cases/${caseId}/grace`, grace), {
    events: ['GracePeriodStarted', 'BenefitAdjusted', 'ExitApproved'],
  })
  for (const period of ['2012-03', '2012-04', '2012-05']) {
    await ledger.advanceTo(`${period}-05`)
    await releaseRun(ledger, { period })
  }
  t.equal(await owedIn(ledger, caseId, '2012-06'), 0)

  await reviewCase(ledger, caseId, '2012-05-05')
  const retraction = {
    retractedOn: '2012-05-05',
    retractsVersion: await versionOf(ledger, caseId, 'GracePeriodStarted'),
    reason: '误录',
  }
  const retract = `POST /v1/cases/${caseId}/retraction`
  t.match(await ledger.done('approver', retract, retraction), {
    events: ['FactRetracted', 'FactRetracted', 'FactRetracted'],
  })
  t.match(await ledger.done('approver', retract, retraction), { changed: false })
  for (const month of ['2012-03', '2012-05', '2012-06'])
    t.equal(await owedIn(ledger, caseId, month), 35_000, month)
  const span = `division=${county}&programme=urban-dibao&from=2012-06&to=2012-06`
  t.match(await ledger.read('statistician', `/v1/movements?${span}`), {
    opening: { households: 1 },
    exit: { households: 0, persons: 0 },
    closing: { households: 1 },
  })

  await ledger.advanceTo('2012-06-05')
  const run = await releaseRun(ledger, { period: '2012-06' })
  t.strictSame([...(await amountsOf(ledger, run))], [[caseId, [35_000, '2012-06']]])
  t.match(await ledger.read('payment-officer', `/v1/recoveries/${caseId}`), {
    outstandingFen: 0,
    history: [],
  })
})
