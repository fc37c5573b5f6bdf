import { getHeapStatistics } from 'node:v8'
import type { PoolClient } from '../../database/copy-rows.js'
import { openingOf } from '../../domain/case/case.js'
import type { CaseEvent } from '../../domain/case/events.js'
import { caseEvents } from '../../domain/case/events.js'
import { factsOf } from '../../domain/case/facts.js'
import type { Recorded } from '../../event-store/codec.js'
import type { Fold, FoldMode, Projection } from '../projection.js'
import type { RecordedEvent } from '../recorded-event.js'
import { createKey, insertRows, type Table, type TableRow, upsertRows } from '../tables.js'
import { hasRetractedLeaving } from './retracted-leavings.js'
import { rowsets } from './rowsets.js'
import { type ChangesByRowset, noChanges, type StoredCase, TrackedCase } from './tracked-case.js'

/** The cases as they are now, for decisions and for the next fold; rows as known stand beside. */
const caseState: Table = {
  name: 'case_state',
  columns: {
    case_id: 'text',
    version: 'integer',
    opened_ordinal: 'bigint',
    programme: 'text null',
    division: 'text null',
    urban_rural: 'text null',
    import_id: 'text null',
    next_row_no: 'integer',
    state: 'jsonb',
    row_nos: 'jsonb',
  },
  key: ['case_id'],
  indexes: ['(programme, case_id)', `(programme, case_id) WHERE ${hasRetractedLeaving}`],
}

/** Rolls, entitlement, movements, members, holds and reviews of every case, as known when. */
export const casesProjection: Projection = {
  name: 'cases',
  version: 5,
  tables: [caseState, ...rowsets.map((rowset) => rowset.table)],
  open: (mode) => new CasesFold(mode, roomFor[mode]),
}

/** The same projection with another room, for what must not depend on it. */
export function casesProjectionKeeping(facts: number): Projection {
  return { ...casesProjection, open: (mode) => new CasesFold(mode, facts) }
}

const selectCases = `
  SELECT case_id, opened_ordinal, next_row_no, state, row_nos
  FROM case_state
  WHERE case_id = ANY($1)`

/** What a fact of a case takes in memory with its rows, as measured, and generously. */
const bytesOfFact = 2_000
const shareOfHeap = 0.4

/**
 * Facts of cases kept in memory between batches: what is read again soon is not parsed again. A
 * rebuild keeps all that the process has room for, because what it lets go it must write, and
 * perhaps read again.
 */
const roomFor: Readonly<Record<FoldMode, number>> = {
  live: 50_000,
  rebuild: Math.floor((getHeapStatistics().heap_size_limit * shareOfHeap) / bytesOfFact),
}

/** Cases written at once when a rebuild ends. */
const writtenAtOnce = 5_000

class CasesFold implements Fold {
  readonly #rebuilding: boolean
  readonly #room: number
  /** Least recently touched first. */
  readonly #cases = new Map<string, TrackedCase>()
  readonly #dirty = new Set<TrackedCase>()
  #keptFacts = 0
  /** False as long as a rebuild has let nothing go: then there is nothing to load. */
  #anyStored: boolean
  #live: boolean

  constructor(mode: FoldMode, room: number) {
    this.#rebuilding = mode === 'rebuild'
    this.#live = !this.#rebuilding
    this.#anyStored = this.#live
    this.#room = room
  }

  async fold(batch: readonly RecordedEvent[], client: PoolClient): Promise<void> {
    const events = batch.filter(isCaseEvent)
    if (events.length === 0) return
    await this.#load(events, client)
    const changes = noChanges()
    for (const event of events) {
      const tracked = this.#touch(event)
      tracked.apply(event, changes)
      this.#keptFacts += 1
      this.#dirty.add(tracked)
    }
    const leaving = this.#leaving()
    await this.#write(client, changes, this.#live ? [...this.#dirty] : leaving)
    for (const tracked of leaving) this.#letGo(tracked)
  }

