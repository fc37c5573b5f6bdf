import t from 'tap'
import { county, numberIn, startHttpLedger } from '../support/http-ledger.js'
import { byTwo } from '../support/two-hands.js'
import { allocate, backStreet, household, paper, releaseRun } from './office.js'

const hands = { prepares: 'reviewer', writes: 'approver' } as const
const links = 'POST /v1/price-links'
const post = 'POST /v1/price-link-retractions'
const subsidy = {
  decisionId: 'price-2012-01',
  from: '2012-01',
  to: '2012-01',
  division: county,
  method: { kind: 'fixed-monthly', amountFen: 8_300 },
  basis: { kind: 'document' },
  programmes: ['urban-dibao'],
  reference: 'on-roll-at-end',
  document: paper,
}
const retraction = { decisionId: 'price-2012-01', division: county, reason: '标准有误' }

t.test('a price subsidy decided by mistake is retracted as a whole', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  const { caseId } = await household(ledger, { name: '钱一' })
  await household(ledger, { name: '后街', division: backStreet })
  await ledger.advanceTo('2012-01-05')
  const owedOf = async (month: string) => {
    const query = `division=${county}&programme=urban-dibao&month=${month}`
    const rows = await ledger.rows('auditor', `/v1/totals/owed?${query}`)
    return rows.reduce((sum, row) => sum + numberIn(row, 'amountFen'), 0)
  }
  const before = await owedOf('2012-01')
  await byTwo(ledger, { request: links, body: subsidy, hands })
  t.equal(await owedOf('2012-01'), before + 2 * 8_300)
  await releaseRun(ledger, { period: '2012-01' })
  await releaseRun(ledger, { period: '2012-01', kind: 'price-subsidy' })
  const waiting = () => ledger.rows('approver', `/v1/bulk-decisions?division=${county}`)

  await t.test('prepared by one, seen in the list, approved by another', async (t) => {
    const refusal = (by: Parameters<typeof ledger.refused>[0], over: object = {}) =>
      ledger.refused(by, post, { body: { ...retraction, ...over } })
    t.match(await refusal('approver'), { status: 409, code: 'price-retraction-not-prepared' })
    t.match(await refusal('reviewer'), { status: 403, code: 'role-missing' })
    for (const dryRun of [true, false])
      t.match(await refusal('approver', { decisionId: 'no-such', dryRun }), {
        status: 404,
        code: 'price-decision-unknown',
      })
    await ledger.done('approver', post, { ...retraction, dryRun: true })
    t.match(await refusal('approver'), { status: 403, code: 'same-person-prepares-and-approves' })
    const dry = await ledger.done('reviewer', post, { ...retraction, dryRun: true })
    t.match(dry, { grants: 2, persons: 2, amountFen: 16_600, refused: [] })
    t.match(await waiting(), [
      {
        kind: 'price-link-retraction',
        state: 'prepared',
        name: 'price-2012-01',
        bulkDecisionId: null,
        retractionReason: '标准有误',
        ...{ grants: 2, persons: 2, amountFen: 16_600, monthlyFen: 8_300 },
        preparedBy: 'reviewer-1',
      },
      { preparedBy: 'approver-1' },
    ])
    t.equal(await owedOf('2012-01'), before + 16_600, 'a dry run takes nothing back')
    t.match(await refusal('approver', { reason: '别的' }), {
      code: 'price-retraction-not-prepared',
    })
    t.match(await ledger.done('approver', post, retraction), { grants: 2, amountFen: 16_600 })
    t.same(await waiting(), [])
    t.equal(await owedOf('2012-01'), before)
  })

  await t.test('sent again it takes back nothing, and it gives nothing again', async (t) => {
    const head = await ledger.head()
    t.match(await ledger.done('approver', post, retraction), { grants: 0, amountFen: 0 })
    const gone = { status: 409, code: 'price-decision-retracted' }
    for (const dryRun of [true, false])
      t.match(await ledger.refused('approver', links, { body: { ...subsidy, dryRun } }), gone)
    const again = { body: { ...retraction, dryRun: true } }
    t.match(await ledger.refused('reviewer', post, again), gone)
    t.equal(await ledger.head(), head)
  })

  await t.test(
    'what was paid of it is to be recovered; the right one is decided anew',
    async (t) => {
      const right = {
        ...subsidy,
        decisionId: 'price-2012-01-right',
        method: { kind: 'fixed-monthly', amountFen: 5_000 },
      }
      t.match(await byTwo(ledger, { request: links, body: right, hands }), {
        amountFen: 10_000,
        alreadyGrantedCount: 0,
      })
      t.equal(await owedOf('2012-01'), before + 10_000)
      await ledger.advanceTo('2012-02-05')
      await releaseRun(ledger, { period: '2012-02' })
      const found = await ledger.rows('approver', `/v1/recoveries?division=${county}&month=2012-02`)
      t.equal(
        found.reduce((sum, row) => sum + numberIn(row, 'outstandingFen'), 0),
        2 * 3_300,
        'the difference',
      )
      t.ok(found.some((row) => row['caseId'] === caseId))
    },
  )
})
