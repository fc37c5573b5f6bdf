import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { stringify } from 'csv-stringify/sync'
import ExcelJS from 'exceljs'
import { checkCharacterOf } from '../../domain/values/identity-number.js'
import type { ImportFile } from './table-file.js'
import { requiredColumns } from './table-rows.js'
import { importTables } from './tables.js'

type Kind = keyof typeof importTables

const digits = '99010119500515001'
const exampleNumber = `${digits}${checkCharacterOf(digits)}`

/** One invented row of each kind; region 99 is nobody's. */
const examples: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  cases: {
    household_no: 'A-0001',
    programme: 'urban-dibao',
    division: '990101001001',
    urban_rural: '城市',
    class: 'general',
    entry_month: '2010-03',
    settled_through: '2011-12',
    source: '原系统',
    income: '300.00',
    base_amount: '740.00',
  },
  history: {
    household_no: 'A-0001',
    from: '2010-03',
    to: '2010-12',
    amount: '650.00',
    component: 'base',
  },
  members: {
    household_no: 'A-0001',
    identity_number: exampleNumber,
    name: '示例甲',
    relation: '户主',
    head: '是',
    assessed: '是',
    covered: '是',
  },
  accounts: {
    identity_number: exampleNumber,
    bank: '示例银行',
    account: '6222000012345678',
    holder: '示例甲',
    from: '2012-01-01',
  },
  deaths: { identity_number: exampleNumber, name: '示例甲', died_on: '2012-01-31' },
  campaign: { household_no: 'A-0001', tier: '一档', amount: '500.00' },
}

/** A template of each kind of import, as CSV with a mark and as XLSX with text columns. */
export async function templateFiles(): Promise<readonly ImportFile[]> {
  const files: ImportFile[] = []
  for (const kind of kinds()) {
    const rows = rowsOf(kind)
    files.push({ name: `${kind}.csv`, bytes: Buffer.from(stringify([...rows], { bom: true })) })
    files.push({ name: `${kind}.xlsx`, bytes: await spreadsheetOf(rows) })
  }
  return files
}

function kinds(): readonly Kind[] {
  return ['cases', 'history', 'members', 'accounts', 'deaths', 'campaign']
}

/** The Chinese headings, a star on what must be filled in, and the example. */
function rowsOf(kind: Kind): readonly (readonly string[])[] {
  const names: Readonly<Record<string, readonly string[]>> = importTables[kind].names
  const required = requiredOf(kind)
  const keys = Object.keys(names)
  const headings = keys.map(
    (key) => `${names[key]?.[0] ?? key}${required.includes(key) ? '*' : ''}`,
  )
  return [headings, keys.map((key) => examples[kind][key] ?? '')]
}

function requiredOf(kind: Kind): readonly string[] {
  switch (kind) {
    case 'cases':
      return requiredColumns(importTables.cases)
    case 'history':
      return requiredColumns(importTables.history)
    case 'members':
      return requiredColumns(importTables.members)
    case 'accounts':
      return requiredColumns(importTables.accounts)
    case 'deaths':
      return requiredColumns(importTables.deaths)
    case 'campaign':
      return requiredColumns(importTables.campaign)
  }
}

async function spreadsheetOf(rows: readonly (readonly string[])[]): Promise<Buffer> {
  const stream = new PassThrough()
  // To its end: what the writer has finished may not be read yet.
  const bytes = buffer(stream)
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true })
  const sheet = book.addWorksheet('导入')
  // Text columns: a number of 18 digits would lose its last three.
  sheet.columns = (rows[0] ?? []).map(() => ({ width: 18, style: { numFmt: '@' } }))
  for (const row of rows) sheet.addRow([...row]).commit()
  sheet.commit()
  await book.commit()
  return bytes
}
