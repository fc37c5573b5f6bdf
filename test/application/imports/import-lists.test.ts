import t from 'tap'
import { caseIdOfHousehold } from '../../../src/application/imports/import-ids.js'
import { readDeaths } from '../../../src/application/imports/read-deaths.js'
import type { ImportParts } from '../../../src/application/imports/run-import.js'
import { Campaign } from '../../../src/domain/bulk-decision/events.js'
import { plainDate } from '../../../src/domain/values/calendar.js'
import { DivisionCode } from '../../../src/domain/values/division.js'
import { beforeFirst } from '../../../src/domain/values/identifiers.js'
import { importAccounts, importCampaign, importHouseholds } from './by-two.js'
import { csvFile, type Rows } from './import-files.js'
import { clerk, eventsOf, identityNumber, worldWithPolicy } from './import-world.js'

const village = '990101001001'
const wang = identityNumber('19500515', 1)
const li = identityNumber('19520301', 2)
const zhao = identityNumber('19800909', 3)

async function worldWithHouseholds(): Promise<ImportParts> {
  const world = await worldWithPolicy()
  const cases = csvFile('cases.csv', [
    ['户编号', '项目', '区划', '首次享受月', '结清月', '来源', '当前月补差'],
    ['A-1', 'urban-dibao', village, '2010-03', '2011-12', '原系统', '740'],
    ['A-2', 'rural-dibao', '990101001002', '2011-01', '2011-12', '原系统', '419.5'],
  ])
  const members = csvFile('members.csv', [
    ['户编号', '身份证号', '姓名', '与户主关系', '人员编号', '性别', '出生日期'],
    ['A-1', wang, '王建国', '户主', '', '', ''],
    ['A-1', li, '李秀英', '配偶', '', '', ''],
    ['A-2', '', '赵刚', '户主', 'P-9', '男', '1980-09-09'],
  ])
  const outcome = await importHouseholds(world, { cases, members }, clerk)
  t.equal(outcome.result, 'completed')
  return world
}

const accountHeader = ['身份证号', '人员编号', '开户银行', '银行账号', '户名']
const accounts = (rows: Rows) => csvFile('accounts.csv', [accountHeader, ...rows])
const accountRows: Rows = [
  [wang, '', '示例银行', '6222 0000 1234 5678', '王建国'],
  ['', 'P-9', '示例银行', '6222000012349999', '赵刚'],
]

t.test('accounts are set once, sealed, and set anew when they change', async (t) => {
  const world = await worldWithHouseholds()
  const first = await importAccounts(world, accounts(accountRows), clerk)
  t.match(first, { result: 'completed', changedRows: 2, events: { PayeeAccountSet: 2 } })
  t.notOk(JSON.stringify(await eventsOf(world)).includes('6222000012345678'))
  const again = await importAccounts(world, accounts([...accountRows].reverse()), clerk)
  t.match(again, { result: 'unchanged', changedRows: 0 })
  const moved = [[wang, '', '另一银行', '6222000012345678', '王建国'], ...accountRows.slice(1)]
  const changed = await importAccounts(world, accounts(moved), clerk)
  t.match(changed, { result: 'completed', events: { PayeeAccountSet: 1 } })
  const set = (await eventsOf(world)).filter(({ type }) => type === 'PayeeAccountSet')
  t.equal(set.at(-1)?.data['accountVersion'], 2)
})

t.test('accounts of nobody, doubled ones and bad ones are named', async (t) => {
  const world = await worldWithHouseholds()
  const head = await world.store.head()
  const outcome = await importAccounts(
    world,
    accounts([
      ...accountRows,
      [zhao, '', '示例银行', '6222000012340000', '赵某'],
      [wang, '', '示例银行', '6222000012340001', '王建国'],
      ['', '', '示例银行', '6222000012340002', '无名'],
      [li, '', '示例银行', '12', '李秀英'],
      [li, '', '示例银行', '6222000012340003', '李|秀英'],
    ]),
    clerk,
  )
  t.same(
    outcome.faults.map(({ line, column, code }) => [line, column, code]),
    [
      [4, '身份证号', 'person-of-row-unknown'],
      [5, null, 'row-twice'],
      [6, null, 'person-reference-missing'],
      [7, '银行账号', 'cell-malformed'],
      [8, null, 'account-unfit-for-bank-file'],
    ],
  )
  t.equal(await world.store.head(), head)
})

t.test('accounts of persons of other places are refused, row by row', async (t) => {
  const world = await worldWithHouseholds()
  const head = await world.store.head()
  const division = DivisionCode.parse('990102000000')
  const elsewhere = { actor: { ...clerk.actor, division } }
  const outcome = await importAccounts(world, accounts(accountRows), elsewhere)
  t.equal(outcome.result, 'refused')
  t.same(
    outcome.faults.map(({ line, column, code, facts }) => [line, column, code, facts]),
    [
      [2, '身份证号', 'division-outside-scope', { division: village, scope: division }],
      [3, '人员编号', 'division-outside-scope', { division: '990101001002', scope: division }],
    ],
  )
  t.equal(await world.store.head(), head)
})

const campaign = Campaign.parse({
  campaignId: '2012-spring-festival',
  programme: 'festival-greeting',
  month: '2012-01',
  decidedOn: '2012-01-05',
  division: '990101000000',
  document: { number: '甲民发〔2012〕1号', issuer: '示例甲区民政局', provenance: 'invented' },
})
const recipients = (rows: Rows) =>
  csvFile('recipients.csv', [['户编号', '身份证号', '档次', '金额', '区划'], ...rows])
const recipientRows: Rows = [
  ['A-1', '', '一档', '500', ''],
  ['A-2', '', '二档', '300', ''],
]

