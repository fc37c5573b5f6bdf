import t from 'tap'
import { county, type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import { byTwo } from '../support/two-hands.js'
import {
  allocate,
  approveEntry,
  confirmChange,
  household,
  joining,
  linesOf,
  openCase,
  paper,
  recordSteps,
  register,
  releaseRun,
  setAccount,
} from './office.js'

const rolls = ['old-age-allowance', 'urban-dibao']

const decision = {
  decisionId: 'price-2012-q1',
  from: '2012-01',
  to: '2012-03',
  division: county,
  method: { kind: 'fixed-monthly', amountFen: 8_300 },
  basis: { kind: 'document' },
  programmes: rolls,
  reference: 'on-roll-at-end',
  document: paper,
}

/** A household of two, one of whom has the allowance of the old beside it. */
async function twoRolls(ledger: HttpLedger) {
  const { caseId } = await household(ledger, { name: '何一' })
  const old = await register(ledger, { name: '何二', bornOn: '1925-03-04' })
  await setAccount(ledger, old)
  await ledger.done('clerk', `POST /v1/cases/${caseId}/members`, joining(old, { from: '2012-02' }))
  await confirmChange(ledger, caseId, { from: '2012-02', kind: 'members', note: '老人迁入' })
  const allowance = await openCase(ledger, {
    programme: 'old-age-allowance',
    urbanRural: 'none',
    benefitClass: 'age-80',
    openedOn: '2012-01-04',
  })
  const head = joining(old, { from: '2012-01', head: true })
  await ledger.done('clerk', `POST /v1/cases/${allowance}/members`, head)
  await recordSteps(ledger, allowance, { on: '2012-01-05' })
  await approveEntry(ledger, allowance, '2012-01-20')
  return { caseId, allowance }
}

t.test('the papers of a price subsidy say what it is, and count whom it pays', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2012-01-04' })
  const { caseId, allowance } = await twoRolls(ledger)
  await allocate(ledger, { amountFen: 1_000_000, programmes: rolls })
  await ledger.advanceTo('2012-04-05')
  const decided = await byTwo(ledger, {
    request: 'POST /v1/price-links',
    body: decision,
    hands: { prepares: 'reviewer', writes: 'approver' },
  })
  t.match(decided, { cases: 2, persons: 2, amountFen: 6 * 8_300 })
  const wish = { period: '2012-04', programmes: rolls }
  const runId = await releaseRun(ledger, { ...wish, kind: 'price-subsidy' })

  const lines = await linesOf(ledger, runId)
  t.same(
    new Map(lines.map((line) => [line['caseId'], [line['persons'], line['amountFen']]])),
    new Map([
      [caseId, [1, 24_900]],
      [allowance, [1, 24_900]],
    ]),
    'each of the two by the roll that pays them',
  )
  const text = async (paperName: string) =>
    (await ledger.call('payment-officer', `GET /v1/runs/${runId}/${paperName}`)).text
  t.match(await text('notice?format=csv'), /城市居民最低生活保障,物价补贴,何\*,1,249\.00/)
  t.match(await text('summary?format=csv'), /县.*,城市居民最低生活保障,物价补贴,城市,1,1,249\.00/)
  t.match(await text('sheet?format=csv'), /城市居民最低生活保障,物价补贴,/)
  t.match(await text('bank-file'), /物价补贴2012年4月（城市居民最低生活保障）/)

  const regular = await releaseRun(ledger, wish)
  const month = (await linesOf(ledger, regular)).find((line) => line['caseId'] === caseId)
  t.match(month, { persons: 2 }, 'the month’s money is for both')
})
