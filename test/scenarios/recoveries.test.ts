import t from 'tap'
import { county, numberIn, startHttpLedger } from '../support/http-ledger.js'
import { allocate, amountsOf, household, releaseRun, reviewCase } from './office.js'

t.test('what was overpaid comes back, or is given up by two persons', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  await household(ledger, { name: '张在' })
  const { caseId } = await household(ledger, { name: '李退', account: '62220002' })
  const of = `/v1/recoveries/${caseId}`
  for (const period of ['2012-01', '2012-02']) {
    await ledger.advanceTo(`${period}-05`)
    await releaseRun(ledger, { period })
  }
  const exit = { lastMonth: '2011-12', reason: '收入超标' }
  await ledger.done('approver', `POST /v1/cases/${caseId}/exit`, exit)
  await ledger.advanceTo('2012-03-05')

  await t.test('nothing is asked back before a run has found it', async (t) => {
    t.match(await ledger.read('payment-officer', of), { outstandingFen: 0, history: [] })
    const body = { instalmentFen: 10_000, note: '按月归还' }
    const early = await ledger.refused('payment-officer', `POST ${of}/agreement`, { body })
    t.match(early, { status: 409, code: 'recovery-not-open' })
    await releaseRun(ledger, { period: '2012-03' })
    t.match(await ledger.read('payment-officer', of), {
      outstandingFen: 70_000,
      months: [
        { monthFor: '2012-01', outstandingFen: 35_000 },
        { monthFor: '2012-02', outstandingFen: 35_000 },
      ],
    })
  })

  await t.test('instalments are agreed, and repayments recorded once by receipt', async (t) => {
    const agreed = { instalmentFen: 10_000, note: '按月归还' }
    await ledger.done('payment-officer', `POST ${of}/agreement`, agreed)
    const repaid = { receivedOn: '2012-03-05', amountFen: 40_000, receipt: '收-001' }
    const post = `POST ${of}/repayments`
    t.match(await ledger.done('payment-officer', post, repaid), { events: ['RepaymentReceived'] })
    t.match(await ledger.done('payment-officer', post, repaid), { changed: false })
    const refused = async (over: object, code: string) =>
      t.match(await ledger.refused('payment-officer', post, { body: { ...repaid, ...over } }), {
        code,
      })
    await refused({ amountFen: 1 }, 'receipt-already-recorded')
    await refused({ receipt: '收-002' }, 'repayment-exceeds-recovery')
    await refused({ receipt: '收-002', receivedOn: '2012-03-06' }, 'fact-in-future')
    const early = { receipt: '收-002', amountFen: 1, receivedOn: '2011-04-10' }
    await refused(early, 'repayment-before-payment')
    const much = { body: { instalmentFen: 30_001, note: '一次还清' } }
    t.match(await ledger.refused('payment-officer', `POST ${of}/agreement`, much), {
      code: 'instalment-exceeds-recovery',
      detail: /每期还款 300\.01 元/,
    })
    await refused({ receipt: '收-002', amountFen: 0 }, 'request-invalid')
    t.match(await ledger.read('auditor', of), {
      outstandingFen: 30_000,
      instalmentFen: 10_000,
      months: [
        { monthFor: '2012-01', repaidFen: 35_000, outstandingFen: 0 },
        { monthFor: '2012-02', repaidFen: 5_000, outstandingFen: 30_000 },
      ],
      history: [
        { type: 'OverpaymentFound' },
        { type: 'RecoveryAgreed', actor: 'payment-officer-1' },
        { type: 'RepaymentReceived', data: { receipt: '收-001' } },
      ],
    })
  })

  await t.test('each hand does its own, in its own place', async (t) => {
    const body = { amountFen: 30_000, reason: '无力偿还' }
    const agreement = { instalmentFen: 5_000, note: '改期' }
    const both = await ledger.issue({ actor: 'both-1', roles: ['payment-officer', 'approver'] })
    const far = await ledger.issue({
      actor: 'far-1',
      roles: ['payment-officer', 'approver'],
      division: '990201000000',
    })
    for (const by of ['payment-officer', 'clerk', 'auditor'] as const)
      t.match(await ledger.refused(by, `POST ${of}/write-offs`, { body }), { status: 403 })
    for (const by of ['approver', 'clerk', 'auditor'] as const)
      t.match(await ledger.refused(by, `POST ${of}/agreement`, { body: agreement }), {
        status: 403,
      })
    for (const request of [`POST ${of}/write-offs`, `GET ${of}`])
      t.match(await ledger.refused(far, request, request.startsWith('GET') ? {} : { body }), {
        code: 'division-outside-scope',
      })
    t.match(await ledger.refused('statistician', `GET ${of}`), { status: 403 })
    const propose = `POST ${of}/write-off-proposal`
    const refused = async (by: typeof both | 'approver', code: string) =>
      t.match(await ledger.refused(by, `POST ${of}/write-offs`, { body }), { code })
    await refused('approver', 'write-off-not-proposed')
    for (const by of ['clerk', 'auditor'] as const)
      t.match(await ledger.refused(by, propose, { body }), { status: 403 })
    await ledger.done(both, propose, body)
    t.match(await ledger.done(both, propose, body), { changed: false })
    t.match(await ledger.read('auditor', of), { proposedWriteOff: { ...body, by: 'both-1' } })
    await refused(both, 'same-person-proposes-and-writes-off')
    await ledger.done(both, `POST ${of}/agreement`, agreement)
    t.match(await ledger.refused('payment-officer', propose, { body }), {
      code: 'write-off-already-proposed',
      detail: /both-1 已提出核销 300\.00 元/,
    })
    const exceeding = { body: { ...body, amountFen: 30_001 } }
    t.match(await ledger.refused(both, propose, exceeding), {
      code: 'write-off-exceeds-recovery',
      detail: /核销 300\.01 元/,
    })
    await ledger.done('payment-officer', propose, { ...body, replacesBy: 'both-1' })
    await refused(both, 'same-person-agrees-and-writes-off')
    t.match(await ledger.done('approver', `POST ${of}/write-offs`, body), {
      events: ['RecoveryWrittenOff', 'RecoveryClosed'],
    })
    t.match(await ledger.read('auditor', of), { outstandingFen: 0, recoveryId: null })
    t.match(await ledger.read('auditor', of), { proposedWriteOff: null })
  })

  await t.test('what came back has a list and a total of its own', async (t) => {
    const march = `division=${county}&programme=urban-dibao&month=2012-03`
    t.same(await ledger.rows('auditor', `/v1/recoveries?${march}`), [])
    const settled = { caseId, foundFen: 70_000, repaidFen: 40_000, writtenOffFen: 30_000 }
    for (const standing of ['settled', 'all'])
      t.match(await ledger.rows('auditor', `/v1/recoveries?${march}&standing=${standing}`), [
        { ...settled, outstandingFen: 0 },
      ])
    const kinds = async (question: string) =>
      (await ledger.rows('statistician', `/v1/totals/recovered?${question}`)).map((row) => [
        row['kind'],
        row['amountFen'],
        row['previousFen'],
        row['cumulativeFen'],
      ])
    t.same(await kinds(march), [
      ['found', 70_000, 0, 70_000],
      ['repaid', 40_000, 0, 40_000],
      ['written-off', 30_000, 0, 30_000],
    ])
    t.same(await kinds(march.replace('2012-03', '2012-04')), [
      ['found', 0, 70_000, 70_000],
      ['repaid', 0, 40_000, 40_000],
      ['written-off', 0, 30_000, 30_000],
    ])
    t.same(await kinds(march.replace('urban', 'rural')), [])
    const list = `GET /v1/totals/recovered?${march}&format=csv`
    t.match((await ledger.call('auditor', list)).text, /收回,400\.00/)
  })

  await t.test('taken back, the exit gives back what was repaid, and nothing else', async (t) => {
    const version = numberIn(await ledger.read('auditor', `/v1/cases/${caseId}`), 'version')
    await reviewCase(ledger, caseId, '2012-03-04')
    await ledger.done('approver', `POST /v1/cases/${caseId}/retraction`, {
      retractedOn: '2012-03-05',
      retractsVersion: version,
      reason: '误录',
    })
    await ledger.advanceTo('2012-04-05')
    const april = await releaseRun(ledger, { period: '2012-04' })
    t.strictSame((await amountsOf(ledger, april)).get(caseId), [
      110_000,
      '2012-01、2012-02、2012-03、2012-04',
    ])
    const asked = `division=${county}&programme=urban-dibao&month=2012-04`
    const figure = await ledger.read('auditor', `/v1/totals/per-capita?${asked}`)
    t.match(figure, { paidFen: 105_000, components: [{ component: 'base', amountFen: 105_000 }] })
  })
})
