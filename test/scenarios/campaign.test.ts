import t from 'tap'
import { county, numberIn, startHttpLedger } from '../support/http-ledger.js'
import { backStreet, household, paper } from './office.js'

const greeting = {
  campaignId: 'spring-2012',
  programme: 'festival-greeting',
  month: '2012-02',
  decidedOn: '2012-01-20',
  division: county,
  document: paper,
  unit: 'household',
  tiers: [{ programme: 'urban-dibao', amountFen: 50_000 }],
}
const post = 'POST /v1/campaigns'

t.test('a campaign for those on the rolls, over HTTP', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await household(ledger, { name: '前街' })
  await household(ledger, { name: '后街', division: backStreet })
  await ledger.advanceTo('2012-01-20')
  const before = await ledger.head()

  await t.test('a dry run counts and writes nothing', async (t) => {
    const dry = await ledger.done('approver', post, { ...greeting, dryRun: true })
    t.match(dry, { rollOrdinal: before, recipients: 2, changed: 2, refused: [] })
    t.equal(await ledger.head(), before)
  })

  await t.test('who comes later is not on the rolls of the dry run', async (t) => {
    await household(ledger, { name: '新户' })
    const given = await ledger.done('approver', post, { ...greeting, rollOrdinal: before })
    t.match(given, { recipients: 2, changed: 2, refused: [] })
    const head = await ledger.head()
    const again = await ledger.done('approver', post, { ...greeting, rollOrdinal: before })
    t.match(again, { recipients: 2, changed: 0 })
    t.equal(await ledger.head(), head, 'a recipient gets a campaign once')
    t.match(await ledger.done('approver', post, greeting), { recipients: 3, changed: 1 })
  })

  await t.test('each recipient has a one-off case with the amount', async (t) => {
    const query = `division=${county}&programme=festival-greeting&month=2012-02`
    const rows = await ledger.rows('auditor', `/v1/totals/owed?${query}`)
    t.equal(
      rows.reduce((sum, row) => sum + numberIn(row, 'amountFen'), 0),
      150_000,
    )
  })

  await t.test('it is an approver’s, in their own place, for a one-off programme', async (t) => {
    const far = await ledger.issue({
      actor: 'far-1',
      roles: ['approver'],
      division: '990201000000',
    })
    const refused = async (by: Parameters<typeof ledger.refused>[0], over: object, code: string) =>
      t.match(await ledger.refused(by, post, { body: { ...greeting, ...over } }), { code })
    await refused(far, {}, 'division-outside-scope')
    await refused('approver', { programme: 'urban-dibao' }, 'programme-not-one-off')
    await refused('approver', { rollOrdinal: 1_000_000 }, 'ordinal-not-reached')
    await refused('approver', { tiers: [] }, 'request-invalid')
    for (const by of ['clerk', 'payment-officer', 'auditor', 'statistician'] as const)
      t.match(await ledger.refused(by, post, { body: greeting }), { status: 403 })
  })
})
