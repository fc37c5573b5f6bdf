import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { DomainError } from '../../domain/errors.js'
import { instant } from '../../domain/values/calendar.js'
import { ordinal } from '../../domain/values/identifiers.js'
import type { AppendOutcome } from '../event-store.js'
import { clockToleranceMilliseconds, type PreparedAppend } from '../prepared-append.js'
import { appendParameters, missingStream, noStream, type Placed } from './append-parameters.js'
import { isConnectionLoss, isDataRefusal, isTimeout } from './failures.js'

export type Clock = 'real' | 'simulated'

interface OutcomeRow {
  readonly kind: AppendOutcome['kind']
  readonly version: number
  readonly ordinal: number
  readonly store_clock: string
}

type Result = AppendOutcome | Error

const appendSql = `
SELECT kind, version, ordinal, store_clock
FROM ledger.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`

const versionsSql = `
SELECT stream, (
  SELECT version
  FROM ledger.events
  WHERE stream = wanted.stream
  ORDER BY version DESC
  LIMIT 1
) AS version
FROM unnest($1::text[]) AS wanted (stream)`

const existsAttempts = 10

/** Writes batches through `ledger.append` and finds out what became of them. */
export class AppendWriter {
  readonly #pool: pg.Pool
  readonly #settleMilliseconds: number
  readonly #tolerance: string | null

  constructor(
    pool: pg.Pool,
    { clock, settleMilliseconds }: { readonly clock: Clock; readonly settleMilliseconds: number },
  ) {
    this.#pool = pool
    this.#settleMilliseconds = settleMilliseconds
    this.#tolerance = clock === 'real' ? `${clockToleranceMilliseconds} milliseconds` : null
  }

  /** One outcome an append, in order. Keys differ within the batch. */
  async write(appends: readonly PreparedAppend[]): Promise<readonly Result[]> {
    const outcomes = await this.#writeKnown(await this.#place(appends))
    for (let attempt = 1; attempt < existsAttempts; attempt += 1) {
      const late = [...outcomes.entries()].filter(([at, outcome]) =>
        wasOvertaken(appends[at], outcome),
      )
      if (late.length === 0) break
      const again = late.flatMap(([at]) => appends[at] ?? [])
      const newOutcomes = await this.#writeKnown(await this.#place(again))
      for (const [index, [at, overtaken]] of late.entries())
        outcomes[at] = newOutcomes[index] ?? overtaken
    }
    return outcomes
  }

  async #writeKnown(placed: readonly Placed[]): Promise<Result[]> {
    try {
      return await this.#send(placed)
    } catch (error) {
      if (isTimeout(error)) throw new DomainError('log-busy', { reason: 'timeout' })
      if (!isDataRefusal(error)) throw error
      if (placed.length === 1) return [error]
    }
    // What the database refuses must not fail its neighbours: they are written by themselves.
    const results: Result[] = []
    for (const one of placed) results.push(...(await this.#writeKnown([one])))
    return results
  }

  /** A connection lost in COMMIT leaves the outcome unknown: the same keys are sent again. */
  async #send(placed: readonly Placed[]): Promise<AppendOutcome[]> {
    const values = [...appendParameters(placed), this.#tolerance]
    const end = performance.now() + this.#settleMilliseconds
    for (let pause = 50; ; pause = Math.min(pause * 2, 2000)) {
      try {
        const { rows } = await this.#pool.query<OutcomeRow>({
          name: 'ledger-append',
          text: appendSql,
          values,
        })
        return rows.map(outcomeOf)
      } catch (error) {
        if (!isConnectionLoss(error)) throw error
        if (performance.now() > end)
          throw new DomainError('log-unreachable', { failure: error.message })
      }
      await sleep(pause)
    }
  }

  async #place(appends: readonly PreparedAppend[]): Promise<readonly Placed[]> {
    const streams = appends.flatMap(({ append }) =>
      append.expected === 'exists' ? [append.stream] : [],
    )
    const versions =
      streams.length > 0 ? await this.#versions(streams) : new Map<string, number | null>()
    return appends.map((prepared) => ({ prepared, expected: expectedOf(prepared, versions) }))
  }

  async #versions(streams: readonly string[]): Promise<Map<string, number | null>> {
    const { rows } = await this.#pool.query<{ stream: string; version: number | null }>(
      versionsSql,
      [streams],
    )
    return new Map(rows.map(({ stream, version }) => [stream, version]))
  }
}

function expectedOf(
  { append }: PreparedAppend,
  versions: ReadonlyMap<string, number | null>,
): number {
  if (append.expected === 'none') return noStream
  if (append.expected === 'exists') return versions.get(append.stream) ?? missingStream
  return append.expected
}

function wasOvertaken(prepared: PreparedAppend | undefined, outcome: Result): boolean {
  return (
    !(outcome instanceof Error) &&
    prepared?.append.expected === 'exists' &&
    outcome.kind === 'conflict' &&
    outcome.actual !== 'none'
  )
}

function outcomeOf(row: OutcomeRow): AppendOutcome {
  switch (row.kind) {
    case 'appended':
    case 'replayed':
      return { kind: row.kind, version: row.version, ordinal: ordinal(row.ordinal) }
    case 'conflict':
      return { kind: 'conflict', actual: row.version < 0 ? 'none' : row.version }
    case 'key-reused':
      return { kind: 'key-reused' }
    case 'clock-refused':
      return { kind: 'clock-refused', storeClock: instant(row.store_clock) }
  }
}
