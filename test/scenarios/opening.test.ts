import t from 'tap'
import { csvFile, type Rows, xlsxFile } from '../application/imports/import-files.js'
import {
  county,
  fileOf,
  type HttpLedger,
  numberIn,
  type PolicyFile,
  startHttpLedger,
} from '../support/http-ledger.js'
import { importByTwo } from '../support/two-hands.js'
import { allocate, backStreet, frontStreet, newIdentityNumber, payMonth } from './office.js'

const caseHeader = [
  ...['户编号', '项目', '区划代码', '城乡', '类别', '首次享受月', '已发至', '来源'],
  ...['家庭月收入', '当前月补差'],
]
const memberHeader = ['户编号', '身份证号', '姓名', '与户主关系', '是否户主', '计入收入', '保障']
const households = 1185
const persons = 1608

/** 1185 households of 1608 persons: the first 423 have two. */
const sizes = Array.from({ length: households }, (_, at) => (at < persons - households ? 2 : 1))
const caseRows: Rows = sizes.map((size, at) => [
  `H-${String(at).padStart(4, '0')}`,
  'urban-dibao',
  at % 2 === 0 ? frontStreet : backStreet,
  '城市',
  'general',
  '2010-03',
  '2011-12',
  '原系统',
  '100.00',
  `${size * 350 - 100}.00`,
])
const two = (number: number) => String(number).padStart(2, '0')
/** Of the heads no two are born on one day. */
const birthdayOf = (at: number, place: number) => {
  const year = place === 0 ? 1940 + (at % 50) : 1990 + (at % 9)
  return `${year}-${two((at % 12) + 1)}-${two((at % 28) + 1)}`
}
const memberRows: Rows = sizes.flatMap((size, at) =>
  Array.from({ length: size }, (_, place) => [
    `H-${String(at).padStart(4, '0')}`,
    newIdentityNumber(birthdayOf(at, place)),
    `某${at}`,
    place === 0 ? '户主' : '配偶',
    place === 0 ? '是' : '否',
    '是',
    '是',
  ]),
)

interface Files {
  readonly cases: PolicyFile
  readonly members: PolicyFile
}

async function importing(ledger: HttpLedger, { cases, members }: Files) {
  const body = { cases: fileOf(cases), members: fileOf(members) }
  const hands = { prepares: 'clerk', writes: 'approver' } as const
  return importByTwo(ledger, { what: 'households', body, hands })
}

const shuffled = (rows: Rows): Rows => [...rows].reverse()
const of = `division=${county}&programme=urban-dibao`

