import type { CaseEvent } from '../../domain/case/events.js'
import type { Recorded } from '../../event-store/codec.js'
import { rowsets, sharedColumns } from '../cases/rowsets.js'
import type { ReadSession } from '../read-model.js'
import { columnsOf, stillKnown } from '../tables.js'
import { type Findings, plainText } from './difference.js'
import { forEver, PlainCase } from './plain-case.js'
import { monthlyTables, monthsToRead, plainReviews, plainRowsIn } from './plain-rows.js'

interface KnownRow {
  readonly row_no: number
  readonly known_from: number
  readonly known_to: number
  readonly from: number
  readonly to: number
  /** The values besides months, as text. */
  readonly text: string
}

type RowsByTable = ReadonlyMap<string, ReadonlyMap<string, readonly KnownRow[]>>

/** The rows of some cases, by table and case. */
export async function rowsOfCases(
  session: ReadSession,
  caseIds: readonly string[],
): Promise<RowsByTable> {
  const byTable = new Map<string, ReadonlyMap<string, readonly KnownRow[]>>()
  for (const { table } of rowsets) {
    const rows = await session.rows<Readonly<Record<string, unknown>>>(
      `SELECT ${columnsOf(table).join(', ')} FROM ${table.name} WHERE case_id = ANY($1)`,
      [caseIds],
    )
    const byCase = new Map<string, KnownRow[]>()
    for (const row of rows) {
      const caseId = String(row['case_id'])
      byCase.set(caseId, [...(byCase.get(caseId) ?? []), knownRow(row)])
    }
    byTable.set(table.name, byCase)
  }
  return byTable
}

const notValues = new Set([...Object.keys(sharedColumns), 'from_month', 'to_month', 'month'])

function knownRow(row: Readonly<Record<string, unknown>>): KnownRow {
  const number = (name: string) => Number(row[name])
  const values = Object.entries(row).filter(([name]) => !notValues.has(name))
  return {
    row_no: number('row_no'),
    known_from: number('known_from'),
    known_to: number('known_to'),
    from: 'month' in row ? number('month') : number('from_month'),
    to: 'month' in row ? number('month') : number('to_month'),
    text: plainText(values.map(([, value]) => value)),
  }
}

/** Compares all rows of one case after each of its events, month by month. */
export function checkCase(
  findings: Findings,
  events: readonly Recorded<CaseEvent>[],
  rows: RowsByTable,
): void {
  const caseId = (events[0]?.stream ?? '').slice('case-'.length)
  const of = (table: string) => rows.get(table)?.get(caseId) ?? []
  const months = [...monthsToRead(events), forEver]
  for (const { table } of rowsets) {
    findings.counted(table.name, of(table.name).length)
    checkOrdinals(findings, { table: table.name, caseId }, { rows: of(table.name), events })
  }
  for (const [at, { ordinal }] of events.entries()) {
    const plain = new PlainCase(events.slice(0, at + 1))
    const known = (table: string) =>
      of(table).filter((row) => row.known_from <= ordinal && ordinal < row.known_to)
    for (const table of monthlyTables)
      for (const month of months)
        findings.compare(
          { table, where: `case ${caseId}, month ${month}, known at ${ordinal}` },
          plainRowsIn[table](plain, month).map(plainText),
          known(table)
            .filter((row) => row.from <= month && month <= row.to)
            .map((row) => row.text),
        )
    findings.compare(
      { table: 'case_review', where: `case ${caseId}, known at ${ordinal}` },
      plainReviews(plain).map(plainText),
      known('case_review').map((row) => row.text),
    )
  }
}