  async finish(client: PoolClient): Promise<void> {
    this.#live = true
    const all = [...this.#dirty]
    for (let at = 0; at < all.length; at += writtenAtOnce)
      await this.#writeRows(client, noChanges(), all.slice(at, at + writtenAtOnce))
    this.#anyStored = true
    this.forget()
  }

  forget(): void {
    this.#cases.clear()
    this.#dirty.clear()
    this.#keptFacts = 0
  }

  #keep(tracked: TrackedCase): void {
    this.#cases.set(tracked.caseId, tracked)
    this.#keptFacts += tracked.facts
  }

  #letGo(tracked: TrackedCase): void {
    this.#cases.delete(tracked.caseId)
    this.#keptFacts -= tracked.facts
  }

  async #load(events: readonly Recorded<CaseEvent>[], client: PoolClient): Promise<void> {
    if (!this.#anyStored) return
    const ids = new Set(events.map(caseIdOf))
    const missing = [...ids].filter((id) => !this.#cases.has(id))
    if (missing.length === 0) return
    const { rows } = await client.query<StoredCase>(selectCases, [missing])
    for (const row of rows) this.#keep(TrackedCase.from(row))
  }

  #touch(event: Recorded<CaseEvent>): TrackedCase {
    const id = caseIdOf(event)
    const tracked = this.#cases.get(id) ?? TrackedCase.fresh(id, event.ordinal)
    this.#cases.delete(id)
    this.#cases.set(id, tracked)
    return tracked
  }

  /** The cases that there is no room for, those touched longest ago first. */
  #leaving(): readonly TrackedCase[] {
    const leaving: TrackedCase[] = []
    let tooMany = this.#keptFacts - this.#room
    for (const tracked of this.#cases.values()) {
      if (tooMany <= 0) break
      leaving.push(tracked)
      tooMany -= tracked.facts
    }
    return leaving
  }

  /** From now on rows may end that are in their tables: they must be found by their key. */
  async #beginStoring(client: PoolClient): Promise<void> {
    if (this.#anyStored) return
    this.#anyStored = true
    for (const { table } of rowsets) await client.query(createKey(table))
  }

  async #write(
    client: PoolClient,
    changes: ChangesByRowset,
    cases: readonly TrackedCase[],
  ): Promise<void> {
    if (cases.length > 0) await this.#beginStoring(client)
    await this.#writeRows(client, changes, cases)
  }

  /** Writes rows that ended, and all of the cases given. */
  async #writeRows(
    client: PoolClient,
    changes: ChangesByRowset,
    cases: readonly TrackedCase[],
  ): Promise<void> {
    for (const tracked of cases) {
      tracked.flush(changes)
      this.#dirty.delete(tracked)
    }
    for (const [at, { table }] of rowsets.entries()) {
      await endRows(client, table, changes[at]?.ends ?? [])
      await insertRows(client, table, changes[at]?.inserts ?? [])
    }
    // Where nothing is stored yet, rows only have to be put there, which COPY does.
    const write = this.#anyStored ? upsertRows : insertRows
    await write(client, caseState, cases.map(stateRow))
  }
}

function isCaseEvent(event: RecordedEvent): event is Recorded<CaseEvent> {
  return Object.hasOwn(caseEvents, event.type)
}

function caseIdOf(event: Recorded<CaseEvent>): string {
  return event.stream.slice('case-'.length)
}

function stateRow(tracked: TrackedCase): TableRow {
  const { case_id, opened_ordinal, next_row_no, state, row_nos } = tracked.toStored()
  const opening = openingOf(state)
  const place = factsOf(state, 'CaseOpened')[0]?.data
  return [
    case_id,
    state.version,
    opened_ordinal,
    opening?.programme ?? null,
    place?.division ?? null,
    place?.urbanRural ?? null,
    opening?.importId ?? null,
    next_row_no,
    state,
    row_nos,
  ]
}

async function endRows(
  client: PoolClient,
  table: Table,
  ends: readonly { caseId: string; rowNo: number; knownTo: number }[],
): Promise<void> {
  if (ends.length === 0) return
  const statement = `
    UPDATE ${table.name} AS t SET known_to = e.known_to
    FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS e(case_id, row_no, known_to)
    WHERE t.case_id = e.case_id AND t.row_no = e.row_no`
  await client.query(statement, [
    ends.map((end) => end.caseId),
    ends.map((end) => end.rowNo),
    ends.map((end) => end.knownTo),
  ])
}
