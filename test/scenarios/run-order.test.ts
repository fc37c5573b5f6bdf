import t from 'tap'
import { startHttpLedger } from '../support/http-ledger.js'
import {
  allocate,
  amountsOf,
  answerAll,
  household,
  openRun,
  paidFor,
  payMonth,
  runBody,
  submitRun,
} from './office.js'

const programme = 'urban-dibao'

t.test('a month whose run is late or rejected is paid once, whatever opens after it', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const { caseId } = await household(ledger, { name: '周城' })
  await allocate(ledger, { amountFen: 50_000_000 })
  await ledger.advanceTo('2012-01-05')
  const step = (runId: string, what: string, body: object = {}) =>
    ledger.done('approver', `POST /v1/runs/${runId}/${what}`, body)
  const release = (runId: string) => step(runId, 'release', { layout: 'delimited-utf8' })
  const rejected = (runId: string) => step(runId, 'rejection', { reason: '名单有误' })
  const only = async (runId: string) => (await amountsOf(ledger, runId)).get(caseId)
  const refusedAt = (period: string) =>
    ledger.refused('payment-officer', 'POST /v1/runs', { body: runBody({ period }) })

  const january = await submitRun(ledger, { period: '2012-01' })
  await ledger.advanceTo('2012-02-03')
  const monthFen = Number((await only(january))?.[0])
  t.ok(monthFen > 0)

  await t.test('a later run opens only when the earlier one is prepared', async (t) => {
    const opened = await openRun(ledger, { period: '2012-02' })
    t.match(await refusedAt('2012-03'), { status: 409, code: 'earlier-run-unsettled' })
    await rejected(opened)
  })

  const february = await submitRun(ledger, { period: '2012-02' })
  t.strictSame(await only(february), [monthFen, '2012-02'], 'January is in the run before it')

  await t.test('the earlier one is rejected and opened again beside the later one', async (t) => {
    await step(january, 'approval')
    await rejected(january)
    await step(february, 'approval')
    await release(february)
    const again = await payMonth(ledger, { period: '2012-01' })
    t.strictSame(await only(again), [monthFen, '2012-01'])
    await answerAll(ledger, february)
    for (const month of ['2012-01', '2012-02'])
      t.equal(await paidFor(ledger, programme, month), monthFen)
  })

  await t.test(
    'a later one that may hold the month says which it is, and what to do',
    async (t) => {
      await ledger.advanceTo('2012-04-03')
      const april = await submitRun(ledger, { period: '2012-04' })
      t.strictSame(await only(april), [monthFen * 2, '2012-03、2012-04'])
      t.match(await refusedAt('2012-03'), {
        status: 409,
        code: 'later-run-undecided',
        facts: { runId: april, period: '2012-04', asked: '2012-03', number: 1 },
        detail: /^2012-04 的批次 .*可能已编入 2012-03 的款项且尚未放款；请先放款该批次.*退回/,
        detailEn: /may hold the money of 2012-03 and is not released; release it.*or reject it/,
      })
      await rejected(april)
      const march = await submitRun(ledger, { period: '2012-03' })
      t.strictSame(await only(march), [monthFen, '2012-03'])

      await t.test('and so does one behind it, once the month was rejected', async (t) => {
        const second = await submitRun(ledger, { period: '2012-04' })
        t.strictSame(await only(second), [monthFen, '2012-04'])
        await rejected(march)
        await rejected(second)
        const third = await submitRun(ledger, { period: '2012-04' })
        t.strictSame(await only(third), [monthFen * 2, '2012-03、2012-04'])
        t.match(await refusedAt('2012-03'), { facts: { runId: third, number: 3 } })
        await step(third, 'approval')
        await release(third)
        const rest = await submitRun(ledger, { period: '2012-03' })
        t.strictSame(await amountsOf(ledger, rest), new Map(), 'what is sent is not sent again')
        await answerAll(ledger, third)
        t.equal(await paidFor(ledger, programme, '2012-03'), monthFen)
      })
    },
  )
})
