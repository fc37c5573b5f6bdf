import t from 'tap'
import { startHttpLedger } from '../support/http-ledger.js'
import { allocate, amountsOf, household, openCase, payMonth, recordSteps } from './office.js'

const both = { programmes: ['rural-dibao', 'urban-dibao'] }

t.test('a household goes on under another case, or stays under its own', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const { caseId } = await household(ledger, { name: '周城' })
  await allocate(ledger, { amountFen: 50_000_000, ...both })
  const into = await openCase(ledger, {
    programme: 'rural-dibao',
    urbanRural: 'rural',
    division: '990301100200',
    openedOn: '2012-01-10',
  })
  await recordSteps(ledger, into, { on: '2012-01-16' })
  await ledger.advanceTo('2012-01-28')
  const body = { into, lastMonth: '2012-01', confirmedOn: '2012-01-27', reason: '转农村低保' }
  const path = `POST /v1/cases/${caseId}/continuation`
  const confirmation = (on: string, passed: boolean) =>
    ledger.done('reviewer', `POST /v1/cases/${into}/steps`, {
      on,
      step: 'confirmation',
      passed,
      note: null,
    })

  await t.test('what is refused ends nothing', async (t) => {
    await confirmation('2012-01-25', false)
    const before = await ledger.head()
    const refusal = await ledger.refused('approver', path, { body })
    t.match(refusal, { status: 409, code: 'verification-step-not-passed' })
    t.equal(await ledger.head(), before)
  })

  await t.test('put right, it goes on, and is paid once a month', async (t) => {
    await confirmation('2012-01-26', true)
    const key = 'one-continuation'
    const first = await ledger.call('approver', path, { body, key })
    t.match(first.json, {
      result: { caseId: into, events: ['MemberJoined', /./, 'EntryApproved', 'BenefitGranted'] },
    })
    const head = await ledger.head()
    t.match((await ledger.call('approver', path, { body, key })).json, first.json)
    t.equal(await ledger.head(), head)
    const january = await payMonth(ledger, { period: '2012-01', ...both })
    t.strictSame([...(await amountsOf(ledger, january)).keys()], [caseId])
    await ledger.advanceTo('2012-02-03')
    const february = await payMonth(ledger, { period: '2012-02', ...both })
    t.strictSame([...(await amountsOf(ledger, february)).keys()], [into])
  })
})
