import t from 'tap'
import { caseIdOfHousehold } from '../../../src/application/imports/import-ids.js'
import { caseStream } from '../../../src/application/streams.js'
import { DivisionCode } from '../../../src/domain/values/division.js'
import { importHouseholds } from './by-two.js'
import {
  bothFiles,
  caseHeader,
  caseRows,
  casesFile,
  imported,
  memberHeader,
  memberRows,
  membersFile,
  village,
  wang,
  withCell,
} from './household-files.js'
import { csvFile, type Rows, xlsxFile } from './import-files.js'
import { administrator, clerk, eventsOf, identityNumber, worldWithPolicy } from './import-world.js'

t.test('households come in with their members, their income and what they were paid', async (t) => {
  const world = await worldWithPolicy()
  const head = await world.store.head()
  const outcome = await importHouseholds(world, bothFiles(), clerk)
  t.match(outcome, { result: 'completed', rows: 6, changedRows: 6, unchangedRows: 0 })
  t.same(outcome.events, {
    IdentityReserved: 3,
    PersonRegistered: 4,
    EnrolmentClaimed: 4,
    CaseOpened: 2,
    MemberJoined: 4,
    IncomeAssessed: 2,
    OpeningPositionRecorded: 2,
  })
  const events = await eventsOf(world, head)
  t.same(
    events.slice(0, 2).map(({ type, actor }) => [type, actor]),
    [
      ['ImportPrepared', 'clerk-1-colleague'],
      ['ImportStarted', 'clerk-1'],
    ],
  )
  const income = events.find(({ type }) => type === 'IncomeAssessed')
  t.match(income, { actor: 'clerk-1', data: { by: 'clerk-1-colleague' } }, 'of who prepared it')
  t.match(events.at(-1), { type: 'ImportCompleted', data: { written: 6, unchanged: 0 } })
  const stored = await world.store.readStream(caseStream(caseIdOfHousehold('A-1')).name)
  t.same(
    stored.map(({ type }) => type),
    [
      ...['CaseOpened', 'MemberJoined', 'MemberJoined', 'IncomeAssessed'],
      'OpeningPositionRecorded',
    ],
  )
  t.match(stored[0]?.data, { importId: outcome.importId, urbanRural: 'urban', division: village })
  t.match(stored.at(-1)?.data, {
    entryMonth: '2010-03',
    settledThrough: '2011-12',
    history: [
      {
        from: '2010-03',
        to: '2011-12',
        components: [{ component: 'base', personId: null, amountFen: 74000 }],
      },
    ],
  })
})

t.test('names, numbers and addresses stand in the log sealed only', async (t) => {
  const world = await imported()
  const text = JSON.stringify(await eventsOf(world))
  for (const secret of ['王建国', wang, '赵小宝', 'AAAAAAAAAAAAAAAA'])
    t.notOk(text.includes(secret))
  const registered = (await eventsOf(world)).find(({ type }) => type === 'PersonRegistered')
  const name = registered?.data['name']
  t.match(name, { cipher: String })
})

t.test('the same rows again, in another order and format, add nothing', async (t) => {
  const world = await imported()
  const head = await world.store.head()
  const again = await importHouseholds(
    world,
    {
      cases: await xlsxFile('cases.xlsx', [caseHeader, ...[...caseRows].reverse()]),
      members: csvFile('m.csv', [memberHeader, ...[...memberRows].reverse()], 'gb18030'),
    },
    clerk,
  )
  t.match(again, { result: 'unchanged', changedRows: 0, unchangedRows: 6, events: {} })
  t.equal(await world.store.head(), head)
})

