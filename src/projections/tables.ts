import { type ColumnValue, copyRows, type PoolClient } from '../database/copy-rows.js'

export type ColumnType =
  | 'text'
  | 'text null'
  | 'integer'
  | 'integer null'
  | 'bigint'
  | 'bigint null'
  | 'boolean'
  | 'jsonb'
  | 'jsonb null'

/** One table of a read model, declared once: its DDL, its inserts and its checks follow. */
export interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnType>>
  /** Columns of the primary key, in order. */
  readonly key: readonly string[]
  /** Rows that only a rebuild inserts and nobody looks up meanwhile: it makes their key last. */
  readonly keyedLast?: boolean
  /** A condition for rows that say nothing: whether they are there makes no difference. */
  readonly blankWhen?: string
  /** What stands behind `ON table` in CREATE INDEX: `(division, case_id)`. */
  readonly indexes?: readonly string[]
}

/** Values in the order of the table's columns. */
export type TableRow = readonly ColumnValue[]

/** Open rows are known until this ordinal: the largest integer that JSON carries exactly. */
export const stillKnown = Number.MAX_SAFE_INTEGER

export function columnsOf(table: Table): readonly string[] {
  return Object.keys(table.columns)
}

export function createTable(table: Table): string {
  const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${ddlOf(type)}`)
  return `CREATE TABLE ${table.name} (${columns.join(', ')})`
}

/** The key's index: writers look rows up by it. */
export function createKey({ name, key }: Table): string {
  return `CREATE UNIQUE INDEX IF NOT EXISTS ${name}_key ON ${name} (${key.join(', ')})`
}

/** The other indexes, for readers: apart, so that a rebuild makes them last. */
export function createIndexes({ name, indexes = [] }: Table): readonly string[] {
  return indexes.map(
    (index, at) => `CREATE INDEX IF NOT EXISTS ${name}_${at + 1} ON ${name} ${index}`,
  )
}

function ddlOf(type: ColumnType): string {
  const [base = 'text', nullable] = type.split(' ')
  // Ranges of codes and keyset paging need one order on every server, whatever its locale.
  const collated = base === 'text' ? 'text COLLATE "C"' : base
  return nullable ? collated : `${collated} NOT NULL`
}

/** From how many rows on COPY is faster than one INSERT. */
const copyFromRows = 200

/** Inserts rows in one statement; a row that is there already is an error. */
export async function insertRows(
  client: PoolClient,
  table: Table,
  rows: readonly TableRow[],
): Promise<void> {
  if (rows.length === 0) return
  if (rows.length >= copyFromRows) {
    await copyRows(client, `${table.name} (${columnsOf(table).join(', ')})`, rows)
    return
  }
  await client.query(insertStatement(table), columnArrays(table, rows))
}

/** Inserts rows, or puts them in the place of those with the same key. */
export async function upsertRows(
  client: PoolClient,
  table: Table,
  rows: readonly TableRow[],
): Promise<void> {
  if (rows.length === 0) return
  const others = columnsOf(table).filter((column) => !table.key.includes(column))
  const changes = others.map((column) => `${column} = EXCLUDED.${column}`).join(', ')
  const onConflict = `ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${changes}`
  await client.query(`${insertStatement(table)} ${onConflict}`, columnArrays(table, rows))
}

function insertStatement(table: Table): string {
  const columns = columnsOf(table)
  const casts = columns.map((name) => `u.${name}::${(table.columns[name] ?? '').split(' ')[0]}`)
  const arrays = columns.map((_, at) => `$${at + 1}::text[]`)
  return `INSERT INTO ${table.name} (${columns.join(', ')})
    SELECT ${casts.join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${columns.join(', ')})`
}

function columnArrays(table: Table, rows: readonly TableRow[]): (string | null)[][] {
  return columnsOf(table).map((_, at) => rows.map((row) => asText(row[at] ?? null)))
}

function asText(value: ColumnValue): string | null {
  if (value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