t.test('each recipient of a campaign gets one case with one supplement', async (t) => {
  const world = await worldWithHouseholds()
  const given = { campaign, file: recipients(recipientRows) }
  const outcome = await importCampaign(world, given, clerk)
  t.match(outcome, {
    result: 'completed',
    changedRows: 2,
    events: {
      CaseOpened: 2,
      MemberJoined: 3,
      EnrolmentClaimed: 3,
      EnrolmentReleased: 3,
      SupplementGranted: 2,
    },
  })
  const log = await world.store.readAll({ after: beforeFirst, limit: 1000 })
  const opened = log.find(({ data }) => data['benefitClass'] === 'tier-1')
  const stream = await world.store.readStream(opened?.stream ?? '')
  t.match(stream[0]?.data, { benefitClass: 'tier-1', division: village })
  t.match(stream.at(-1)?.data, { amountFen: 50000, month: '2012-01', measure: 'cash' })
  const again = { campaign, file: recipients([...recipientRows].reverse()) }
  t.match(await importCampaign(world, again, clerk), { result: 'unchanged' })
  const more = recipients([['A-1', '', '一档', '600', ''], ...recipientRows.slice(1)])
  t.match(await importCampaign(world, { campaign, file: more }, clerk), {
    result: 'completed',
    events: { FactRetracted: 1, SupplementGranted: 1 },
  })
})

t.test('nobody gets a campaign twice, and the next one may go to the same', async (t) => {
  const world = await worldWithHouseholds()
  const twice = recipients([...recipientRows, ['', li, '一档', '500', village]])
  const refused = await importCampaign(world, { campaign, file: twice }, clerk)
  t.same(
    refused.faults.map(({ line, column, code, facts }) => [line, column, code, facts]),
    [[4, '身份证号', 'recipient-twice', { otherLine: 2 }]],
  )
  const unknown = recipients([
    ['Z-9', '', '一档', '500', ''],
    ['', zhao, '一档', '500', village],
    ['A-1', '', '特等', '500', ''],
    ['', '', '一档', '500', ''],
  ])
  const others = await importCampaign(world, { campaign, file: unknown }, clerk)
  t.same(
    others.faults.map(({ line, column, code }) => [line, column, code]),
    [
      [2, '户编号', 'household-unknown'],
      [3, '身份证号', 'person-of-row-unknown'],
      [4, '档次', 'cell-malformed'],
      [5, null, 'person-reference-missing'],
    ],
  )
  await importCampaign(world, { campaign, file: recipients(recipientRows) }, clerk)
  const next = Campaign.parse({ ...campaign, campaignId: '2012-second', month: '2012-02' })
  const later = await importCampaign(
    world,
    { campaign: next, file: recipients(recipientRows) },
    clerk,
  )
  t.match(later, { result: 'completed', events: { SupplementGranted: 2 } })
  const monthly = Campaign.parse({ ...campaign, programme: 'urban-dibao' })
  await t.rejects(
    importCampaign(world, { campaign: monthly, file: recipients(recipientRows) }, clerk),
    { code: 'programme-not-one-off' },
  )
  t.ok(caseIdOfHousehold('A-1') !== caseIdOfHousehold('A-2'))
})

t.test('of a programme that is had more than once, a campaign still is had once', async (t) => {
  const world = await worldWithHouseholds()
  const aid = Campaign.parse({ ...campaign, campaignId: 'flood', programme: 'temporary-aid' })
  const list = (rows: Rows) => ({ campaign: aid, file: recipients(rows) })
  const faultsOf = async (rows: Rows) =>
    (await importCampaign(world, list(rows), clerk)).faults.map(({ line, column, code }) => [
      ...[line, column, code],
    ])
  const household = ['A-1', '', '', '500', '']
  const member = ['', li, '', '500', village]
  t.same(await faultsOf([household, member]), [[3, '身份证号', 'recipient-twice']])
  t.same(await faultsOf([member, household]), [[3, '户编号', 'recipient-twice']])
  t.match(await importCampaign(world, list([household]), clerk), { result: 'completed' })
  t.same(await faultsOf([member]), [[2, '身份证号', 'campaign-had-already']])

  const heads = csvFile('members.csv', [
    ['户编号', '身份证号', '姓名', '与户主关系', '户主'],
    ['A-1', wang, '王建国', '配偶', '否'],
    ['A-1', li, '李秀英', '户主', '是'],
  ])
  t.match(await importHouseholds(world, { members: heads }, clerk), { events: { HeadChanged: 1 } })
  t.same(await faultsOf([household]), [[2, '户编号', 'campaign-had-already']])
  const next = { ...list([member]), campaign: { ...aid, campaignId: 'flood-2' } }
  t.match(await importCampaign(world, next, clerk), { result: 'completed' }, 'another campaign')
})

t.test(
  'a list of deaths is read; a number that is none is no fault, a date that is none is',
  async (t) => {
    const file = csvFile(
      'deaths.csv',
      [
        ['身份证号', '姓名', '死亡日期'],
        [wang, '王建国', '2012年1月3日'],
        ['123', '外地某', '20120104'],
        ['', '无号某', '2012-02-30'],
        ['', '未来某', '2012-02-02'],
      ],
      'gb18030',
    )
    const deaths = await readDeaths(file, plainDate('2012-02-01'))
    t.same(deaths.rows, [
      { line: 2, identityNumber: wang, name: '王建国', diedOn: '2012-01-03' },
      { line: 3, identityNumber: null, name: '外地某', diedOn: '2012-01-04' },
    ])
    t.same(
      deaths.faults.map(({ line, column, code }) => [line, column, code]),
      [
        [4, '死亡日期', 'cell-malformed'],
        [5, '死亡日期', 'fact-in-future'],
      ],
    )
    t.match(deaths.fileDigest, /^[0-9a-f]{64}$/)
  },
)
