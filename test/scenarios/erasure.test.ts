import t from 'tap'
import { type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import {
  allocate,
  amountsOf,
  answer,
  changePayee,
  household,
  linesOf,
  newIdentityNumber,
  openRun,
  paper,
  type Registered,
  register,
  releaseRun,
  reviewCase,
  setAccount,
} from './office.js'

const erasureOf = ({ personId }: Pick<Registered, 'personId'>) =>
  `POST /v1/persons/${personId}/erasure`
const body = { reason: '保管期满' }

const erase = (ledger: HttpLedger, person: Pick<Registered, 'personId'>) =>
  ledger.done('administrator', erasureOf(person), body)

const refused = (ledger: HttpLedger, person: Pick<Registered, 'personId'>) =>
  ledger.refused('administrator', erasureOf(person), { body })

const exitOf = (lastMonth: string) => ({ lastMonth, reason: '收入超标' })

async function started(t: Tap) {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  return ledger
}
type Tap = Parameters<typeof startHttpLedger>[0]

const lineOf = async (ledger: HttpLedger, runId: string, caseId: string) =>
  Number((await linesOf(ledger, runId)).find((line) => line['caseId'] === caseId)?.['line'])

t.test('who left the roll is erased when the last line of theirs is paid', async (t) => {
  const ledger = await started(t)
  const { caseId, head } = await household(ledger, { name: '张退' })
  t.match(await refused(ledger, head), { status: 409, code: 'person-still-enrolled' })
  await ledger.done('approver', `POST /v1/cases/${caseId}/exit`, exitOf('2012-01'))
  await ledger.advanceTo('2012-01-05')

  await t.test('not while a month is owed that no run has paid', async (t) => {
    t.match(await refused(ledger, head), {
      status: 409,
      code: 'person-still-owed',
      facts: { caseId, month: '2012-01' },
    })
  })

  await t.test('not while a line is under way, sent or not', async (t) => {
    const runId = await openRun(ledger, { period: '2012-01' })
    await ledger.done('payment-officer', `POST /v1/runs/${runId}/preparation`)
    const unsettled = {
      status: 409,
      code: 'payment-line-unanswered',
      facts: { runId, period: '2012-01', line: await lineOf(ledger, runId, caseId) },
    }
    t.match(await refused(ledger, head), unsettled)
    await ledger.done('payment-officer', `POST /v1/runs/${runId}/submission`)
    await ledger.done('approver', `POST /v1/runs/${runId}/approval`)
    await ledger.done('approver', `POST /v1/runs/${runId}/release`, { layout: 'delimited-utf8' })
    t.match(await refused(ledger, head), unsettled)
    await answer(ledger, runId, [[unsettled.facts.line, '退票', '0.00', '账号错误']])
  })

  await t.test('not while it came back', async (t) => {
    t.match(await refused(ledger, head), {
      code: 'person-still-owed',
      facts: { caseId, month: '2012-01' },
    })
  })

  let paid = ''
  await t.test('but when it was credited, once', async (t) => {
    await ledger.advanceTo('2012-02-03')
    await household(ledger, { name: '钱在', account: '62220009' })
    await ledger.advanceTo('2012-02-05')
    const runId = await releaseRun(ledger, { period: '2012-02' })
    await answer(ledger, runId, [[await lineOf(ledger, runId, caseId), '成功', '350.00', '']])
    t.match(await erase(ledger, head), { changed: true })
    t.match(await erase(ledger, head), { changed: false })
    paid = runId
  })

  await t.test('the sheet of a run that paid them is whole, but for them', async (t) => {
    const path = `GET /v1/runs/${paid}/sheet?format=csv`
    const { status, text } = await ledger.call('auditor', path)
    t.equal(status, 200)
    t.match(text, /已删除.*已删除.*350\.00/)
    t.match(text, /钱在.*62220009/)
    t.notMatch(text, /张退/)
  })

  await t.test(
    'what is owed late to who was erased is held, and the others are paid',
    async (t) => {
      const other = await household(ledger, { name: '李在', account: '62220002' })
      await reviewCase(ledger, caseId, '2012-02-05')
      await ledger.done('approver', `POST /v1/cases/${caseId}/supplements`, {
        month: '2012-01',
        component: 'heating',
        measure: 'cash',
        amountFen: 10_000,
        persons: [],
        supplementId: 'late-1',
        document: paper,
      })
      await ledger.advanceTo('2012-03-05')
      const runId = await releaseRun(ledger, { period: '2012-03' })
      const lines = await linesOf(ledger, runId)
      t.match(
        lines.find((line) => line['caseId'] === caseId),
        { heldFor: 'no-account' },
      )
      t.ok((await amountsOf(ledger, runId)).has(other.caseId))
    },
  )
})

t.test('who receives the money of another is erased when they are no longer asked', async (t) => {
  const ledger = await started(t)
  const { caseId, head } = await household(ledger, { name: '赵老', account: null })
  const number = newIdentityNumber('1970-01-02')
  const carer = await register(ledger, {
    name: '赵亲',
    bornOn: '1970-01-02',
    identityNumber: number,
  })
  await setAccount(ledger, carer)
  const designate = (payee: string, from: string) =>
    changePayee(ledger, {
      personId: head.personId,
      what: 'payee',
      body: { from, payee, reason: '代领' },
    })
  await designate(carer.personId, '2011-12-01')
  await ledger.advanceTo('2012-01-05')
  t.match(await refused(ledger, carer), {
    code: 'person-still-owed',
    facts: { caseId, month: '2012-01' },
  })
  const runId = await releaseRun(ledger, { period: '2012-01' })
  t.match(await refused(ledger, carer), { code: 'payment-line-unanswered', facts: { runId } })
  await answer(ledger, runId, [[1, '成功', '350.00', '']])
  t.match(await refused(ledger, carer), {
    code: 'person-still-owed',
    facts: { caseId, month: '2012-02' },
  })
  await designate(head.personId, '2012-01-05')
  t.match(await erase(ledger, carer), { changed: true })
})

t.test('a held line is owed still', async (t) => {
  const ledger = await started(t)
  const { caseId, head } = await household(ledger, { name: '钱无账', account: null })
  await ledger.done('approver', `POST /v1/cases/${caseId}/exit`, exitOf('2012-01'))
  await ledger.advanceTo('2012-01-05')
  const runId = await releaseRun(ledger, { period: '2012-01' })
  t.match(await linesOf(ledger, runId), [{ heldFor: 'no-account' }])
  t.match(await refused(ledger, head), { code: 'person-still-owed', facts: { month: '2012-01' } })
})

t.test('records that were merged into one are erased with it', async (t) => {
  const ledger = await started(t)
  const details = { bornOn: '1960-05-01', identityNumber: null }
  const one = await register(ledger, { name: '田桂英', ...details })
  const twice = await register(ledger, { name: '田桂英', ...details })
  const thrice = await register(ledger, { name: '田桂英', ...details })
  const merge = (from: Registered, into: Registered) =>
    ledger.done('clerk', `POST /v1/persons/${from.personId}/merger`, {
      into: into.personId,
      mergedOn: '2011-12-20',
      reason: '重复登记',
    })
  await merge(thrice, twice)
  await merge(twice, one)
  const found = async () => {
    const search = { body: { name: '田桂英' } }
    const { json } = await ledger.call('clerk', 'POST /v1/persons/search', search)
    return json['result']
  }
  t.match(await found(), { length: 3 })
  const read = await ledger.read('clerk', `/v1/persons/${thrice.personId}`)
  t.match(read, { name: '田桂英', mergedInto: twice.personId })

  t.match(await erase(ledger, one), { changed: true })
  t.same(await found(), [])
  for (const { personId } of [one, twice, thrice])
    t.match(await ledger.read('clerk', `/v1/persons/${personId}`), { name: null, erased: true })
})
