/**
 * What a column holds, so that a writer can show it: `fen` is an amount in fen, shown in yuan;
 * `code` is text that must not be read as a number.
 */
export type ColumnKind = 'text' | 'code' | 'count' | 'fen' | 'month' | 'date'

export interface Column<Key extends string = string> {
  readonly key: Key
  readonly headerZh: string
  readonly headerEn: string
  readonly kind: ColumnKind
  /** The Chinese of the values that may stand here. */
  readonly words?: Readonly<Record<string, string>>
}

/** One row: a cell a column; null is an empty cell. */
export type Row<Key extends string = string> = Readonly<Record<Key, string | number | null>>

/** A list of any length: its columns, and rows that are read once, as they are made. */
export interface Table<Key extends string = string> {
  readonly titleZh: string
  readonly titleEn: string
  readonly columns: readonly Column<Key>[]
  readonly rows: AsyncIterable<Row<Key>>
}

/** A table by its columns; the keys of its rows follow from them. */
export function table<Key extends string>(parts: Table<Key>): Table<Key> {
  return parts
}
