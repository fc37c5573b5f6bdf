import type { CaseEvent } from '../../domain/case/events.js'
import type { PersonEvent } from '../../domain/person/events.js'
import { beforeFirst, type Ordinal } from '../../domain/values/identifiers.js'
import type { Recorded } from '../../event-store/codec.js'
import type { EventStore, StoredEvent } from '../../event-store/event-store.js'
import { leafHash } from '../../integrity/leaf-hash.js'
import { rowsets } from '../cases/rowsets.js'
import type { NameIndex } from '../people/projection.js'
import type { AsOf, ReadModel, ReadSession } from '../read-model.js'
import { type RecordedEvent, recordedEvent } from '../recorded-event.js'
import { blockShifts } from '../totals/changes.js'
import { checkCase, checkState, rowsOfCases, statesOfCases } from './case-check.js'
import { type Difference, Findings, plainText } from './difference.js'
import { paymentTables, readRun } from './plain-payments.js'
import { personTables, readPerson } from './plain-people.js'
import { registerRowsOf } from './plain-registers.js'
import { PlainTotals } from './plain-totals.js'

export interface CheckOptions {
  readonly store: EventStore
  readonly model: ReadModel
  readonly names: NameIndex
  readonly shifts?: typeof blockShifts
  readonly onProgress?: (progress: {
    readonly stage: 'log' | 'cases' | 'people' | 'runs'
    readonly done: number
    readonly of: number
  }) => void
}

export interface CheckReport {
  /** The first difference of each table that has one; empty when every row is right. */
  readonly differences: readonly Difference[]
  /** Rows compared, by table. */
  readonly rows: Readonly<Record<string, number>>
  readonly asOf: AsOf
}

/**
 * Derives every row of the read models anew from the log, by reading the events by hand, and names
 * the first row of each table that is other. Looks at one position; the projector goes on
 * meanwhile. Holds ids of all streams, one case, person or run at a time, and the total cells.
 */
export async function checkReadModel(options: CheckOptions): Promise<CheckReport> {
  return options.model.read(async (session) => {
    const check = new Check(options, session)
    await check.run()
    return { ...check.findings.result, asOf: session.asOf }
  })
}

const atOnce = 200
const eventsAtOnce = 2000

class Check {
  readonly findings = new Findings()
  readonly #options: CheckOptions
  readonly #session: ReadSession
  readonly #totals: PlainTotals
  readonly #cases: string[] = []
  readonly #people: string[] = []
  /** Streams of each run, its own first. */
  readonly #runs = new Map<string, string[]>()

  constructor(options: CheckOptions, session: ReadSession) {
    this.#options = options
    this.#session = session
    this.#totals = new PlainTotals(options.shifts ?? blockShifts)
  }

  async run(): Promise<void> {
    await this.#readLog()
    for (const [at, ids] of pages(this.#cases)) {
      await this.#checkCases(ids)
      this.#progress('cases', at, this.#cases.length)
    }
    for (const [at, ids] of pages(this.#people)) {
      await this.#checkPeople(ids)
      this.#progress('people', at, this.#people.length)
    }
    for (const [at, runId] of [...this.#runs.keys()].entries()) {
      await this.#checkRun(runId)
      this.#progress('runs', at + 1, this.#runs.size)
    }
    await this.#totals.check(this.findings, this.#session)
    await this.#checkCounts()
  }

  #progress(stage: 'log' | 'cases' | 'people' | 'runs', done: number, of: number): void {
    this.#options.onProgress?.({ stage, done, of })
  }

  /** Compares the registers on the way and remembers which streams there are. */
  async #readLog(): Promise<void> {
    const end = this.#session.asOf.ordinal
    let after: Ordinal = beforeFirst
    while (after < end) {
      const limit = Math.min(eventsAtOnce, end - after)
      const stored = await this.#options.store.readAll({ after, limit })
      for (const event of stored) this.#checkHash(event)
      const events = stored.map(recordedEvent)
      const last = events.at(-1)
      if (!last) throw new Error(`the log ends at ${after}, before the read model at ${end}`)
      for (const event of events) this.#remember(event)
      await this.#checkRegisters(events, { after, upTo: last.ordinal })
      after = last.ordinal
      this.#progress('log', after + 1, end + 1)
    }
  }

  /** An event that was changed in the log itself: no rebuild would find it. */
  #checkHash(event: StoredEvent): void {
    this.findings.counted('log', 1)
    const found = leafHash(event)
    if (found === event.leafHash) return
    const where = `ordinal ${event.ordinal}: ${event.stream} version ${event.version}`
    this.findings.add({ table: 'log', where, expected: event.leafHash, found })
  }