/** Rows become known and unknown with events of their case, and with nothing else. */
function checkOrdinals(
  findings: Findings,
  at: { readonly table: string; readonly caseId: string },
  given: { readonly rows: readonly KnownRow[]; readonly events: readonly Recorded<CaseEvent>[] },
): void {
  const ordinals = new Set<number>(given.events.map((event) => event.ordinal))
  for (const row of given.rows) {
    const isEnd = row.known_to === stillKnown || ordinals.has(row.known_to)
    if (isEnd && ordinals.has(row.known_from)) continue
    findings.add({
      table: at.table,
      where: `case ${at.caseId}, row ${row.row_no}`,
      expected: 'known from and to events of the case',
      found: `known from ${row.known_from} to ${row.known_to}`,
    })
  }
}

interface StateRow {
  readonly case_id: string
  readonly version: number
  readonly opened_ordinal: number
  readonly programme: string | null
  readonly division: string | null
  readonly urban_rural: string | null
  readonly import_id: string | null
  readonly next_row_no: number
  readonly state: unknown
  readonly row_nos: Readonly<Record<string, readonly number[]>>
}

const selectStates = `
  SELECT case_id, version, opened_ordinal, programme, division, urban_rural, import_id,
    next_row_no, state, row_nos
  FROM case_state WHERE case_id = ANY($1)`

/** The newest facts of some cases as stored, by case. */
export async function statesOfCases(
  session: ReadSession,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, StateRow>> {
  const rows = await session.rows<StateRow>(selectStates, [caseIds])
  return new Map(rows.map((row) => [row.case_id, row]))
}

export function checkState(
  findings: Findings,
  given: { readonly events: readonly Recorded<CaseEvent>[]; readonly rows: RowsByTable },
  stored: StateRow | undefined,
): void {
  const { events, rows } = given
  const caseId = (events[0]?.stream ?? '').slice('case-'.length)
  const plain = new PlainCase(events)
  const numbers = rowsets.map(({ table }): [string, readonly number[]] => {
    const open = rows.get(table.name)?.get(caseId) ?? []
    const current = open.filter((row) => row.known_to === stillKnown)
    return [table.name, current.map((row) => row.row_no).sort((a, b) => a - b)]
  })
  const all = rowsets.flatMap(({ table }) => rows.get(table.name)?.get(caseId) ?? [])
  const opened = plain.opened?.data
  const expected = {
    case_id: caseId,
    version: events.length - 1,
    opened_ordinal: events[0]?.ordinal ?? -1,
    programme: opened?.programme ?? null,
    division: opened?.division ?? null,
    urban_rural: opened?.urbanRural ?? null,
    import_id: opened?.importId ?? null,
    next_row_no: all.length,
    state: {
      version: events.length - 1,
      facts: plain.stands.map(plainFact),
      retractions: plainRetractions(events),
    },
    row_nos: Object.fromEntries(numbers),
  }
  const found = stored && { ...stored, row_nos: sortedNumbers(stored.row_nos) }
  findings.counted('case_state', 1)
  findings.compare(
    { table: 'case_state', where: `case ${caseId}` },
    [plainText(expected)],
    found ? [plainText(found)] : [],
  )
}

function plainFact(event: Recorded<CaseEvent>): object {
  const { workings: _workings, ...data } = { workings: null, ...event.data }
  return { type: event.type, data, version: event.version }
}

/** The first retraction of each event; one that says it again finds nothing. */
function plainRetractions(events: readonly Recorded<CaseEvent>[]): readonly object[] {
  const gone = new Set<number>()
  const retractions: object[] = []
  for (const { data, type, version } of events) {
    if (type !== 'FactRetracted' || gone.has(data.retractsVersion)) continue
    const retracted = events.find((other) => other.version === data.retractsVersion)
    if (!retracted || retracted.version > version || retracted.type === 'FactRetracted') continue
    gone.add(data.retractsVersion)
    retractions.push({ version, by: data.by, fact: plainFact(retracted) })
  }
  return retractions
}

function sortedNumbers(numbers: StateRow['row_nos']): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    Object.entries(numbers).map(([table, list]) => [table, [...list].sort((a, b) => a - b)]),
  )
}
