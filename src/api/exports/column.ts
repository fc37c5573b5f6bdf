import assert from 'node:assert'
import { fen, formatYuan } from '../../domain/values/money.js'

/** What stands in a column. `yuan` takes fen and shows yuan; `count` is a whole number. */
export type ColumnKind = 'text' | 'month' | 'date' | 'yuan' | 'count'

/** One column of a list in a file. */
export interface Column<Row> {
  readonly key: keyof Row & string
  readonly headerZh: string
  readonly headerEn: string
  readonly kind: ColumnKind
  /** The Chinese of the values that may stand here, alone or in a list. */
  readonly words?: Readonly<Record<string, string>>
}

/** A value as a file shows it: text, or a number that is exact. */
export type Cell = string | number | null

/** What a column shows of a row; money as yuan with two decimals, made from fen by digits alone. */
export function cellText<Row>(row: Row, column: Column<Row>): string | null {
  const value: unknown = row[column.key]
  if (value === null || value === undefined) return null
  if (column.kind === 'yuan') return formatYuan(fen(wholeNumber(value, column.key)))
  if (column.kind === 'count') return String(wholeNumber(value, column.key))
  if (typeof value === 'boolean') return value ? '是' : '否'
  const wordOf = (one: unknown) => column.words?.[String(one)] ?? String(one)
  return Array.isArray(value) ? value.map(wordOf).join('、') : wordOf(value)
}

/** Excel keeps 15 digits: what has more, or would not read back the same, stays text. */
const exactDigits = 15

/**
 * The number that a spreadsheet shows for a decimal text, or the text itself where the number
 * would not be exactly that.
 */
export function exactNumber(text: string): Cell {
  const number = Number(text)
  const digits = text.replace(/\D/g, '').replace(/^0+/, '')
  const decimals = text.split('.')[1]?.length ?? 0
  return digits.length <= exactDigits && number.toFixed(decimals) === text ? number : text
}

function wholeNumber(value: unknown, key: string): number {
  assert(typeof value === 'number' && Number.isSafeInteger(value), `${key} is no whole number`)
  return value
}
