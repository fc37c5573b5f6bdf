import iconv from 'iconv-lite'
import t from 'tap'
import { RowFaults } from '../../../src/application/imports/row-faults.js'
import { readTableFile } from '../../../src/application/imports/table-file.js'
import { readRows, requiredColumns } from '../../../src/application/imports/table-rows.js'
import {
  accountsTable,
  casesTable,
  deathsTable,
  historyTable,
} from '../../../src/application/imports/tables.js'
import type { ErrorCode } from '../../../src/domain/error-codes.js'
import { DomainError, type ErrorFacts } from '../../../src/domain/errors.js'
import { plainDate } from '../../../src/domain/values/calendar.js'
import { checkCharacterOf } from '../../../src/domain/values/identity-number.js'
import { csvFile, type Rows, xlsxFile } from './import-files.js'

const today = plainDate('2012-06-15')
const header = ['户编号', '历史起月', '历史止月', '历史金额']
const rows: Rows = [
  header,
  ['户-1', '2011-01', '2011-12', '467.92'],
  ['户-2', '2011年3月', '201112', '0'],
]

const identityNumber = `99010119500515001${checkCharacterOf('99010119500515001')}`

/** Rejects with exactly this refusal. */
async function refusal(act: Promise<unknown>): Promise<readonly [ErrorCode, ErrorFacts]> {
  try {
    await act
  } catch (error) {
    if (error instanceof DomainError) return [error.code, error.facts]
    throw error
  }
  throw new Error('it was not refused')
}

t.test('the same rows come out of every encoding and of a spreadsheet', async (t) => {
  const files = [
    csvFile('history.csv', rows),
    csvFile('history.csv', rows, 'utf-8-with-mark'),
    csvFile('history.csv', rows, 'gb18030'),
    await xlsxFile('history.xlsx', rows),
  ]
  const encodings: string[] = []
  for (const file of files) {
    const table = await readTableFile(file)
    encodings.push(table.encoding)
    const faults = new RowFaults()
    const read = readRows(table, historyTable, { faults, today })
    t.same(faults.all, [])
    t.same(
      read.map(({ place, row }) => [place.line, row]),
      [
        [2, { household_no: '户-1', from: '2011-01', to: '2011-12', amount: 46792 }],
        [3, { household_no: '户-2', from: '2011-03', to: '2011-12', amount: 0 }],
      ],
    )
  }
  t.same(encodings, ['utf-8', 'utf-8', 'gb18030', 'xlsx'])
})

t.test('English headings, notes in headings, blank lines and quoted commas are read', async (t) => {
  const text = 'Household No,from,to,金额（元）*,\n\n"A,1",2011-01,2011-02,"1,234.50",\n'
  const table = await readTableFile({ name: 'h.CSV', bytes: Buffer.from(text) })
  const read = readRows(table, historyTable, { faults: new RowFaults(), today })
  t.same(read[0]?.row, { household_no: 'A,1', from: '2011-01', to: '2011-02', amount: 123450 })
  t.equal(read[0]?.place.line, 3)
})

t.test(
  'dates and numbers of a spreadsheet are read; digits that it lost are refused',
  async (t) => {
    const heads = ['身份证号', '银行', '账号', '户名', '起始日期']
    const bornDate = new Date(Date.UTC(2012, 4, 31))
    const good = await xlsxFile('a.xlsx', [
      heads,
      [identityNumber, '示例银行', 622200001, '王', bornDate],
    ])
    const faults = new RowFaults()
    const [read] = readRows(await readTableFile(good), accountsTable, { faults, today })
    t.equal(read?.row.account, '622200001')
    t.equal(read?.row.from, '2012-05-31')
    const lost = await xlsxFile('a.xlsx', [
      heads,
      ['x', '示例银行', 6222000012345678, '王', ''],
      [990101196003041300, '示例银行', 6222000012345678, '李', ''],
    ])
    await t.rejects(readTableFile(lost), {
      code: 'spreadsheet-cells-lost',
      facts: { file: 'a.xlsx', line: 2, columns: ['账号', '身份证号'] },
    })
  },
)

