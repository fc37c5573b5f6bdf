import type pg from 'pg'
import { type Connection, createPool } from '../../database/pool.js'
import type { Instant } from '../../domain/values/calendar.js'
import { type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type {
  Append,
  AppendOutcome,
  EventStore,
  LogLimits,
  ReadRange,
  StoredEvent,
  Subscription,
} from '../event-store.js'
import { followLog } from '../follow-log.js'
import { defaultLogLimits, type PreparedAppend, prepareInTurns } from '../prepared-append.js'
import { Announcements } from './announcements.js'
import { AppendQueue } from './append-queue.js'
import { AppendWriter, type Clock } from './append-writer.js'
import { readAll, readHead, readOrdinalAt, readStream } from './log-reader.js'
import { checkServer } from './start-checks.js'

export interface PostgresLogOptions {
  /** As ledger_service, on a migrated database. */
  readonly connection: Connection
  /** On the real clock `recorded` may be at most 5 minutes from the server's clock. */
  readonly clock: Clock
  readonly limits?: Partial<LogLimits>
  readonly timing?: Partial<LogTiming>
  /** Connections for reads; 4 when not given. */
  readonly readers?: number
}

/** How long the log waits for its server, in milliseconds. */
export interface LogTiming {
  /** One statement; an append that had no answer is sent again with its key. */
  readonly callMilliseconds: number
  /** All tries of an append until its outcome is known. */
  readonly settleMilliseconds: number
}

const defaultTiming: LogTiming = { callMilliseconds: 10_000, settleMilliseconds: 30_000 }

const flushLimits = {
  appends: 2000,
  events: 2000,
  bytes: 4 * 1024 * 1024,
  eventsForSecondFlush: 500,
}
const subscriptionBatch = 2000

/** Opens the log in PostgreSQL; throws when the server or the role is not safe for a ledger. */
export async function openPostgresEventStore(options: PostgresLogOptions): Promise<EventStore> {
  const timing = { ...defaultTiming, ...options.timing }
  const readers = createPool(options.connection, {
    name: 'log readers',
    connections: options.readers ?? 4,
    answerMilliseconds: timing.settleMilliseconds,
  })
  try {
    await checkServer(readers)
    return new PostgresEventStore({ ...options, timing }, readers)
  } catch (error) {
    await readers.end()
    throw error
  }
}

class PostgresEventStore implements EventStore {
  readonly limits: LogLimits
  readonly #readers: pg.Pool
  readonly #writers: pg.Pool
  readonly #writer: AppendWriter
  readonly #queue: AppendQueue
  readonly #announcements: Announcements
  readonly #subscriptions = new Set<Subscription>()

  constructor(options: PostgresLogOptions & { readonly timing: LogTiming }, readers: pg.Pool) {
    const { callMilliseconds, settleMilliseconds } = options.timing
    this.limits = { ...defaultLogLimits, ...options.limits }
    this.#readers = readers
    this.#writers = createPool(options.connection, {
      name: 'log writer',
      connections: 2,
      statementTimeoutMilliseconds: settleMilliseconds,
      lockTimeoutMilliseconds: settleMilliseconds / 2,
      answerMilliseconds: callMilliseconds,
    })
    this.#writer = new AppendWriter(this.#writers, { clock: options.clock, settleMilliseconds })
    this.#announcements = new Announcements(options.connection, readers)
    this.#queue = new AppendQueue((appends) => this.#write(appends), {
      ...flushLimits,
      waiting: this.limits.waitingAppends,
    })
  }

  readStream(stream: string, fromVersion = 0): Promise<readonly StoredEvent[]> {
    return readStream(this.#readers, stream, fromVersion)
  }

  readAll(range: ReadRange): Promise<readonly StoredEvent[]> {
    return readAll(this.#readers, range)
  }

  subscribe(
    after: Ordinal,
    handle: (events: readonly StoredEvent[]) => Promise<void>,
  ): Subscription {
    const subscription = followLog({
      after,
      handle,
      read: (position) => this.readAll({ after: position, limit: subscriptionBatch }),
      more: (position, stopped) => this.#announcements.more(position, stopped),
    })
    this.#subscriptions.add(subscription)
    return subscription
  }

  async append(batch: readonly Append[]): Promise<readonly AppendOutcome[]> {
    return this.#queue.add(await prepareInTurns(batch, this.limits))
  }

  head(): Promise<Ordinal> {
    return readHead(this.#readers)
  }

  ordinalAt(at: Instant): Promise<Ordinal> {
    return readOrdinalAt(this.#readers, at)
  }

  async close(): Promise<void> {
    await this.#queue.close()
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()))
    await this.#announcements.close()
    await Promise.all([this.#readers.end(), this.#writers.end()])
  }

  async #write(appends: readonly PreparedAppend[]): Promise<readonly (AppendOutcome | Error)[]> {
    const outcomes = await this.#writer.write(appends)
    let head = -1
    for (const outcome of outcomes)
      if (!(outcome instanceof Error) && outcome.kind === 'appended')
        head = Math.max(head, outcome.ordinal)
    if (head >= 0) this.#announcements.announce(ordinal(head))
    return outcomes
  }
}
