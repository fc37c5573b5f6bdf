import { setTimeout as pause } from 'node:timers/promises'
import type { Pool, PoolClient } from '../database/copy-rows.js'
import { beforeFirst, type Ordinal } from '../domain/values/identifiers.js'
import type { EventStore, StoredEvent } from '../event-store/event-store.js'
import { describeError, isPassing, writeBatch } from './batch.js'
import {
  type Checkpoint,
  claimReadModel,
  createReadModel,
  type Halt,
  isMadeBy,
  type Lease,
  LeaseLost,
  liveSchema,
  recordHalt,
  selectCheckpoint,
} from './checkpoint.js'
import { Heartbeat } from './heartbeat.js'
import type { Fold, Projection } from './projection.js'
import { Statistics } from './statistics.js'

export interface ProjectorOptions {
  readonly pool: Pool
  readonly store: EventStore
  readonly projections: readonly Projection[]
  /** Who writes, shown in the checkpoint: host and process. */
  readonly owner: string
  /** Told once, when it halts: an operator must act. */
  readonly onHalt?: (halt: Halt) => void
  /** Told when it lost the database or its lease, and goes on by itself. */
  readonly onInterruption?: (reason: string) => void
  /** How long to wait before another try for the lease or the database. */
  readonly retryMilliseconds?: number
  /** A holder that was silent for so long has lost the lease, whatever it thinks itself. */
  readonly leaseMilliseconds?: number
}

export interface ProjectorStatus {
  /** The newest event in the read model; -1 for none. */
  readonly ordinal: Ordinal
  /** The newest event in the log. */
  readonly head: Ordinal
  readonly lag: number
  readonly halted: Halt | null
  /** Whether the tables are of other projection versions and must be rebuilt. */
  readonly outdated: boolean
  /** Whether this process is the one that writes. */
  readonly leading: boolean
}

const leaseMillisecondsByDefault = 15_000
/** Within a batch the holder works itself, and says nothing to the database meanwhile. */
const batchInLeases = 4

/**
 * Keeps the read model behind the log. Any number of processes may run one; an advisory lock lets
 * one write, and the epoch in the checkpoint keeps out an owner that lost the lock unnoticed. The
 * lock is a lease: the server ends the session of a holder that is not heard of.
 */
export class Projector {
  readonly #options: ProjectorOptions
  readonly #stopping = new AbortController()
  readonly #folds: readonly Fold[]
  #running: Promise<void> | undefined
  #leading = false
  #reached: Ordinal = beforeFirst
  #wakeWaiting = new Set<() => void>()

  constructor(options: ProjectorOptions) {
    this.#options = options
    this.#folds = options.projections.map((projection) => projection.open('live'))
  }

  /** Makes the tables where there are none, then follows the log until `stop`. */
  async start(): Promise<void> {
    await ensureReadModel(this.#options.pool, this.#options.projections)
    this.#running = this.#run()
  }

  get #leaseMilliseconds(): number {
    return this.#options.leaseMilliseconds ?? leaseMillisecondsByDefault
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async status(): Promise<ProjectorStatus> {
    const { pool, store, projections } = this.#options
    const [checkpoint, head] = await Promise.all([checkpointOf(pool), store.head()])
    return {
      ordinal: checkpoint.ordinal,
      head,
      lag: head - checkpoint.ordinal,
      halted: checkpoint.halted,
      outdated: !isMadeBy(checkpoint, projections),
      leading: this.#leading,
    }
  }

  /** Whether the read model got as far as `ordinal` within the time. */
  async waitFor(ordinal: Ordinal, timeoutMilliseconds: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMilliseconds
    while (this.#reached < ordinal) {
      const left = deadline - performance.now()
      if (left <= 0) return false
      if (this.#leading) await this.#nextBatch(left)
      else {
        this.#reached = (await checkpointOf(this.#options.pool)).ordinal
        if (this.#reached < ordinal) await pause(Math.min(20, left))
      }
    }
    return true
  }

  #nextBatch(timeoutMilliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#wakeWaiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, timeoutMilliseconds)
      this.#wakeWaiting.add(wake)
    })
  }

