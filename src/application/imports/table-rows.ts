import type { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import { datesOutOfReach } from '../dates-in-reach.js'
import { cellReasonOf } from './cells.js'
import { dateFault } from './date-fault.js'
import type { RowFaults, RowPlace } from './row-faults.js'
import type { RawRow, TableFile } from './table-file.js'

/** One kind of table: a strict row schema, and what else its columns may be called. */
export interface TableKind<Shape extends z.core.$ZodLooseShape> {
  readonly kind: string
  /** Chinese names of each column, the first one for templates; its key is the English name. */
  readonly names: Readonly<Record<keyof Shape & string, readonly [string, ...string[]]>>
  readonly row: z.ZodObject<Shape, z.core.$strict>
}

/** A row that was understood, and where it stands. */
export interface TableRow<Row> {
  readonly place: RowPlace
  readonly row: Row
}

/** Where faults go, and the day up to which things can have happened. */
export interface RowReading {
  readonly faults: RowFaults
  readonly today: PlainDate
}

/** Only columns that may be left out of a file are optional in the schema. */
export function requiredColumns<Shape extends z.core.$ZodLooseShape>({
  names,
  row,
}: TableKind<Shape>): readonly string[] {
  const absent = row.safeParse({}).error?.issues ?? []
  const missing = new Set(absent.map(({ path }) => String(path[0])))
  return Object.keys(names).filter((key) => missing.has(key))
}

/**
 * The rows of a file by a kind's schema; every cell that can't be read, and every date that only a
 * slip of a key makes, is a fault. An empty cell is an absent one.
 *
 * @throws DomainError columns-wrong, naming the missing, the unknown and the doubled columns
 */
export function readRows<Shape extends z.core.$ZodLooseShape>(
  table: TableFile,
  kind: TableKind<Shape>,
  { faults, today }: RowReading,
): readonly TableRow<z.infer<z.ZodObject<Shape, z.core.$strict>>>[] {
  const columns = columnsOf(table, kind)
  return table.rows.flatMap((raw) => {
    const place = { file: table.name, line: raw.line }
    const parsed = kind.row.safeParse(cellsByColumn(raw, columns))
    const headingOfKey = (key: string) => table.header.cells[columns.indexOf(key)] ?? key
    if (parsed.success) {
      const ahead = datesOutOfReach(parsed.data, today)
      for (const { error, field } of ahead) faults.add(place, dateFault(error, headingOfKey(field)))
      return ahead.length > 0 ? [] : [{ place, row: parsed.data }]
    }
    for (const issue of parsed.error.issues) {
      const key = String(issue.path[0])
      const at = columns.indexOf(key)
      const column = headingOfKey(key)
      const empty = (raw.cells[at] ?? '') === ''
      faults.add(place, {
        column,
        code: empty ? 'cell-empty' : 'cell-malformed',
        facts: { column },
        reason: empty ? null : cellReasonOf(issue.message),
      })
    }
    return []
  })
}

/** One column as it stands in the file, of every row. */
export function cellsOf<Shape extends z.core.$ZodLooseShape>(
  table: TableFile,
  kind: TableKind<Shape>,
  key: keyof Shape & string,
): readonly { readonly line: number; readonly text: string }[] {
  const at = columnsOf(table, kind).indexOf(key)
  return table.rows.map(({ cells, line }) => ({ line, text: cells[at] ?? '' }))
}

function cellsByColumn(raw: RawRow, columns: readonly string[]): Record<string, string> {
  const cells: Record<string, string> = {}
  for (const [at, key] of columns.entries()) {
    const text = raw.cells[at]
    if (text) cells[key] = text
  }
  return cells
}

/** The key of each column of the file, in its order. */
function columnsOf<Shape extends z.core.$ZodLooseShape>(
  table: TableFile,
  kind: TableKind<Shape>,
): readonly string[] {
  const keys = keysByName(kind)
  const headings = table.header.cells.filter((heading) => heading !== '')
  const unknown = headings.filter((heading) => !keys.has(headingOf(heading)))
  const found = table.header.cells.map((heading) => keys.get(headingOf(heading)) ?? '')
  const twice = headings.filter((heading, at) => {
    const key = keys.get(headingOf(heading))
    return key !== undefined && found.indexOf(key) !== at && found.includes(key)
  })
  const missing = requiredColumns(kind)
    .filter((key) => !found.includes(key))
    .map((key) => `${chineseName(kind, key)} ${key}`)
  if (unknown.length + twice.length + missing.length > 0)
    throw new DomainError('columns-wrong', { file: table.name, missing, unknown, twice })
  return found
}

function keysByName<Shape extends z.core.$ZodLooseShape>({
  names,
}: TableKind<Shape>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  for (const [key, chinese] of Object.entries<readonly string[]>(names))
    for (const name of [key, ...chinese]) keys.set(headingOf(name), key)
  return keys
}

function chineseName<Shape extends z.core.$ZodLooseShape>(
  { names }: TableKind<Shape>,
  key: string,
): string {
  const found = Object.entries<readonly string[]>(names).find(([name]) => name === key)
  return found?.[1][0] ?? key
}

/** A heading as it is compared: `户编号（必填）` and `Household No` are known too. */
function headingOf(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\(.*\)|\*/gu, '')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/gu, '_')
}
