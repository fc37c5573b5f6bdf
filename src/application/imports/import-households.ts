import { createHash } from 'node:crypto'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import { planHouseholds } from './plan-households.js'
import { RowFaults } from './row-faults.js'
import {
  type ImportOutcome,
  type ImportParts,
  type ImportRequest,
  runImport,
} from './run-import.js'
import { type ImportFile, readTableFile, type TableFile } from './table-file.js'
import { cellsOf, readRows, type TableRow } from './table-rows.js'
import { type CaseRow, casesTable, historyTable, membersTable } from './tables.js'

/** Files about households; together they are one import, each row checked with the others. */
export interface HouseholdFiles {
  readonly cases?: ImportFile | undefined
  readonly members?: ImportFile | undefined
  /** What earlier months were paid, for the opening position. */
  readonly history?: ImportFile | undefined
}

/**
 * Imports households: cases with their opening positions, and members. Members alone join cases
 * that exist. A household that was on the roll before the cut-over needs its members in the same
 * import.
 *
 * @throws DomainError of a file as a whole: see readTableFile and readRows
 */
export async function importHouseholds(
  parts: ImportParts,
  files: HouseholdFiles,
  request: ImportRequest,
): Promise<ImportOutcome> {
  const faults = new RowFaults()
  const tables = {
    cases: await tableOf(files.cases),
    members: await tableOf(files.members),
    history: await tableOf(files.history),
  }
  const reading = { faults, today: shanghaiDateOf(parts.clock.now()) }
  const cases = tables.cases ? readRows(tables.cases, casesTable, reading) : []
  const members = tables.members ? readRows(tables.members, membersTable, reading) : []
  const history = tables.history ? readRows(tables.history, historyTable, reading) : []
  const unread = new Set(tables.cases ? unreadHouseholds(tables.cases, cases) : [])
  return runImport(
    parts,
    {
      kind: files.cases ? 'cases' : 'members',
      rows: [tables.cases, tables.members, tables.history].reduce(rowsWith, 0),
      content: { cases: saidBy(cases), members: saidBy(members), history: saidBy(history) },
      fileDigest: digestOfFiles([tables.cases, tables.members, tables.history]),
      plan: ({ actor, importId }) => {
        const { onProgress } = request
        return planHouseholds(
          { cases, members, history, faults, unread },
          { parts, actor, importId, onProgress },
        )
      },
    },
    request,
  )
}

async function tableOf(file: ImportFile | undefined): Promise<TableFile | undefined> {
  return file ? readTableFile(file) : undefined
}

/** What the rows of cases that were not understood are about, as far as that can be read. */
function unreadHouseholds(table: TableFile, read: readonly TableRow<CaseRow>[]): readonly string[] {
  const lines = new Set(read.map(({ place }) => place.line))
  return cellsOf(table, casesTable, 'household_no')
    .filter(({ line }) => !lines.has(line))
    .flatMap(({ text }) => casesTable.row.shape.household_no.safeParse(text).data ?? [])
}

function rowsWith(sum: number, table: TableFile | undefined): number {
  return sum + (table?.rows.length ?? 0)
}

/** What rows say, in an order of their own: the same rows in another order say the same. */
export function saidBy(rows: readonly TableRow<object>[]): readonly string[] {
  return rows.map(({ row }) => JSON.stringify(Object.entries(row).sort())).sort()
}

/** One digest of several files: of the only one, or of all of theirs. */
export function digestOfFiles(tables: readonly (TableFile | undefined)[]): string {
  const digests = tables.flatMap((table) => table?.digest ?? [])
  const [only] = digests
  if (only !== undefined && digests.length === 1) return only
  return createHash('sha256').update(digests.join('\n')).digest('hex')
}
