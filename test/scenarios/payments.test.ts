import t from 'tap'
import { county, numberIn, startHttpLedger } from '../support/http-ledger.js'
import {
  allocate,
  amountsOf,
  answer,
  answerAll,
  assessIncome,
  confirmChange,
  household,
  linesOf,
  paidFor,
  releaseRun,
  setAccount,
  submitRun,
} from './office.js'

const recoveries = `/v1/recoveries?division=${county}&month=2012-06&programme=urban-dibao`

t.test('months are paid once, whatever becomes known when', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  const whole = await household(ledger, { name: '张全' })
  const some = await household(ledger, { name: '赵半', incomeFen: 10_000, account: '62220002' })
  const third = await household(ledger, { name: '孙三', incomeFen: 5_000, account: '62220003' })
  const months = ['2012-01', '2012-02', '2012-03', '2012-04', '2012-05']
  const runs: string[] = []

  await t.test('five months without one answer of the bank', async (t) => {
    for (const period of months) {
      await ledger.advanceTo(`${period}-05`)
      const runId = await releaseRun(ledger, { period })
      runs.push(runId)
      t.strictSame(
        await amountsOf(ledger, runId),
        new Map([
          [whole.caseId, [35_000, period]],
          [some.caseId, [25_000, period]],
          [third.caseId, [30_000, period]],
        ]),
      )
    }
  })

  let june = ''
  await t.test('what is learned late is arrears, or a recovery', async (t) => {
    await ledger.advanceTo('2012-06-04')
    await assessIncome(ledger, some.caseId, { from: '2012-03', monthlyIncomeFen: 0 })
    await confirmChange(ledger, some.caseId, { from: '2012-03', kind: 'income', note: '失业' })
    const exit = { lastMonth: '2012-03', reason: '收入超标' }
    await ledger.done('approver', `POST /v1/cases/${third.caseId}/exit`, exit)
    june = await submitRun(ledger, { period: '2012-06' })
    t.strictSame(
      await amountsOf(ledger, june),
      new Map([
        [whole.caseId, [35_000, '2012-06']],
        [some.caseId, [65_000, '2012-03、2012-04、2012-05、2012-06']],
      ]),
    )
    t.same(await ledger.rows('auditor', recoveries), [], 'nothing is found before the approval')
    await ledger.done('approver', `POST /v1/runs/${june}/approval`)
    const found = { caseId: third.caseId, foundFen: 60_000, outstandingFen: 60_000 }
    t.match(await ledger.rows('auditor', recoveries), [found])
    await ledger.done('approver', `POST /v1/runs/${june}/release`, { layout: 'delimited-utf8' })
  })

  await t.test('a returned line is due again, with the account put right', async (t) => {
    const lines = await linesOf(ledger, june)
    const lineOf = (caseId: string) =>
      lines.filter((line) => line['caseId'] === caseId).map((line) => numberIn(line, 'line'))[0] ??
      0
    const returned = lineOf(some.caseId)
    const rows = [
      [lineOf(whole.caseId), '成功', '350.00', ''],
      [returned, '退票', '0.00', '账号户名不符'],
      [99, '成功', '1.00', ''],
    ] as const
    const report = { credited: 1, creditedFen: 35_000, returned: 1, returnedFen: 65_000 }
    t.match(await answer(ledger, june, rows), {
      ...report,
      unknown: 1,
      unknownRows: [{ line: 99 }],
    })
    const head = await ledger.head()
    t.match(await answer(ledger, june, rows), report, 'the file a second time')
    t.equal(await ledger.head(), head)
    const late = await answer(ledger, june, [[lineOf(whole.caseId), '成功', '350.00', '']])
    t.match(late, { credited: 0, duplicates: 1 })
    t.match(await ledger.rows('payment-officer', `/v1/runs/${june}/lines?outcome=returned`), [
      { caseId: some.caseId, reason: '账号户名不符' },
    ])

    await ledger.advanceTo('2012-07-04')
    await setAccount(ledger, some.head, '622200009999')
    const july = await releaseRun(ledger, { period: '2012-07' })
    t.strictSame((await amountsOf(ledger, july)).get(some.caseId), [
      100_000,
      '2012-03、2012-04、2012-05、2012-06、2012-07',
    ])
    const file = await ledger.call('payment-officer', `GET /v1/runs/${july}/bank-file`)
    t.match(file.text, /赵半\|622200009999\|示例银行\|1000\.00\|/)
    await answerAll(ledger, july)
    t.match(await ledger.rows('auditor', recoveries), [{ foundFen: 60_000 }], 'found once')

    await ledger.advanceTo('2012-08-03')
    const august = await releaseRun(ledger, { period: '2012-08' })
    t.strictSame((await amountsOf(ledger, august)).get(some.caseId), [35_000, '2012-08'])
  })

  await t.test('the bank answers at last, and every month was paid what it owes', async (t) => {
    for (const runId of runs) await answerAll(ledger, runId)
    for (const runId of [...runs, june])
      await ledger.done('payment-officer', `POST /v1/runs/${runId}/closing`)
    const january = await ledger.read('auditor', `/v1/runs/${runs[0]}`)
    t.match(january, {
      status: 'closed',
      creditedFen: 90_000,
      decisions: { closed: { differences: [] } },
    })
    t.equal(await paidFor(ledger, 'urban-dibao', '2012-02'), 90_000)
    t.equal(await paidFor(ledger, 'urban-dibao', '2012-03'), 100_000)
    t.equal(await paidFor(ledger, 'urban-dibao', '2012-05'), 100_000, 'with 300 to be recovered')
    t.equal(await paidFor(ledger, 'urban-dibao', '2012-06'), 70_000)
  })
})