  async #run(): Promise<void> {
    const { retryMilliseconds = 500, onInterruption } = this.#options
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#lead()
      } catch (error) {
        if (error instanceof Halted) return
        onInterruption?.(describeError(error))
      }
      this.#leading = false
      for (const wake of this.#wakeWaiting) wake()
      await pause(retryMilliseconds, undefined, { signal: this.#stopping.signal }).catch(() => {})
    }
  }

  /** Leads while it can: holds the lock, follows the log; returns when stopped or not chosen. */
  async #lead(): Promise<void> {
    const client = await this.#options.pool.connect()
    const lost = new AbortController()
    client.on('error', () => lost.abort())
    try {
      if (!(await tryLock(client))) return
      await client.query(`SET search_path TO ${liveSchema}`)
      await client.query(sessionEndsWithLease(this.#leaseMilliseconds))
      // A crash may take back the last batches with their checkpoint: they are folded again.
      await client.query('SET synchronous_commit TO off')
      const checkpoint = await claimReadModel(client, this.#options.owner)
      if (!isMadeBy(checkpoint, this.#options.projections)) return
      await this.#follow(client, checkpoint, AbortSignal.any([this.#stopping.signal, lost.signal]))
    } finally {
      for (const fold of this.#folds) fold.forget()
      // Closing the session is what surely gives the lock back.
      client.release(true)
    }
  }

  async #follow(client: PoolClient, claimed: Checkpoint, end: AbortSignal): Promise<void> {
    let lease: Lease = { epoch: claimed.epoch, ordinal: claimed.ordinal }
    this.#reached = claimed.ordinal
    this.#leading = true
    const statistics = new Statistics(this.#options.projections, claimed.ordinal)
    const heartbeat = new Heartbeat(client, this.#leaseMilliseconds)
    const subscription = this.#options.store.subscribe(claimed.ordinal, (events) =>
      heartbeat.between(async () => {
        lease = await this.#apply(client, lease, events)
        await statistics.keepUp(client, lease.ordinal)
      }),
    )
    const ended = new Promise<void>((resolve) => {
      if (end.aborted) resolve()
      end.addEventListener('abort', () => resolve(), { once: true })
    })
    try {
      await Promise.race([subscription.done, ended, heartbeat.lost])
    } finally {
      heartbeat.stop()
      await subscription.stop()
    }
  }

  /** Writes a batch; one that fails is halved until the event that fails stands alone. */
  async #apply(client: PoolClient, lease: Lease, events: readonly StoredEvent[]): Promise<Lease> {
    try {
      const folds = this.#folds
      const next = await writeBatch({ client, schema: liveSchema, folds }, lease, events)
      this.#reached = next.ordinal
      for (const wake of this.#wakeWaiting) wake()
      return next
    } catch (error) {
      if (error instanceof LeaseLost || isPassing(error)) throw error
      const [first] = events
      if (!first) throw error
      if (events.length === 1) return this.#halt(client, lease, haltAt(first, error))
      const middle = Math.ceil(events.length / 2)
      const halfway = await this.#apply(client, lease, events.slice(0, middle))
      return this.#apply(client, halfway, events.slice(middle))
    }
  }

  async #halt(client: PoolClient, lease: Lease, halt: Halt): Promise<never> {
    await recordHalt(client, lease, halt)
    this.#leading = false
    this.#options.onHalt?.(halt)
    throw new Halted()
  }
}

class Halted extends Error {}

function haltAt({ ordinal, type }: StoredEvent, error: unknown): Halt {
  return { ordinal, type, message: describeError(error) }
}

const lockOfProjector = "SELECT pg_try_advisory_lock(hashtext('read-model'), 1) AS locked"

async function tryLock(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(lockOfProjector)
  return rows[0]?.locked ?? false
}

function sessionEndsWithLease(milliseconds: number): string {
  return `
    SET idle_session_timeout TO ${milliseconds};
    SET idle_in_transaction_session_timeout TO ${batchInLeases * milliseconds}`
}

const lockOfCreation = "SELECT pg_advisory_xact_lock(hashtext('read-model'), 2)"
const isThere = 'SELECT to_regclass($1) IS NOT NULL AS there'

/** Makes the live read model where there is none; several processes may do so at once. */
export async function ensureReadModel(
  pool: Pool,
  projections: readonly Projection[],
): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query(lockOfCreation)
    const { rows } = await client.query<{ there: boolean }>(isThere, [`${liveSchema}.checkpoint`])
    if (!rows[0]?.there)
      await createReadModel(client, projections, { schema: liveSchema, indexes: true })
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

async function checkpointOf(pool: Pool): Promise<Checkpoint> {
  const { rows } = await pool.query<Checkpoint>(selectCheckpoint(liveSchema))
  const [checkpoint] = rows
  if (!checkpoint) throw new Error('a read model without its checkpoint')
  return checkpoint
}
