import t from 'tap'
import { county, type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import { byTwo } from '../support/two-hands.js'
import { allocate, household, paper, payMonth, submitRun } from './office.js'

const programmes = ['urban-dibao']

/** 24 yuan for May by document, to whoever is on the roll of May. */
const mayLink = {
  decisionId: 'price-2012-05',
  from: '2012-05',
  to: '2012-05',
  division: county,
  method: { kind: 'fixed-monthly', amountFen: 2_400 },
  basis: { kind: 'document' },
  programmes,
  reference: 'month-by-month',
  document: paper,
}

async function subsidyOwed(ledger: HttpLedger) {
  const of = `division=${county}&programme=urban-dibao&month=2012-05`
  const rows = await ledger.rows('auditor', `/v1/totals/owed?${of}`)
  return rows.filter(({ component }) => component === 'price-subsidy')
}

t.test('a subsidy of a month that an exit or a death takes away comes back', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  await household(ledger, { name: '甲在', account: '62220001' })
  const dead = await household(ledger, { name: '乙故', account: '62220002' })
  const gone = await household(ledger, { name: '丙退', account: '62220003' })
  await ledger.advanceTo('2012-05-10')
  const hands = { prepares: 'reviewer', writes: 'approver' } as const
  const body = mayLink
  t.match(await byTwo(ledger, { request: 'POST /v1/price-links', body, hands }), { changed: 3 })
  await payMonth(ledger, { period: '2012-05', kind: 'price-subsidy' })
  t.match(await subsidyOwed(ledger), [{ amountFen: 7_200 }])

  await ledger.advanceTo('2012-06-05')
  const death = { diedOn: '2012-04-20', source: '家属' }
  const { personId } = dead.head
  const died = await ledger.done('clerk', `POST /v1/persons/${personId}/death`, death)
  t.match(died, { consequences: [{ caseId: dead.caseId, kind: 'decided' }] })
  const exit = { lastMonth: '2012-04', reason: '收入超标' }
  await ledger.done('approver', `POST /v1/cases/${gone.caseId}/exit`, exit)

  await t.test('it is owed no longer, and the explanation says why', async (t) => {
    t.match(await subsidyOwed(ledger), [{ amountFen: 2_400 }], 'of three one is left')
    const path = `/v1/cases/${gone.caseId}/explanation?month=2012-05`
    t.match(await ledger.read('auditor', path), {
      onRoll: false,
      amountFen: 0,
      supplements: [],
      supplementsLapsed: [{ type: 'SupplementGranted', data: { amountFen: 2_400 } }],
    })
  })

  await t.test('the next run finds what was paid of it', async (t) => {
    const runId = await submitRun(ledger, { period: '2012-06' })
    await ledger.done('approver', `POST /v1/runs/${runId}/approval`)
    for (const { caseId } of [dead, gone])
      t.match(await ledger.read('payment-officer', `/v1/recoveries/${caseId}`), {
        outstandingFen: 2_400,
        months: [{ monthFor: '2012-05', outstandingFen: 2_400 }],
      })
  })
})
