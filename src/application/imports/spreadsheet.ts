import { Readable } from 'node:stream'
import ExcelJS from 'exceljs'
import { DomainError } from '../../domain/errors.js'
import type { RawRow } from './table-file.js'

/** More digits than a number of a spreadsheet keeps: the last ones would be zeros. */
const digitsKept = 15

/**
 * The rows of the first sheet of an XLSX file as texts, streamed. Dates become `YYYY-MM-DD`.
 * Refuses `spreadsheet-broken` for what is no readable XLSX, and `spreadsheet-cells-lost` for cells
 * that do not hold what was typed, with all columns of them.
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
    const lost = new LostCells()
    for await (const row of sheet) {
      rows.push({ line: row.number, cells: cellsOf(row, lost) })
      if (rows.length > rowLimit + 1) throw new DomainError('too-many-rows', { limit: rowLimit })
    }
    lost.assertNone(rows)
    return rows
  }
  throw broken('no sheet')
}

function cellsOf(row: ExcelJS.Row, lost: LostCells): readonly string[] {
  const cells: string[] = []
  row.eachCell({ includeEmpty: true }, (cell, column) => {
    const text = textOf(cell.value)
    if (typeof text !== 'string') lost.add(text, { column, line: row.number })
    cells[column - 1] = typeof text === 'string' ? text : ''
  })
  return Array.from(cells, (text) => text ?? '')
}

/** Why a cell does not hold what was typed into it. */
type Lost = { readonly reason: 'digits' | 'formula' }

function textOf(value: ExcelJS.CellValue): string | Lost {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if ('richText' in value)
    return value.richText
      .map((part) => part.text)
      .join('')
      .trim()
  if ('text' in value) return textOf(value.text)
  if ('result' in value) return textOf(value.result)
  return { reason: 'formula' }
}

function numberText(value: number): string | Lost {
  return Math.abs(value) < 10 ** digitsKept ? String(value) : { reason: 'digits' }
}

/** Cells that lost what was typed, with all columns of them: one look at the file is enough. */
class LostCells {
  readonly #columns = new Map<number, number>()
  #reason: Lost['reason'] | undefined

  add({ reason }: Lost, at: { readonly column: number; readonly line: number }): void {
    this.#reason ??= reason
    if (reason === this.#reason && !this.#columns.has(at.column))
      this.#columns.set(at.column, at.line)
  }

  assertNone(rows: readonly RawRow[]): void {
    const [line] = [...this.#columns.values()].sort((left, right) => left - right)
    if (this.#reason === undefined || line === undefined) return
    const header = rows[0]?.cells ?? []
    const columns = [...this.#columns.keys()].map((column) => header[column - 1] || `第${column}列`)
    throw new DomainError('spreadsheet-cells-lost', { reason: this.#reason, line, columns })
  }
}

function broken(reason: string): DomainError {
  return new DomainError('spreadsheet-broken', { reason })
}
