import { DomainError } from '../../domain/errors.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import { type IdentityNumber, parseIdentityNumber } from '../../domain/values/identity-number.js'
import { type RowFault, RowFaults } from './row-faults.js'
import { type ImportFile, readTableFile } from './table-file.js'
import { readRows } from './table-rows.js'
import { deathsTable } from './tables.js'

/** One death as listed. A number that can't be right matches nobody and is no fault of the list. */
export interface DeathRow {
  readonly line: number
  readonly identityNumber: IdentityNumber | null
  readonly name: string | null
  readonly diedOn: PlainDate
}

export interface DeathRows {
  readonly rows: readonly DeathRow[]
  /** Rows whose date can't be read, is to come or differs from an earlier row's. */
  readonly faults: readonly RowFault[]
  readonly fileName: string
  readonly fileDigest: string
}

/**
 * Reads a list of deaths: identity number, name, date.
 *
 * @throws DomainError of the file as a whole: see readTableFile and readRows
 */
export async function readDeaths(file: ImportFile, today: PlainDate): Promise<DeathRows> {
  const table = await readTableFile(file)
  const faults = new RowFaults()
  const rows = readRows(table, deathsTable, { faults, today }).map(({ place, row }) => ({
    line: place.line,
    identityNumber: row.identity_number ? numberOrNull(row.identity_number) : null,
    name: row.name ?? null,
    diedOn: row.died_on,
  }))
  addSecondDates(rows, { faults, file: table.name })
  return { rows, faults: faults.all, fileName: table.name, fileDigest: table.digest }
}

/** Nobody dies twice: of one number with two days the second row is a fault. */
function addSecondDates(
  rows: readonly DeathRow[],
  { faults, file }: { readonly faults: RowFaults; readonly file: string },
): void {
  const first = new Map<IdentityNumber, DeathRow>()
  for (const row of rows) {
    if (row.identityNumber === null) continue
    const before = first.get(row.identityNumber)
    if (!before) first.set(row.identityNumber, row)
    else if (before.diedOn !== row.diedOn)
      faults.add(
        { file, line: row.line },
        {
          column: deathsTable.names.died_on[0],
          code: 'death-dates-differ',
          facts: { line: before.line, diedOn: before.diedOn },
          reason: null,
        },
      )
  }
}

function numberOrNull(text: string): IdentityNumber | null {
  try {
    return parseIdentityNumber(text)
  } catch (error) {
    if (error instanceof DomainError) return null
    throw error
  }
}
