import type { Pool, PoolClient } from '../database/copy-rows.js'
import { DomainError } from '../domain/errors.js'
import type { Ordinal } from '../domain/values/identifiers.js'
import type { EventStore, StoredEvent } from '../event-store/event-store.js'
import { advanceTo, foldApart } from './batch.js'
import {
  type Checkpoint,
  claimReadModel,
  createAllIndexes,
  createReadModel,
  isMadeBy,
  type Lease,
  liveSchema,
  selectCheckpoint,
} from './checkpoint.js'
import type { Fold, Projection } from './projection.js'
import { ensureReadModel } from './projector.js'
import { recordedEvent } from './recorded-event.js'
import { columnsOf, type Table } from './tables.js'

const nextSchema = 'read_model_next'
const oldSchema = 'read_model_old'

export interface RebuildOptions {
  readonly pool: Pool
  readonly store: EventStore
  readonly projections: readonly Projection[]
  /** Events folded and written in one go. */
  readonly eventsAtOnce?: number
  readonly onProgress?: (progress: { readonly ordinal: Ordinal; readonly head: Ordinal }) => void
}

export interface Rebuilt {
  /** The newest event in the tables when they became the live ones. */
  readonly ordinal: Ordinal
  readonly milliseconds: number
  /**
   * Tables whose rows were other in the old read model; empty when it was right. Null when it could
   * not be compared: it was of other projection versions, or behind the log.
   */
  readonly differences: readonly string[] | null
}

/**
 * Builds all read models anew beside the live ones, catches up, compares, and puts them in their
 * place in one transaction. Reads go on all the while; the projector of whichever process goes on
 * with the new tables. Errors: 'read-model-rebuilding' when another rebuild is under way.
 */
export async function rebuildReadModel(options: RebuildOptions): Promise<Rebuilt> {
  const started = performance.now()
  await ensureReadModel(options.pool, options.projections)
  const sessions: PoolClient[] = []
  try {
    const client = await openSession(options.pool, sessions)
    await lockRebuild(client)
    const builder = await Builder.begin(
      [client, await openSession(options.pool, sessions)],
      options,
    )
    await builder.replay(await options.store.head())
    await builder.finish()
    const { ordinal, differences } = await switchTo(builder, options)
    return { ordinal, differences, milliseconds: Math.round(performance.now() - started) }
  } finally {
    // Ends the sessions and with them the lock and their settings.
    for (const session of sessions) session.release(true)
  }
}

async function openSession(pool: Pool, sessions: PoolClient[]): Promise<PoolClient> {
  const client = await pool.connect()
  sessions.push(client)
  // The rows are derived: what a crash loses of them is built again from the log.
  await client.query('SET synchronous_commit TO off')
  return client
}

const lockOfRebuild = "SELECT pg_try_advisory_lock(hashtext('read-model'), 3) AS locked"

async function lockRebuild(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>(lockOfRebuild)
  if (!rows[0]?.locked) throw new DomainError('read-model-rebuilding')
}

const usualEventsAtOnce = 5000

/** Two sessions: while the database takes the rows of one, this process folds for the other. */
type Sessions = readonly [PoolClient, PoolClient]

/** The tables that are being filled, and how far they are. */
class Builder {
  readonly #sessions: Sessions
  readonly #options: RebuildOptions
  readonly #folds: readonly Fold[]
  #lease: Lease
  /** From then on folds read and sum what others wrote: one after the other. */
  #isBuilt = false

  private constructor(sessions: Sessions, options: RebuildOptions, lease: Lease) {
    this.#sessions = sessions
    this.#options = options
    this.#folds = options.projections.map((projection) => projection.open('rebuild'))
    this.#lease = lease
  }

  static async begin(sessions: Sessions, options: RebuildOptions): Promise<Builder> {
    const [client] = sessions
    await client.query(`DROP SCHEMA IF EXISTS ${nextSchema} CASCADE`)
    await client.query('BEGIN')
    await createReadModel(client, options.projections, { schema: nextSchema, indexes: false })
    const { epoch, ordinal } = await claimReadModel(client, 'rebuild')
    await client.query('COMMIT')
    return new Builder(sessions, options, { epoch, ordinal })
  }

  get ordinal(): Ordinal {
    return this.#lease.ordinal
  }

  /** Folds what the log holds up to an ordinal, reading one batch while another is written. */
  async replay(upTo: Ordinal): Promise<void> {
    const { store, onProgress, eventsAtOnce = usualEventsAtOnce } = this.#options
    const readAfter = (after: Ordinal) =>
      store.readAll({ after, limit: Math.max(0, Math.min(eventsAtOnce, upTo - after)) })
    let reading = readAfter(this.ordinal)
    for (;;) {
      const events = await reading
      const last = events.at(-1)
      if (!last) return
      reading = readAfter(last.ordinal)
      // It is awaited only when this batch is written; until then its failure must wait too.
      reading.catch(() => undefined)
      await this.#write(events)
      onProgress?.({ ordinal: this.ordinal, head: upTo })
    }
  }