  #remember({ stream, version, type }: RecordedEvent): void {
    if (version !== 0) return
    if (stream.startsWith('case-')) this.#cases.push(stream.slice('case-'.length))
    else if (stream.startsWith('person-')) this.#people.push(stream.slice('person-'.length))
    else if (/^paymentRun/.test(stream)) {
      const runId = /^[A-Za-z]+-(.{36})/.exec(stream)?.[1] ?? type
      this.#runs.set(runId, [...(this.#runs.get(runId) ?? []), stream])
    }
  }

  async #checkRegisters(
    events: readonly RecordedEvent[],
    range: { readonly after: number; readonly upTo: number },
  ): Promise<void> {
    const expected = new Map(events.map((event) => [event.ordinal, registerRowsOf(event)]))
    for (const table of ['register_fact', 'recovery_entry'] as const) {
      const rows = await this.#session.rows<{ readonly ordinal: Ordinal }>(
        `SELECT * FROM ${table} WHERE ordinal > $1 AND ordinal <= $2`,
        [range.after, range.upTo],
      )
      this.findings.counted(table, rows.length)
      const found = textsBy(rows, (row) => row.ordinal)
      for (const [ordinal, wanted] of expected) {
        const texts = found.get(ordinal) ?? []
        this.findings.compare({ table, where: `ordinal ${ordinal}` }, wanted[table], texts)
      }
    }
  }

  async #events(stream: string): Promise<readonly RecordedEvent[]> {
    const stored = await this.#options.store.readStream(stream)
    return stored.filter((event) => event.ordinal <= this.#session.asOf.ordinal).map(recordedEvent)
  }

  async #checkCases(ids: readonly string[]): Promise<void> {
    const rows = await rowsOfCases(this.#session, ids)
    const states = await statesOfCases(this.#session, ids)
    for (const id of ids) {
      const events = (await this.#events(`case-${id}`)).filter(isCaseEvent)
      checkCase(this.findings, events, rows)
      checkState(this.findings, { events, rows }, states.get(id))
      this.#totals.addCase(events)
    }
  }

  async #checkPeople(ids: readonly string[]): Promise<void> {
    const found = new Map<string, ReadonlyMap<string, readonly string[]>>()
    for (const table of personTables) found.set(table, await this.#textsBy(table, ids))
    for (const id of ids) {
      const events = (await this.#events(`person-${id}`)).filter(isPersonEvent)
      const person = await readPerson(events, this.#options.names)
      for (const table of personTables) {
        const rows = found.get(table)?.get(id) ?? []
        this.findings.counted(table, rows.length)
        this.findings.compare({ table, where: `person ${id}` }, person[table], rows)
      }
    }
  }

  async #textsBy(
    table: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.#session.rows<{ person_id: string }>(
      `SELECT * FROM ${table} WHERE person_id = ANY($1)`,
      [ids],
    )
    return textsBy(rows, (row) => row.person_id)
  }

  async #checkRun(runId: string): Promise<void> {
    const streams = this.#runs.get(runId) ?? []
    const events: RecordedEvent[] = []
    for (const stream of streams) events.push(...(await this.#events(stream)))
    events.sort((a, b) => a.ordinal - b.ordinal)
    const run = readRun(events)
    for (const paid of run.paid) this.#totals.add(paid.ordinal, paid.cell, paid.sums)
    for (const table of paymentTables) {
      const rows = await this.#session.rows(`SELECT * FROM ${table} WHERE run_id = $1`, [runId])
      this.findings.counted(table, rows.length)
      this.findings.compare({ table, where: `run ${runId}` }, run.rows[table], rows.map(plainText))
    }
  }

  /** Rows of nobody known to the log are compared with nothing above: they show in the count. */
  async #checkCounts(): Promise<void> {
    const compared = this.findings.result.rows
    const others = ['case_state', 'register_fact', 'recovery_entry']
    const tables = [...rowsets.map(({ table }) => table.name), ...paymentTables, ...personTables]
    for (const table of [...tables, ...others]) {
      const [found] = await this.#session.rows<{ count: number }>(
        `SELECT COUNT(*)::integer AS count FROM ${table}`,
      )
      const [expected, count] = [compared[table] ?? 0, found?.count ?? 0]
      if (expected === count) continue
      const where = 'rows that no stream of the log accounts for'
      this.findings.add({ table, where, expected: `${expected} rows`, found: `${count} rows` })
    }
  }
}

function* pages(ids: readonly string[]): Generator<[done: number, ids: readonly string[]]> {
  for (let at = 0; at < ids.length; at += atOnce)
    yield [Math.min(at + atOnce, ids.length), ids.slice(at, at + atOnce)]
}

function isCaseEvent(event: RecordedEvent): event is Recorded<CaseEvent> {
  return event.stream.startsWith('case-')
}

function isPersonEvent(event: RecordedEvent): event is Recorded<PersonEvent> {
  return event.stream.startsWith('person-')
}

function textsBy<Row, Key>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): ReadonlyMap<Key, readonly string[]> {
  const texts = new Map<Key, string[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const same = texts.get(key)
    if (same) same.push(plainText(row))
    else texts.set(key, [plainText(row)])
  }
  return texts
}