t.test('one corrected row changes only that', async (t) => {
  const corrections: readonly [string, Rows, Rows, Record<string, number>][] = [
    ['income', withCell(caseRows, 0, 6, '310'), memberRows, { IncomeAssessed: 1 }],
    ['name', caseRows, withCell(memberRows, 1, 2, '李秀瑛'), { PersonDetailsCorrected: 1 }],
    [
      'covered',
      caseRows,
      withCell(memberRows, 3, 4, '是'),
      { EnrolmentClaimed: 1, MemberCircumstancesRecorded: 1 },
    ],
    [
      'amount',
      withCell(caseRows, 1, 7, '420'),
      memberRows,
      { FactRetracted: 1, OpeningPositionRecorded: 1 },
    ],
    ['division', withCell(caseRows, 1, 2, '990101001002'), memberRows, { CaseMoved: 1 }],
  ]
  for (const [what, cases, members, events] of corrections) {
    const world = await imported()
    const files = { cases: casesFile(cases), members: membersFile(members) }
    const dry = await importHouseholds(world, files, { ...clerk, dryRun: true })
    const outcome = await importHouseholds(world, files, clerk)
    t.match(dry, { result: 'would-change', changedRows: 1 }, what)
    t.same(dry.events, events, what)
    t.match(outcome, { result: 'completed', changedRows: 1, unchangedRows: 5 }, what)
    t.same(outcome.events, events, what)
    const second = await importHouseholds(world, files, clerk)
    t.equal(second.result, 'unchanged', what)
    const back = await importHouseholds(world, bothFiles(), clerk)
    t.match(back, { result: 'completed', changedRows: 1 }, `${what} put back`)
  }
})

t.test('a file with bad rows writes nothing and names each of them', async (t) => {
  const world = await worldWithPolicy()
  const head = await world.store.head()
  const cases: Rows = [
    ...caseRows,
    ['A-3', 'no-such', village, '2010-03', '2011-12', '原系统', '1', '1'],
    ['A-4', 'urban-dibao', '990199001001', '2010-03', '2011-12', '原系统', '1', '1'],
    ['A-5', 'urban-dibao', '990101999999', '2010-03', '2011-12', '原系统', '1', '1'],
    ['A-6', 'urban-dibao', village, '2010-03', '', '原系统', '1', '1'],
    ['A-7', 'urban-dibao', village, '2012-03', '2011-12', '原系统', '1', '1'],
    ['A-8', 'urban-dibao', village, '2010-03', '2011-12', '原系统', '1.005', '1'],
    ['A-1', 'urban-dibao', village, '2010-03', '2011-12', '原系统', '1', '1'],
    ['A-9', 'urban-dibao', village, '2010-03', '2011-12', '原系统', '1', '1'],
  ]
  const members: Rows = [
    ...memberRows,
    ['A-1', wang, '王建国', '户主', '是', '', '', ''],
    ['A-2', wang, '王健国', '子', '是', '', '', ''],
    ['A-2', '', '无号', '子', '是', '', '男', '2010-06-01'],
    ['A-2', '', '无日期', '子', '是', 'P-78', '男', ''],
    ['A-2', '11010119500515001X', '错号', '子', '是', '', '', ''],
    ['A-2', identityNumber('19900101', 5), '矛盾', '女', '是', '', '女', ''],
    ['Z-1', identityNumber('19900101', 6), '无户', '户主', '是', '', '', ''],
    ['A-2', '', '未生', '子', '是', 'P-79', '男', '2021-06-01'],
    ['A-2', identityNumber('20210601', 7), '未生', '子', '是', '', '', ''],
  ]
  const files = { cases: casesFile(cases), members: membersFile(members) }
  const outcome = await importHouseholds(world, files, clerk)
  t.match(outcome, { result: 'refused', events: {} })
  t.same(
    outcome.faults.map(({ file, line, column, code }) => [file, line, column, code]),
    [
      ['cases.csv', 4, '项目', 'programme-unknown'],
      ['cases.csv', 5, '区划', 'division-outside-scope'],
      ['cases.csv', 6, '区划', 'division-unknown'],
      ['cases.csv', 7, '结清月', 'cell-empty'],
      ['cases.csv', 8, '首次享受月', 'opening-entry-after-settlement'],
      ['cases.csv', 9, '家庭月收入', 'cell-malformed'],
      ['cases.csv', 10, '户编号', 'row-twice'],
      ['members.csv', 6, '身份证号', 'row-twice'],
      ['members.csv', 7, null, 'row-twice'],
      ['members.csv', 8, null, 'person-reference-missing'],
      ['members.csv', 9, '出生日期', 'cell-empty'],
      ['members.csv', 10, '身份证号', 'cell-malformed'],
      ['members.csv', 11, '性别', 'row-contradicts-identity-number'],
      ['members.csv', 12, '户编号', 'household-unknown'],
      ['members.csv', 13, '出生日期', 'birth-date-out-of-range'],
      ['members.csv', 14, '身份证号', 'birth-date-out-of-range'],
    ],
  )
  const rows = cases.length + members.length
  t.match(outcome, { rows, changedRows: 0, unchangedRows: rows - 16, refusedRows: 16 })
  t.equal(await world.store.head(), head)
})