  /** A crash between the sessions leaves tables that nobody reads, and the next rebuild drops. */
  async #write(stored: readonly StoredEvent[]): Promise<void> {
    const events = stored.map(recordedEvent)
    const [first, second] = this.#sessions
    const fold = (client: PoolClient, folds: readonly Fold[]) =>
      foldApart({ client, schema: nextSchema, folds }, events)
    const [own, others] = [this.#folds.slice(0, 1), this.#folds.slice(1)]
    const written = await Promise.allSettled(
      this.#isBuilt ? [fold(first, this.#folds)] : [fold(first, own), fold(second, others)],
    )
    for (const one of written) if (one.status === 'rejected') throw one.reason
    this.#lease = await advanceTo({ client: first, schema: nextSchema }, this.#lease, stored)
  }

  /** Writes what the folds kept in memory, and makes the indexes, of finished tables first. */
  async finish(): Promise<void> {
    const [first, second] = this.#sessions
    const [own, ...others] = this.#folds
    const summing = this.#options.projections.slice(-1)
    if (own) await finishFolds(first, [own])
    const finished = await Promise.allSettled([
      finishFolds(first, others).then(() => finishTables(first, summing)),
      finishTables(second, this.#options.projections.slice(0, -1)),
    ])
    for (const one of finished) if (one.status === 'rejected') throw one.reason
    this.#isBuilt = true
  }
}

async function finishFolds(client: PoolClient, folds: readonly Fold[]): Promise<void> {
  await client.query(`BEGIN; SET LOCAL search_path TO ${nextSchema}`)
  for (const fold of folds) await fold.finish(client)
  await client.query('COMMIT')
}

async function finishTables(client: PoolClient, projections: readonly Projection[]): Promise<void> {
  await client.query(`BEGIN; SET LOCAL search_path TO ${nextSchema}`)
  await createAllIndexes(client, projections)
  await client.query('COMMIT')
  for (const table of allTables(projections))
    await client.query(`ANALYZE ${nextSchema}.${table.name}`)
}

function allTables(projections: readonly Projection[]): readonly Table[] {
  return projections.flatMap((projection) => projection.tables)
}

/** Holds the live projector back, catches up with it, compares, and changes the names. */
async function switchTo(
  builder: Builder,
  { pool, store, projections }: RebuildOptions,
): Promise<Pick<Rebuilt, 'ordinal' | 'differences'>> {
  await builder.replay(await store.head())
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<Checkpoint>(`${selectCheckpoint(liveSchema)} FOR UPDATE`)
    const [live] = rows
    if (!live) throw new Error('a read model without its checkpoint')
    await builder.replay(live.ordinal)
    const comparable = isMadeBy(live, projections) && builder.ordinal === live.ordinal
    const differences = comparable ? await differencesOf(client, allTables(projections)) : null
    await changeNames(client, live.epoch)
    await client.query('COMMIT')
    await client.query(`DROP SCHEMA ${oldSchema} CASCADE`)
    return { ordinal: builder.ordinal, differences }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

async function changeNames(client: PoolClient, epoch: number): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${oldSchema} CASCADE`)
  // A projector that waits for the old row must find its lease void in the old table and the new.
  await client.query(`UPDATE ${liveSchema}.checkpoint SET epoch = epoch + 1`)
  await client.query(`UPDATE ${nextSchema}.checkpoint SET epoch = $1`, [epoch + 2])
  await client.query(`ALTER SCHEMA ${liveSchema} RENAME TO ${oldSchema}`)
  await client.query(`ALTER SCHEMA ${nextSchema} RENAME TO ${liveSchema}`)
}

/** Tables whose rows differ between the two schemas, by count and an order-free sum of hashes. */
async function differencesOf(
  client: PoolClient,
  tables: readonly Table[],
): Promise<readonly string[]> {
  const differences: string[] = []
  for (const table of tables) {
    const [live, next] = [
      await digestOf(client, liveSchema, table),
      await digestOf(client, nextSchema, table),
    ]
    if (live !== next) differences.push(table.name)
  }
  return differences
}

async function digestOf(client: PoolClient, schema: string, table: Table): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(`
    SELECT COUNT(*)::text || ' ' || COALESCE(SUM(hashtextextended(
      ROW(${columnsOf(table).join(', ')})::text, 0)::numeric), 0)::text AS digest
    FROM ${schema}.${table.name}
    WHERE NOT (${table.blankWhen ?? 'false'})`)
  return rows[0]?.digest ?? ''
}
