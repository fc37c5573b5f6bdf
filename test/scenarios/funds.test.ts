import t from 'tap'
import { county, type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import {
  allocate,
  amountsOf,
  answer,
  household,
  releaseRun,
  setAccount,
  submitRun,
} from './office.js'

const fundsOf = async (ledger: HttpLedger) =>
  (await ledger.rows('payment-officer', `/v1/funds?county=${county}`)).map((row) => [
    row['amountFen'],
    row['reservedFen'],
    row['spentFen'],
    row['leftFen'],
  ])

t.test('money that a bank brings back is there for the next run', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 70_000 + 35_000 })
  await household(ledger, { name: '张全' })
  const second = await household(ledger, { name: '赵二', account: '62220002' })
  await ledger.advanceTo('2012-01-05')
  t.same(await fundsOf(ledger), [[105_000, 0, 0, 105_000]])

  const runId = await releaseRun(ledger, { period: '2012-01' })
  t.same(await fundsOf(ledger), [[105_000, 0, 70_000, 35_000]])
  const rows = await ledger.rows('payment-officer', `/v1/runs/${runId}/lines`)
  const lineOf = (caseId: string) => Number(rows.find((row) => row['caseId'] === caseId)?.['line'])
  const line = lineOf(second.caseId)
  await answer(ledger, runId, [[line, '退票', '0.00', '账号错误']])
  t.same(await fundsOf(ledger), [[105_000, 0, 35_000, 70_000]])

  await t.test('the same file again brings nothing back twice', async (t) => {
    const head = await ledger.head()
    await answer(ledger, runId, [[line, '退票', '0.00', '账号错误']])
    t.equal(await ledger.head(), head)
  })

  await t.test('the next run pays out of it, and what is missing is told', async (t) => {
    await ledger.advanceTo('2012-02-05')
    await setAccount(ledger, second.head, '62220003')
    const next = await submitRun(ledger, { period: '2012-02' })
    t.same(
      [...(await amountsOf(ledger, next)).values()],
      [
        [35_000, '2012-02'],
        [70_000, '2012-01、2012-02'],
      ],
    )
    await ledger.done('approver', `POST /v1/runs/${next}/approval`)
    const release = `POST /v1/runs/${next}/release`
    const body = { layout: 'delimited-utf8' }
    const refusal = await ledger.refused('approver', release, { body })
    t.match(refusal, { code: 'funds-insufficient', facts: { missingFen: 35_000 } })
    await allocate(ledger, { amountFen: 35_000 })
    await ledger.done('approver', release, body)
    t.same(await fundsOf(ledger), [
      [105_000, 0, 105_000, 0],
      [35_000, 0, 35_000, 0],
    ])
  })

  await t.test('as a file it has Chinese names', async (t) => {
    const path = `GET /v1/funds?county=${county}&format=csv`
    const { text } = await ledger.call('payment-officer', path)
    t.match(text, /可用项目.*余额（元）/)
    t.match(text, /城市居民最低生活保障.*1050\.00.*0\.00/)
  })
})