t.test('a household on the roll needs members, unless theirs is the fault', async (t) => {
  const world = await worldWithPolicy()
  const alone = await importHouseholds(world, { cases: casesFile() }, clerk)
  t.same(
    alone.faults.map(({ line, code }) => [line, code]),
    [
      [2, 'household-without-members'],
      [3, 'household-without-members'],
    ],
  )
  const unread = membersFile(withCell(memberRows, 2, 1, '123'))
  const outcome = await importHouseholds(world, { cases: casesFile(), members: unread }, clerk)
  t.same(
    outcome.faults.map(({ line, code }) => [line, code]),
    [[4, 'cell-malformed']],
  )
})

t.test('a person in two households is refused, in one file and in two', async (t) => {
  const world = await worldWithPolicy()
  const twice = [...memberRows, ['A-2', wang, '王建国', '父', '是', '', '', '']]
  const files = { cases: casesFile(), members: membersFile(twice) }
  const outcome = await importHouseholds(world, files, clerk)
  t.same(
    outcome.faults.map(({ line, code }) => [line, code]),
    [[6, 'enrolment-conflict']],
  )
  await importHouseholds(world, bothFiles(), clerk)
  const later = await importHouseholds(
    world,
    {
      cases: casesFile([['A-9', 'urban-dibao', village, '2011-01', '2011-12', '原系统', '1', '1']]),
      members: membersFile([['A-9', wang, '王建国', '户主', '是', '', '', '']]),
    },
    clerk,
  )
  t.same(
    later.faults.map(({ line, code }) => [line, code]),
    [[2, 'enrolment-conflict']],
  )
})

t.test('a dry run and a refused file seal nothing and write no row', async (t) => {
  const world = await worldWithPolicy()
  const head = await world.store.head()
  let sealed = 0
  const vault = {
    ...world.vault,
    sealAll: (requests: Parameters<typeof world.vault.sealAll>[0]) => {
      sealed += requests.length
      return world.vault.sealAll(requests)
    },
  }
  const outcome = await importHouseholds({ ...world, vault }, bothFiles(), {
    ...clerk,
    dryRun: true,
  })
  t.match(outcome, { result: 'would-change', changedRows: 6, events: { CaseOpened: 2 } })
  t.equal(sealed, 0)
  const [prepared, ...others] = await eventsOf(world, head)
  t.match(prepared, { type: 'ImportPrepared', data: { by: 'clerk-1', rows: 6 } })
  t.same(others, [])
})

t.test('a new application needs no opening position; members may come later', async (t) => {
  const world = await worldWithPolicy()
  const cases = csvFile('new.csv', [
    ['household_no', 'programme', 'division', 'opened_on', 'income'],
    ['N-1', 'urban-dibao', village, '2012-01-04', '120'],
  ])
  t.match(await importHouseholds(world, { cases }, clerk), {
    result: 'completed',
    events: { CaseOpened: 1, IncomeAssessed: 1 },
  })
  const members = membersFile([['N-1', wang, '王建国', '户主', '是', '', '', '']])
  const outcome = await importHouseholds(world, { members }, clerk)
  t.match(outcome, { kind: 'members', result: 'completed', events: { MemberJoined: 1 } })
  t.equal((await importHouseholds(world, { members }, clerk)).result, 'unchanged')
})

t.test('a clerk of another place can not touch the household', async (t) => {
  const world = await imported()
  t.equal((await importHouseholds(world, bothFiles(), administrator)).result, 'unchanged')
  const elsewhere = await importHouseholds(
    world,
    { members: membersFile() },
    { actor: { ...clerk.actor, division: DivisionCode.parse('990102000000') } },
  )
  t.same(
    elsewhere.faults.map(({ code }) => code),
    ['division-outside-scope', 'division-outside-scope'],
  )
})
