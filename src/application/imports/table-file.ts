import { createHash } from 'node:crypto'
import { CsvError, parse } from 'csv-parse/sync'
import { DomainError } from '../../domain/errors.js'
import { readSpreadsheet } from './spreadsheet.js'
import { decodeText, type TextEncoding } from './text-encoding.js'

/** A file as it was handed in. The ending of its name says how to read it: .csv or .xlsx. */
export interface ImportFile {
  readonly name: string
  readonly bytes: Buffer
}

/** A row of texts, trimmed, with the line of the file (the row of the sheet) it stands on. */
export interface RawRow {
  readonly line: number
  readonly cells: readonly string[]
}

export interface TableFile {
  readonly name: string
  readonly header: RawRow
  /** Rows that have any text, in order. */
  readonly rows: readonly RawRow[]
  readonly encoding: TextEncoding | 'xlsx'
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly digest: string
}

export interface TableLimits {
  readonly bytes: number
  readonly rows: number
}

export const tableLimits: TableLimits = { bytes: 256 * 1024 * 1024, rows: 1_000_000 }

/**
 * Reads a CSV or XLSX file: header and rows as texts.
 *
 * @throws DomainError file-kind-unknown, file-empty, file-too-large, file-encoding-unknown,
 *   spreadsheet-broken, table-broken, too-many-rows
 */
export async function readTableFile(
  file: ImportFile,
  limits: TableLimits = tableLimits,
): Promise<TableFile> {
  const { bytes, name } = file
  if (bytes.length > limits.bytes)
    throw new DomainError('file-too-large', { file: name, limitBytes: limits.bytes })
  if (bytes.length === 0) throw new DomainError('file-empty', { file: name })
  const { encoding, lines } = await naming(name, () => linesOf(file, limits))
  const [header, ...rows] = lines.filter((row) => row.cells.some((cell) => cell !== ''))
  if (!header || rows.length === 0) throw new DomainError('file-empty', { file: name })
  if (rows.length > limits.rows)
    throw new DomainError('too-many-rows', { file: name, limit: limits.rows })
  return { name, header, rows, encoding, digest: digestOf(bytes) }
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

interface Lines {
  readonly encoding: TableFile['encoding']
  readonly lines: readonly RawRow[]
}

async function linesOf({ name, bytes }: ImportFile, limits: TableLimits): Promise<Lines> {
  const ending = name.toLowerCase().split('.').at(-1)
  if (ending === 'xlsx') {
    return { encoding: 'xlsx', lines: await readSpreadsheet(bytes, limits.rows) }
  }
  if (ending !== 'csv') throw new DomainError('file-kind-unknown')
  const { text, encoding } = decodeText(bytes)
  return { encoding, lines: csvLines(text) }
}

function csvLines(text: string): readonly RawRow[] {
  try {
    const rows: RawRow[] = []
    parse(text, {
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      onRecord: (cells: string[], { lines }) => {
        rows.push({ line: lines, cells })
        return null
      },
    })
    return rows
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new DomainError('table-broken', { line: lineOf(error), reason: error.code })
  }
}

function lineOf(error: object): number {
  return 'lines' in error && typeof error.lines === 'number' ? error.lines : 1
}

/** Every refusal about the file says which file. */
async function naming<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new DomainError(error.code, { file, ...error.facts })
  }
}
