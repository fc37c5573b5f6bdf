import { Readable } from 'node:stream'
import ExcelJS from 'exceljs'
import { DomainError } from '../../domain/errors.js'
import type { RawRow } from './table-file.js'

/** More digits than a number of a spreadsheet keeps: the last ones would be zeros. */
const digitsKept = 15

/**
 * The rows of the first sheet of an XLSX file as texts, streamed. Dates become `YYYY-MM-DD`.
 * Refuses `spreadsheet-broken` for what is no readable XLSX.
 */
export async function readSpreadsheet(bytes: Buffer, rowLimit: number): Promise<readonly RawRow[]> {
  if (bytes.toString('latin1', 0, 2) !== 'PK') throw broken('not a zip archive')
  // A zip without its end record makes the reader wait for ever or hand out half of the rows.
  if (!bytes.subarray(-66_000).includes('PK\u0005\u0006', 0, 'latin1')) throw broken('cut off')
  try {
    return await rowsOf(bytes, rowLimit)
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw broken('unreadable')
  }
}

async function rowsOf(bytes: Buffer, rowLimit: number): Promise<readonly RawRow[]> {
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(Readable.from([bytes]), {
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    worksheets: 'emit',
    entries: 'emit',
  })
  for await (const sheet of reader) {
    const rows: RawRow[] = []
    for await (const row of sheet) {
      rows.push({ line: row.number, cells: cellsOf(row) })
      if (rows.length > rowLimit + 1) throw new DomainError('too-many-rows', { limit: rowLimit })
    }
    return rows
  }
  throw broken('no sheet')
}

function cellsOf(row: ExcelJS.Row): readonly string[] {
  const cells: string[] = []
  row.eachCell({ includeEmpty: true }, (cell, column) => {
    cells[column - 1] = textOf(cell.value, row.number)
  })
  return Array.from(cells, (text) => text ?? '')
}

function textOf(value: ExcelJS.CellValue, line: number): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number') return numberText(value, line)
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if ('richText' in value)
    return value.richText
      .map((part) => part.text)
      .join('')
      .trim()
  if ('text' in value) return textOf(value.text, line)
  if ('result' in value) return textOf(value.result, line)
  throw broken('a cell with an error or a formula without a result', line)
}

function numberText(value: number, line: number): string {
  if (Math.abs(value) < 10 ** digitsKept) return String(value)
  throw broken('a number of over 15 digits lost its last ones: format the column as text', line)
}

function broken(reason: string, line?: number): DomainError {
  return new DomainError('spreadsheet-broken', line === undefined ? { reason } : { reason, line })
}
