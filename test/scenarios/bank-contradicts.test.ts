import t from 'tap'
import { numberIn, type Result, startHttpLedger, textIn } from '../support/http-ledger.js'
import {
  allocate,
  amountsOf,
  answer,
  answerAll,
  type BankRow,
  household,
  linesOf,
  releaseRun,
} from './office.js'

t.test('a bank that says two things of one line', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  const cases: string[] = []
  for (const [name, account] of [
    ['张一', '62220001'],
    ['李二', '62220002'],
    ['王三', '62220003'],
    ['赵四', '62220004'],
  ] as const)
    cases.push((await household(ledger, { name, account })).caseId)
  await ledger.advanceTo('2012-01-05')
  const january = await releaseRun(ledger, { period: '2012-01' })
  const lines = await linesOf(ledger, january)
  const at = (caseId: string | undefined) =>
    lines.filter((line) => line['caseId'] === caseId).map((line) => numberIn(line, 'line'))[0] ?? 0
  const [first, second, third, fourth] = cases.map(at)
  const row = (line: number | undefined, outcome: string, yuan: string): BankRow => [
    line ?? 0,
    outcome,
    yuan,
    '',
  ]
  const contradictionsIn = (report: Result) => report['contradictionRows']

  await t.test('the first file: a return, a credit, a part', async (t) => {
    const rows = [
      row(first, '退票', '0.00'),
      row(second, '成功', '350.00'),
      row(third, '部分', '200.00'),
      row(fourth, '退票', '123.45'),
    ]
    const report = await answer(ledger, january, rows)
    t.match(report, { credited: 1, returned: 2, unknown: 1, contradictions: 0 })
    t.match(report['unknownRows'], [
      { row: 5, line: fourth, why: 'amount-differs', whyZh: /金额与发放明细不符/ },
    ])
    await answer(ledger, january, [row(fourth, '退票', '350.00')])
  })

  await t.test('the later file that says otherwise is told row by row', async (t) => {
    const rows = [
      row(first, '成功', '350.00'),
      row(second, '部分', '100.00'),
      row(third, '成功', '350.00'),
      row(fourth, '退票', ''),
    ]
    const report = await answer(ledger, january, rows)
    t.match(report, { credited: 0, returned: 0, duplicates: 1, contradictions: 3 })
    t.match(contradictionsIn(report), [
      { row: 2, line: first, recorded: 'returned', says: 'credited', saysFen: 35_000 },
      { row: 3, line: second, recorded: 'credited', says: 'partial', counts: 'recorded' },
      { row: 4, line: third, recordedFen: 20_000, says: 'credited', counts: 'file' },
    ])
    t.match(await answer(ledger, january, rows), report, 'the same file tells the same')
    const contradicted = await ledger.rows(
      'payment-officer',
      `/v1/runs/${january}/lines?contradicted=true`,
    )
    t.same(
      contradicted.map((line) => [line['line'], line['outcome'], line['creditedFen']]),
      [
        [first, 'credited', 35_000],
        [second, 'credited', 35_000],
        [third, 'credited', 35_000],
      ].sort(),
    )
    const list = await ledger.call(
      'auditor',
      `GET /v1/runs/${january}/lines?format=csv&contradicted=true`,
    )
    t.match(list.text, /缓发原因.*回盘.*到账（元）.*回盘前后不一/)
    t.match(list.text, /成功,350\.00,.*,是/)
  })

  await t.test('the closing says it in Chinese, and the next run pays no line twice', async (t) => {
    const closed = await ledger.done('payment-officer', `POST /v1/runs/${january}/closing`)
    const told = [closed['differences']].flat().map(String)
    t.equal(told.length, 3)
    for (const one of told) t.match(one, /^银行：第 \d 笔银行前后说法不一：先是.*请与银行核实$/)
    await ledger.advanceTo('2012-02-05')
    const february = await releaseRun(ledger, { period: '2012-02' })
    const amounts = await amountsOf(ledger, february)
    t.strictSame(
      cases.map((caseId) => amounts.get(caseId)?.[0]),
      [35_000, 35_000, 35_000, 70_000],
    )
    await answerAll(ledger, february)
  })

  await t.test('the file of another run is refused, and nothing of it recorded', async (t) => {
    await ledger.advanceTo('2012-03-05')
    const march = await releaseRun(ledger, { period: '2012-03' })
    const head = await ledger.head()
    const text = [
      '行号,结果,金额,原因',
      '1,退票,,',
      '2,成功,320.00,',
      '3,退票,400.00,',
      '9,成功,1.00,',
    ]
    const problem = await ledger.refused('payment-officer', `POST /v1/runs/${march}/bank-answers`, {
      body: {
        layout: 'delimited-utf8',
        contentBase64: Buffer.from(text.join('\n')).toString('base64'),
      },
    })
    t.match(problem, { status: 422, code: 'answers-of-another-run', detail: /像是别的批次/ })
    t.equal(await ledger.head(), head)
    t.match(textIn(await ledger.read('auditor', `/v1/runs/${march}`), 'status'), 'released')
  })
})