t.test('a file that can not be read is refused with its fault', async (t) => {
  const utf8 = csvFile('f.csv', rows).bytes
  const cut = Buffer.concat([utf8, Buffer.from([0xe6, 0x88, 0x0a])])
  t.same(await refusal(readTableFile({ name: 'f.csv', bytes: cut })), [
    'file-encoding-unknown',
    {
      file: 'f.csv',
      line: 4,
    },
  ])
  const latin = Buffer.from('household_no,from\ncaf\xe9,2011-01\n', 'latin1')
  t.same(await refusal(readTableFile({ name: 'f.csv', bytes: latin })), [
    'file-encoding-unknown',
    {
      file: 'f.csv',
      line: 2,
    },
  ])
  const wide = iconv.encode('户编号,起月\n', 'utf16')
  t.same(await refusal(readTableFile({ name: 'f.csv', bytes: wide })), [
    'file-encoding-unknown',
    {
      file: 'f.csv',
      line: 1,
    },
  ])
  t.same(await refusal(readTableFile({ name: 'f.csv', bytes: Buffer.alloc(0) })), [
    'file-empty',
    {
      file: 'f.csv',
    },
  ])
  t.same(await refusal(readTableFile(csvFile('f.csv', [header]))), [
    'file-empty',
    { file: 'f.csv' },
  ])
  t.same(await refusal(readTableFile({ name: 'f.doc', bytes: utf8 })), [
    'file-kind-unknown',
    {
      file: 'f.doc',
    },
  ])
  const quote = Buffer.from('户编号,起月\n"1,2011-01\n')
  await t.rejects(readTableFile({ name: 'f.csv', bytes: quote }), { code: 'table-broken' })
  const small = { bytes: 1000, rows: 1 }
  t.same(await refusal(readTableFile(csvFile('f.csv', rows), small)), [
    'too-many-rows',
    {
      file: 'f.csv',
      limit: 1,
    },
  ])
  t.same(await refusal(readTableFile(csvFile('f.csv', rows), { bytes: 9, rows: 9 })), [
    'file-too-large',
    {
      file: 'f.csv',
      limitBytes: 9,
    },
  ])
})

t.test('a broken spreadsheet is refused, whatever is broken of it', async (t) => {
  const { bytes } = await xlsxFile('f.xlsx', rows)
  const halves = [
    Buffer.from('no zip at all'),
    bytes.subarray(0, bytes.length / 2),
    bytes.subarray(0, bytes.length - 40),
    Buffer.concat([bytes.subarray(0, 60), Buffer.alloc(300), bytes.subarray(360)]),
    Buffer.concat([Buffer.from('PK\u0003\u0004'), bytes.subarray(bytes.length / 2)]),
  ]
  for (const broken of halves)
    await t.rejects(readTableFile({ name: 'f.xlsx', bytes: broken }), {
      code: 'spreadsheet-broken',
    })
})

t.test('wrong columns are all named at once', async (_t) => {
  const table = await readTableFile(
    csvFile('f.csv', [
      ['户编号', '户号', '颜色', '起月'],
      ['1', '1', '红', '2011-01'],
    ]),
  )
  const reading = Promise.resolve().then(() =>
    readRows(table, historyTable, { faults: new RowFaults(), today }),
  )
  t.same(await refusal(reading), [
    'columns-wrong',
    {
      file: 'f.csv',
      missing: ['历史止月 to', '历史金额 amount'],
      unknown: ['颜色'],
      twice: ['户号'],
    },
  ])
})

t.test('every bad cell is named with line, column and reason, and never repeated', async (t) => {
  const table = await readTableFile(
    csvFile('f.csv', [header, ['1', '2011-13', '2011-12', '1.234'], ['', '2011-01', '', '5']]),
  )
  const faults = new RowFaults()
  t.same(readRows(table, historyTable, { faults, today }), [])
  t.same(
    faults.all.map(({ line, column, code }) => [line, column, code]),
    [
      [2, '历史起月', 'cell-malformed'],
      [2, '历史金额', 'cell-malformed'],
      [3, '户编号', 'cell-empty'],
      [3, '历史止月', 'cell-empty'],
    ],
  )
  t.equal(faults.all[1]?.reason?.zh, '须为非负金额（元），最多两位小数')
  t.notMatch(JSON.stringify(faults.all), /1\.234/)
})

t.test('a date that only a slip of a key makes is a fault of its cell', async (t) => {
  const heads = ['户编号', '项目', '区划', '申请日期', '结清月']
  const place = ['urban-dibao', '990101001001']
  const rows = [
    ['1', ...place, '2012-06-15', '2014-06'],
    ['2', ...place, '3012-06-15', '2014-07'],
    ['3', ...place, '1890-06-15', '2012-05'],
  ]
  const faults = new RowFaults()
  const read = readRows(await readTableFile(csvFile('c.csv', [heads, ...rows])), casesTable, {
    faults,
    today,
  })
  t.same(
    read.map(({ row }) => row.household_no),
    ['1'],
  )
  const died = csvFile('d.csv', [['死亡日期'], ['2012-06-15'], ['2021-06-15']])
  readRows(await readTableFile(died), deathsTable, { faults, today })
  const latest = '2014-06'
  t.same(
    faults.all.map(({ line, column, code, facts }) => [line, column, code, facts]),
    [
      [3, '申请日期', 'month-too-far-ahead', { field: '申请日期', latest }],
      [3, '结清月', 'month-too-far-ahead', { field: '结清月', latest }],
      [4, '申请日期', 'date-too-long-ago', { field: '申请日期', earliest: '1900-01-01' }],
      [3, '死亡日期', 'fact-in-future', { field: '死亡日期', today }],
    ],
  )
  t.match(faults.all[3]?.reason?.zh, /不得晚于今天/)
  t.notMatch(JSON.stringify(faults.all), /3012|1890|2021/, 'what the cell holds is never repeated')
})

t.test('only what may not be left out is required', async (t) => {
  t.same(requiredColumns(casesTable), ['household_no', 'programme', 'division'])
})
