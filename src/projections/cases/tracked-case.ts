import type { CaseEvent } from '../../domain/case/events.js'
import { type Case, evolveCase, noCase } from '../../domain/case/facts.js'
import { codec, type Recorded } from '../../event-store/codec.js'
import { stillKnown, type TableRow } from '../tables.js'
import { type Rowset, rowsets } from './rowsets.js'

/** A row known now, with its number within the case. */
interface OpenRow {
  readonly rowNo: number
  readonly values: TableRow
  readonly knownFrom: number
  /** In the table already; its end is then an update. */
  stored: boolean
}

/** What a table is to be told: whole new rows, and known rows that end. */
export interface RowChanges {
  readonly inserts: TableRow[]
  readonly ends: { caseId: string; rowNo: number; knownTo: number }[]
}

/** Changes by the place of their rowset in `rowsets`. */
export type ChangesByRowset = readonly RowChanges[]

export function noChanges(): ChangesByRowset {
  return rowsets.map(() => ({ inserts: [], ends: [] }))
}

/** A case row as the table `case_state` keeps it. */
export interface StoredCase {
  readonly case_id: string
  readonly opened_ordinal: number
  readonly next_row_no: number
  readonly state: Case
  /** Numbers of the known rows, by rowset, in the order in which `rowsOf` gives the rows. */
  readonly row_nos: Readonly<Record<string, readonly number[]>>
}

/** A case in memory: its facts, and the rows that follow from them as known now. */
export class TrackedCase {
  readonly caseId: string
  readonly openedOrdinal: number
  #state: Case
  #nextRowNo: number
  readonly #open: OpenRow[][]

  private constructor(stored: StoredCase) {
    this.caseId = stored.case_id
    this.openedOrdinal = stored.opened_ordinal
    this.#state = stored.state
    this.#nextRowNo = stored.next_row_no
    this.#open = rowsets.map((rowset) => storedRows(rowset, stored))
  }

  static fresh(caseId: string, openedOrdinal: number): TrackedCase {
    const nothing = { next_row_no: 0, state: noCase, row_nos: {} }
    return new TrackedCase({ case_id: caseId, opened_ordinal: openedOrdinal, ...nothing })
  }

  static from(stored: StoredCase): TrackedCase {
    return new TrackedCase(stored)
  }

  get state(): Case {
    return this.#state
  }

  /** How many events it was made of. */
  get facts(): number {
    return this.#state.version + 1
  }

  /** Takes one event; rows that end go to `changes`, rows that begin wait for `flush`. */
  apply(event: Recorded<CaseEvent>, changes: ChangesByRowset): void {
    if (event.version !== this.#state.version + 1)
      throw new Error(`a case at ${this.#state.version} was given version ${event.version}`)
    // Without its envelope: the state is stored, and decisions are made on it.
    this.#state = evolveCase(this.#state, codec.eventOf('case', event))
    for (const [at, rowset] of rowsets.entries())
      if (rowset.causedBy.has(event.type)) this.#derive(at, event.ordinal, changes)
  }

  /** Matches new rows with those known before: equal ones stay, the others end or begin. */
  #derive(at: number, ordinal: number, changes: ChangesByRowset): void {
    const before = this.#open[at] ?? []
    const rows = rowsets[at]?.rowsOf(this.#state) ?? []
    const head = sameFromStart(before, rows)
    const tail = sameFromEnd(before.slice(head), rows.slice(head))
    const waiting = before.slice(head, before.length - tail)
    const between = rows.slice(head, rows.length - tail).map((values) => {
      const found = waiting.findIndex((row) => areSame(row.values, values))
      const [same] = found < 0 ? [] : waiting.splice(found, 1)
      return same ?? this.#begin(values, ordinal)
    })
    if (between.length === 0 && waiting.length === 0) return
    this.#open[at] = [...before.slice(0, head), ...between, ...before.slice(before.length - tail)]
    for (const row of waiting) this.#end(row, ordinal, changes[at])
  }

  #begin(values: TableRow, knownFrom: number): OpenRow {
    this.#nextRowNo += 1
    return { rowNo: this.#nextRowNo, values, knownFrom, stored: false }
  }

  #end(row: OpenRow, knownTo: number, changes: RowChanges | undefined): void {
    if (row.stored) changes?.ends.push({ caseId: this.caseId, rowNo: row.rowNo, knownTo })
    else changes?.inserts.push(this.#tableRow(row, knownTo))
  }

  #tableRow(row: OpenRow, knownTo: number): TableRow {
    return [this.caseId, row.rowNo, row.knownFrom, knownTo, ...row.values]
  }

  /** Hands over the rows that are known now and not yet in their tables. */
  flush(changes: ChangesByRowset): void {
    for (const [at, rows] of this.#open.entries())
      for (const row of rows) {
        if (row.stored) continue
        changes[at]?.inserts.push(this.#tableRow(row, stillKnown))
        row.stored = true
      }
  }

  toStored(): StoredCase {
    const numbers = rowsets.map(({ table }, at) => [
      table.name,
      (this.#open[at] ?? []).map((row) => row.rowNo),
    ])
    return {
      case_id: this.caseId,
      opened_ordinal: this.openedOrdinal,
      next_row_no: this.#nextRowNo,
      state: this.#state,
      row_nos: Object.fromEntries(numbers),
    }
  }
}

function storedRows(rowset: Rowset, stored: StoredCase): OpenRow[] {
  const numbers = stored.row_nos[rowset.table.name] ?? []
  if (numbers.length === 0) return []
  return rowset.rowsOf(stored.state).map((values, at) => {
    const rowNo = numbers[at]
    if (rowNo === undefined) throw new Error(`${rowset.table.name} lost the number of a row`)
    return { rowNo, values, knownFrom: 0, stored: true }
  })
}

function areSame(left: TableRow, right: TableRow): boolean {
  return left.every((value, at) => value === right[at])
}

function sameFromStart(before: readonly OpenRow[], rows: readonly TableRow[]): number {
  const at = before.findIndex((row, place) => {
    const values = rows[place]
    return values === undefined || !areSame(row.values, values)
  })
  return at < 0 ? before.length : at
}

function sameFromEnd(before: readonly OpenRow[], rows: readonly TableRow[]): number {
  let count = 0
  for (;;) {
    const [row, values] = [before.at(-1 - count), rows.at(-1 - count)]
    if (!row || !values || !areSame(row.values, values)) return count
    count += 1
  }
}
