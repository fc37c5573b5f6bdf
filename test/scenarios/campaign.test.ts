import t from 'tap'
import { csvFile, type Rows } from '../application/imports/import-files.js'
import { county, fileOf, numberIn, startHttpLedger } from '../support/http-ledger.js'
import { byTwo, importByTwo } from '../support/two-hands.js'
import { backStreet, frontStreet, household, newIdentityNumber, paper } from './office.js'

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

  await t.test('a dry run counts, and puts on record who prepared it', async (t) => {
    const dry = await ledger.done('reviewer', post, { ...greeting, dryRun: true })
    t.match(dry, { rollOrdinal: before, recipients: 2, changed: 2, refused: [] })
    t.equal(await ledger.head(), before + 1)
    t.match(await ledger.rows('approver', `/v1/bulk-decisions?division=${county}`), [
      {
        kind: 'campaign',
        name: 'spring-2012',
        documentNumber: paper.number,
        decidedOn: '2012-01-20',
        ...{ basis: 'document', trigger: null, indices: null, monthlyFen: null },
        ...{ grants: 2, persons: 2, amountFen: 100_000, refused: 0 },
        preparedBy: 'reviewer-1',
        amounts: 'urban-dibao 500.00/户',
      },
    ])
  })

  await t.test('who comes later is not on the rolls that were prepared', async (t) => {
    await household(ledger, { name: '新户' })
    const given = await ledger.done('approver', post, greeting)
    t.match(given, { rollOrdinal: before, recipients: 2, changed: 2, refused: [] })
    const head = await ledger.head()
    const again = await ledger.done('approver', post, greeting)
    t.match(again, { recipients: 2, changed: 0 })
    t.equal(await ledger.head(), head, 'a recipient gets a campaign once')
    t.same(await ledger.rows('approver', `/v1/bulk-decisions?division=${county}`), [])
  })

  await t.test('for who came later the same campaign is decided on again', async (t) => {
    const later = { ...greeting, decidedOn: '2012-01-21' }
    const hands = { prepares: 'reviewer', writes: 'approver' } as const
    t.match(await byTwo(ledger, { request: post, body: later, hands }), {
      recipients: 3,
      changed: 1,
      persons: 1,
      amountFen: 50_000,
    })
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
    await refused('reviewer', {}, 'role-missing')
    const own = { campaignId: 'spring-again', month: '2012-02' }
    await refused('approver', own, 'bulk-decision-not-prepared')
    await ledger.done('approver', post, { ...greeting, ...own, dryRun: true })
    await refused('approver', own, 'same-person-prepares-and-approves')
    await refused('approver', { tiers: [] }, 'request-invalid')
    const unknown = [{ programme: 'no-such', amountFen: 1 }]
    await refused('reviewer', { tiers: unknown, dryRun: true }, 'programme-unknown')
    const nowhere = { campaignId: 'nowhere', division: '990301999000', dryRun: true }
    await refused('reviewer', nowhere, 'division-unknown')
    for (const terms of [{ unit: 'person' }, { month: '2012-03' }])
      await refused('reviewer', { ...terms, dryRun: true }, 'bulk-decision-differs')
    const waiting = await ledger.rows('approver', `/v1/bulk-decisions?division=${county}`)
    const names = waiting.map(({ name }) => name)
    t.same(names, ['spring-again'], 'nothing of what was refused was prepared')
    for (const by of ['clerk', 'payment-officer', 'auditor', 'statistician'] as const)
      t.match(await ledger.refused(by, post, { body: greeting }), { status: 403 })
  })
})

t.test('from a list and from a roll nobody gets it twice, whoever is the head', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2012-01-20' })
  const numbers = [newIdentityNumber('1950-01-01'), newIdentityNumber('1952-01-01')]
  const file = (name: string, rows: Rows) => fileOf(csvFile(name, rows))
  const headed = (head: number) =>
    file('人.csv', [
      ['户编号', '身份证号', '姓名', '与户主关系', '户主'],
      ...numbers.map((number, at) => ['H-1', number, `某${at}`, '成员', at === head ? '是' : '否']),
    ])
  const hands = { prepares: 'clerk', writes: 'approver' } as const
  const cases = file('户.csv', [
    ['户编号', '项目', '区划', '首次享受月', '结清月', '来源', '当前月补差'],
    ['H-1', 'urban-dibao', frontStreet, '2010-03', '2011-12', '原系统', '740'],
  ])
  const households = { what: 'households', hands }
  await importByTwo(ledger, { ...households, body: { cases, members: headed(0) } })

  const { tiers, unit, ...spring } = { ...greeting, programme: 'temporary-aid' }
  const list = (rows: Rows) => ({
    campaign: spring,
    file: file('名册.csv', [['户编号', '身份证号', '金额', '区划'], ...rows]),
  })
  const household: Rows = [['H-1', '', '500', '']]
  const twice = list([...household, ['', numbers[1] ?? '', '500', frontStreet]])
  const tried = { ...twice, dryRun: true }
  const refusal = await ledger.done('clerk', 'POST /v1/imports/campaigns', tried)
  t.match(refusal, {
    result: 'refused',
    faults: [{ line: 3, column: '身份证号', code: 'recipient-twice', detail: /第 2 行/ }],
  })
  const listed = { what: 'campaigns', body: list(household), hands }
  t.match(await importByTwo(ledger, listed), { result: 'completed' })
  const roll = { ...spring, tiers, unit }
  const offices = { prepares: 'reviewer', writes: 'approver' } as const
  const byOffice = { request: post, body: roll, hands: offices }
  t.match(await byTwo(ledger, byOffice), { recipients: 1, changed: 0, refused: [] })

  await importByTwo(ledger, { ...households, body: { members: headed(1) } })
  const later = { ...byOffice, body: { ...roll, decidedOn: '2012-01-19' } }
  t.match(await byTwo(ledger, later), {
    recipients: 1,
    changed: 0,
    refused: [{ code: 'campaign-had-already' }],
  })
  const owed = `/v1/totals/owed?division=${county}&programme=temporary-aid&month=2012-02`
  const rows = await ledger.rows('auditor', owed)
  t.equal(
    rows.reduce((sum, row) => sum + numberIn(row, 'amountFen'), 0),
    50_000,
  )
})
