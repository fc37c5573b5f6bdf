import { stringify } from 'csv-stringify/sync'
import { type Column, cellText } from './column.js'
import { type ExportFile, headersOf, isSimulated, simulatedMark } from './export-file.js'

const byteOrderMark = '\uFEFF'

/**
 * A list as CSV for spreadsheets: UTF-8 with BOM, CRLF (RFC 4180), Chinese headers. Text that a
 * spreadsheet would run as a formula begins with an apostrophe; numbers are left as they are.
 */
export async function* csvOf<Row>(file: ExportFile<Row>): AsyncGenerator<string> {
  yield byteOrderMark + lines([headersOf(file)])
  for await (const rows of file.pages)
    if (rows.length > 0) yield lines(rows.map((row) => recordOf(row, file)))
}

function recordOf<Row>(row: Row, file: ExportFile<Row>): readonly string[] {
  const cells = file.columns.map((column) => csvCell(row, column))
  return isSimulated(file) ? [...cells, simulatedMark] : cells
}

function csvCell<Row>(row: Row, column: Column<Row>): string {
  const text = cellText(row, column) ?? ''
  const isNumber = column.kind === 'yuan' || column.kind === 'count'
  return isNumber ? text : withoutFormula(text)
}

/** Also after spaces, and the full-width signs that some spreadsheets take for the others. */
function withoutFormula(text: string): string {
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(text) ? `'${text}` : text
}

function lines(records: readonly (readonly string[])[]): string {
  return stringify(
    records.map((record) => [...record]),
    { record_delimiter: 'windows' },
  )
}
