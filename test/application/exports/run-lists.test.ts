import t from 'tap'
import { maskedName } from '../../../src/application/exports/masked-name.js'
import { noticeList } from '../../../src/application/exports/notice-list.js'
import { runSheet } from '../../../src/application/exports/run-sheet.js'
import { runSummary } from '../../../src/application/exports/run-summary.js'
import type { Row, Table } from '../../../src/application/exports/table.js'
import { PaymentLine } from '../../../src/domain/payment-run/events.js'
import { month } from '../../../src/domain/values/calendar.js'
import type { PersonId } from '../../../src/domain/values/identifiers.js'
import { caseId, dibao, li, oldAge, otherVillage, village, wang } from '../../support/case-world.js'

const account = '6222000000000000001'
const names = {
  division: (code: string) => `区划${code}`,
  programme: (code: string) => (code === dibao ? '城市低保' : '高龄津贴'),
  money: (line: Pick<PaymentLine, 'items'>) =>
    line.items.some(({ component }) => component === 'price-subsidy') ? '物价补贴' : '月保障金',
}
const people = {
  namesOf: async (persons: readonly PersonId[]) =>
    new Map(persons.map((person) => [person, person === wang ? '王小五' : '李四'] as const)),
}
const accounts = {
  openAccounts: async (references: readonly unknown[]) =>
    references.map(() => ({ bank: '农商行', holder: '王小五', account })),
}

const line = (number: number, over: object = {}) =>
  PaymentLine.parse({
    line: number,
    caseId,
    programme: dibao,
    division: village,
    urbanRural: 'urban',
    payee: wang,
    accountVersion: 1,
    persons: 2,
    items: [
      { monthFor: '2012-05', component: 'base', amountFen: 30000 },
      { monthFor: '2012-04', component: 'base', amountFen: 5000 },
      { monthFor: '2012-05', component: 'classified', amountFen: 1000 },
    ],
    amountFen: 36000,
    heldFor: null,
    ...over,
  })

/** Two villages of two towns, in two chunks; one line is held for want of an account. */
function lines() {
  const held = { payee: li, accountVersion: null, heldFor: '无账户' }
  const chunks = [
    [line(1), line(2, held)],
    [line(3, { programme: oldAge }), line(4, { division: otherVillage })],
  ]
  return {
    kind: 'regular' as const,
    programmes: [dibao, oldAge],
    period: month('2012-05'),
    chunks: (async function* () {
      yield* chunks
    })(),
  }
}

async function rowsOf<Key extends string>(table: Table<Key>): Promise<readonly Row<Key>[]> {
  const rows: Row<Key>[] = []
  for await (const row of table.rows) rows.push(row)
  const keys = table.columns.map(({ key }) => key).sort()
  for (const row of rows) t.same(Object.keys(row).sort(), keys, 'a cell a column')
  return rows
}

t.test('a run sheet has every line, held ones with their reason', async (t) => {
  const rows = await rowsOf(runSheet({ lines: lines(), names, people, accounts }))
  t.equal(rows.length, 4)
  t.same(rows[0], {
    line: 1,
    town: '区划990101001000',
    village: '区划990101001001',
    programme: '城市低保',
    money: '月保障金',
    caseId,
    payee: '王小五',
    bank: '农商行',
    holder: '王小五',
    account,
    persons: 2,
    months: '2012-04、2012-05',
    amountFen: 36000,
    heldFor: null,
  })
  t.match(rows[1], { payee: '李四', account: null, heldFor: '无账户' })
})

t.test('a public notice has masked names, no account and nothing held', async (t) => {
  const rows = await rowsOf(noticeList({ lines: lines(), names, people }))
  t.same(
    rows.map(({ number, name, amountFen }) => [number, name, amountFen]),
    [
      [1, '王*五', 36000],
      [2, '王*五', 36000],
      [3, '王*五', 36000],
    ],
  )
  const text = JSON.stringify(rows)
  for (const secret of [account, caseId, wang, '小'])
    t.notOk(text.includes(secret), 'nothing that leads to a person')
})

t.test('a summary adds up by village, town and county, each programme apart', async (t) => {
  const rows = await rowsOf(runSummary({ lines: lines(), names }))
  t.same(
    rows.map((row) => [row.level, row.division, row.programme, row.households, row.amountFen]),
    [
      ['village', village, '高龄津贴', 1, 36000],
      ['village', village, '城市低保', 1, 36000],
      ['town', '990101001000', '高龄津贴', 1, 36000],
      ['town', '990101001000', '城市低保', 1, 36000],
      ['village', otherVillage, '城市低保', 1, 36000],
      ['town', '990101002000', '城市低保', 1, 36000],
      ['county', '990101000000', '高龄津贴', 1, 36000],
      ['county', '990101000000', '城市低保', 2, 72000],
    ],
  )
  t.match(rows[1], { persons: 2, heldHouseholds: 1, heldFen: 36000 })
})

t.test('a price subsidy, and a campaign, stand in titles and rows', async (t) => {
  const items = [{ monthFor: '2012-03', component: 'price-subsidy', amountFen: 24900 }]
  const paid = line(1, { items, amountFen: 24900, persons: 1 })
  const subsidy = () => ({
    ...lines(),
    kind: 'price-subsidy' as const,
    chunks: (async function* () {
      yield [paid]
    })(),
  })
  const tables = () => [
    noticeList({ lines: subsidy(), names, people }),
    runSheet({ lines: subsidy(), names, people, accounts }),
    runSummary({ lines: subsidy(), names }),
  ]
  t.same(
    tables().map(({ titleZh }) => titleZh),
    ['物价补贴发放公示 2012-05', '物价补贴发放花名册 2012-05', '物价补贴发放汇总表 2012-05'],
  )
  for (const table of tables())
    for (const row of await rowsOf<string>(table)) t.match(row, { money: '物价补贴', persons: 1 })
  const campaign = { ...lines(), kind: 'one-off' as const, programmes: [oldAge] }
  t.equal(noticeList({ lines: campaign, names, people }).titleZh, '高龄津贴发放公示 2012-05')
})

t.test('names are masked in the middle, whatever their length', async (t) => {
  t.same(['王五', '王小五', '欧阳小五', '买买提·艾力', '𠮷田', '王', ''].map(maskedName), [
    '王*',
    '王*五',
    '欧**五',
    '买****力',
    '𠮷*',
    '*',
    '*',
  ])
})