t.test('1185 cases are taken over, and nobody is new', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-28' })

  await t.test('the files come in once', async (t) => {
    const files = {
      cases: csvFile('户.csv', [caseHeader, ...caseRows], 'utf-8-with-mark'),
      members: csvFile('人.csv', [memberHeader, ...memberRows]),
    }
    const body = { cases: fileOf(files.cases), members: fileOf(files.members) }
    const request = 'POST /v1/imports/households'
    const unseen = await ledger.refused('approver', request, { body })
    t.match(unseen, { status: 409, code: 'import-not-prepared' })
    const head = await ledger.head()
    const tried = await ledger.done('clerk', request, { ...body, dryRun: true })
    t.match(tried, { result: 'would-change', rows: households + persons, faults: [] })
    const written = (await ledger.eventsAfter(head)).map(({ type, actor }) => [type, actor])
    t.strictSame(written, [['ImportPrepared', 'clerk-1']], 'a dry run writes no row')
    const oneself = await ledger.refused('clerk', request, { body })
    t.match(oneself, { status: 403, code: 'same-person-prepares-and-approves' })
    t.equal(await ledger.head(), head + 1, 'a refused import writes nothing')
    const boss = { actor: 'clerk-1', roles: ['administrator', 'approver'] as const }
    const promoted = await ledger.refused(await ledger.issue(boss), request, { body })
    t.match(promoted, { code: 'same-person-prepares-and-approves' })
    t.match(await importing(ledger, files), {
      result: 'completed',
      changedRows: households + persons,
      events: { CaseOpened: households, PersonRegistered: persons, MemberJoined: persons },
    })
  })

  await t.test('the roll is the rows', async (t) => {
    const path = `/v1/rolls/counts?${of}&month=2011-12`
    const counted = await ledger.rows('statistician', path)
    const sum = (name: string) => counted.reduce((all, row) => all + numberIn(row, name), 0)
    t.strictSame([sum('households'), sum('persons')], [households, persons])
    const roll = await ledger.call('clerk', `GET /v1/rolls?${of}&month=2011-12&format=ndjson`)
    const entries = roll.text.trim().split('\n')
    t.equal(entries.filter((line) => line.includes('caseId')).length, households)
    const owed = await ledger.rows('auditor', `/v1/totals/owed?${of}&month=2012-01`)
    t.equal(
      owed.reduce((all, row) => all + numberIn(row, 'amountFen'), 0),
      persons * 35_000 - households * 10_000,
    )
  })

  await t.test('no 新增, neither at the entry nor at the cut-over', async (t) => {
    const none = { households: 0, persons: 0 }
    const all = { households, persons }
    const before = await ledger.read('statistician', `/v1/movements?${of}&from=2010-01&to=2011-12`)
    t.match(before, { opening: none, entry: none, takenOver: all, closing: all })
    const after = await ledger.read('statistician', `/v1/movements?${of}&from=2012-01&to=2012-03`)
    t.match(after, { opening: all, entry: none, takenOver: none, exit: none, closing: all })
  })

  await t.test('in another order and encoding they add nothing', async (t) => {
    const head = await ledger.head()
    const again = await importing(ledger, {
      cases: csvFile('户2.csv', [caseHeader, ...shuffled(caseRows)], 'gb18030'),
      members: csvFile('人2.csv', [memberHeader, ...shuffled(memberRows)], 'gb18030'),
    })
    t.match(again, { result: 'unchanged', changedRows: 0, events: {} })
    const spreadsheets = await importing(ledger, {
      cases: await xlsxFile('户.xlsx', [caseHeader, ...shuffled(caseRows)]),
      members: await xlsxFile('人.xlsx', [memberHeader, ...shuffled(memberRows)]),
    })
    t.match(spreadsheets, { result: 'unchanged', changedRows: 0 })
    t.equal(await ledger.head(), head)
  })

  await t.test('one corrected row changes only that', async (t) => {
    const head = await ledger.head()
    const corrected = caseRows.map((row, at) => (at === 7 ? [...row.slice(0, 9), '180.00'] : row))
    const done = await importing(ledger, {
      cases: csvFile('户3.csv', [caseHeader, ...corrected]),
      members: csvFile('人.csv', [memberHeader, ...memberRows]),
    })
    t.match(done, { result: 'completed', changedRows: 1, events: { OpeningPositionRecorded: 1 } })
    const events = await ledger.eventsAfter(head)
    const touched = new Set(
      events.map(({ stream }) => stream).filter((stream) => stream.startsWith('case-')),
    )
    t.equal(touched.size, 1)
    const all = { households, persons }
    const none = { households: 0, persons: 0 }
    const before = await ledger.read('statistician', `/v1/movements?${of}&from=2010-01&to=2011-12`)
    t.match(before, { entry: none, takenOver: all, closing: all })
  })

  await t.test(
    'the first run pays the first month after the cut-over, held without account',
    async (t) => {
      await allocate(ledger, { amountFen: 100_000_000 })
      await ledger.advanceTo('2012-01-05')
      const runId = await payMonth(ledger, { period: '2012-01' })
      t.match(await ledger.read('payment-officer', `/v1/runs/${runId}`), {
        decisions: { prepared: { lineCount: 0, heldCount: households } },
      })
    },
  )
})
