import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import iconv from 'iconv-lite'
import { DomainError } from '../../domain/errors.js'
import { type Fen, fen, parseYuan } from '../../domain/values/money.js'
import type { AnswerField, AnswerLayout } from './bank-layout.js'

/** One row of a bank's answer file, as far as it can be read. */
export interface AnswerRow {
  /** The row of the file, from 1. */
  readonly row: number
  /** Null where the row names no line number that can be read. */
  readonly line: number | null
  /** Null for a code that the layout does not know. */
  readonly outcome: 'credited' | 'returned' | 'partial' | null
  /** Null where the file has no such column, or nothing readable in it. */
  readonly creditedFen: Fen | null
  readonly reason: string | null
}

/** The rows of an answer file. A row that can't be read is a row too: nothing stops the file. */
export async function* readAnswers(
  layout: AnswerLayout,
  bytes: Uint8Array,
): AsyncGenerator<AnswerRow> {
  const waiting: (readonly string[])[] = []
  let row = 0
  for await (const cells of cellsOf(layout, bytes)) {
    waiting.push(cells)
    if (waiting.length <= layout.trailerLines) continue
    const next = waiting.shift()
    row += 1
    if (next && row > layout.headerLines) yield answerRow(layout, next, row)
  }
}

function cellsOf(layout: AnswerLayout, bytes: Uint8Array): AsyncIterable<readonly string[]> {
  return layout.format === 'fixed' ? fixedCells(layout, bytes) : delimitedCells(layout, bytes)
}

async function* delimitedCells(
  layout: Extract<AnswerLayout, { format: 'delimited' }>,
  bytes: Uint8Array,
): AsyncGenerator<readonly string[]> {
  const rows = Readable.from(pieces(bytes))
    .pipe(iconv.decodeStream(layout.encoding))
    .pipe(
      parse({
        bom: true,
        delimiter: layout.delimiter,
        relaxColumnCount: true,
        relaxQuotes: true,
        skipEmptyLines: true,
      }),
    )
  for await (const cells of rows) yield textsOf(cells)
}

function textsOf(cells: unknown): readonly string[] {
  return Array.isArray(cells) ? cells.map(String) : []
}

const pieceBytes = 64 * 1024

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Cut by bytes: neither encoding has a line feed inside a character. */
async function* fixedCells(
  layout: Extract<AnswerLayout, { format: 'fixed' }>,
  bytes: Uint8Array,
): AsyncGenerator<readonly string[]> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(lineFeed, start)
    const next = found < 0 ? bytes.length : found
    const end = bytes[next - 1] === carriageReturn ? next - 1 : next
    if (end > start) yield cutBy(layout, bytes.subarray(start, end))
    start = next + 1
  }
}

function cutBy(
  layout: Extract<AnswerLayout, { format: 'fixed' }>,
  record: Uint8Array,
): readonly string[] {
  let at = 0
  return layout.columns.map(({ width }) => {
    const cell = iconv.decode(Buffer.from(record.subarray(at, at + width)), layout.encoding)
    at += width
    return cell
  })
}

function answerRow(layout: AnswerLayout, cells: readonly string[], row: number): AnswerRow {
  const cell = (field: AnswerField) =>
    cells[layout.columns.findIndex((column) => column.field === field)]?.trim() ?? ''
  const code = cell('outcome')
  return {
    row,
    line: wholeNumber(cell('lineNumber')),
    outcome: Object.hasOwn(layout.outcomes, code) ? (layout.outcomes[code] ?? null) : null,
    creditedFen: amountOf(cell('creditedAmount'), layout.amountUnit),
    reason: cell('reason').slice(0, 200) || null,
  }
}

function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

function amountOf(text: string, unit: AnswerLayout['amountUnit']): Fen | null {
  if (unit === 'fen') {
    const amount = wholeNumber(text)
    return amount === null ? null : fen(amount)
  }
  try {
    return parseYuan(text)
  } catch (error) {
    if (error instanceof DomainError) return null
    throw error
  }
}
