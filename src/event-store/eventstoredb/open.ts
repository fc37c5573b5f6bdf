import { setTimeout as wait } from 'node:timers/promises'
import { DomainError } from '../../domain/errors.js'
import type { Instant } from '../../domain/values/calendar.js'
import { type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type {
  Append,
  AppendMark,
  AppendOutcome,
  EventStore,
  LogLimits,
  LogQueries,
  OrdinalRange,
  ReadRange,
  StoredEvent,
  Subscription,
} from '../event-store.js'
import { followLog } from '../follow-log.js'
import { defaultLogLimits, prepareInTurns } from '../prepared-append.js'
import { Appender } from './appender.js'
import { CountingReader } from './counting-reader.js'
import { counted, ledgerEvent } from './event-envelope.js'
import { createInMemoryLogIndex } from './in-memory-index.js'
import { ClientHolder } from './ledger-client.js'
import { isAfter, type LogIndex, type Position } from './log-index.js'
import { LogReads, pageEvents } from './log-reads.js'
import { parseServerAddress } from './server-address.js'
import { ServerClock } from './server-clock.js'
import { StreamCache } from './stream-cache.js'
import { defaultTiming, inTime, LateAnswer, type Timing } from './timing.js'
import { Slots } from './turns.js'

export interface EventStoreDbOptions {
  /** `esdb://` or `kurrentdb://`; see server-address.ts. */
  readonly connectionString: string
  /** On the real clock `recorded` may be at most 5 minutes from what is known of the server's. */
  readonly clock: 'real' | 'simulated'
  /** The ledger's name on the server: its streams are `<name>.<stream>`. `ledger` if not given. */
  readonly ledger?: string
  /** `appendBytes` must not be more than the server's largest append (1 MiB unless changed). */
  readonly limits?: Partial<LogLimits>
  readonly timing?: Partial<Timing>
  /** Where ordinals are kept beside positions; this process's memory when not given. */
  readonly index?: LogIndex
  readonly onInterruption?: (reason: string) => void
}

const subscriptionBatch = 2000
const readsAtOnce = 32
/** Of streams that are read many at a time, such as those of persons on a roll: about 1 KB each. */
const mostEventsKept = 50_000

/** The log in EventStoreDB, and what an operator may want to know of its client. */
export interface EventStoreDbLog extends EventStore, LogQueries {
  /** Whether a leader answers now, within one call's time. */
  isReachable(): Promise<boolean>
  /** How often the client was built anew after repeated identical failures. */
  rebuilds(): number
}

/**
 * Opens the log in EventStoreDB or KurrentDB and counts what it holds.
 *
 * @throws ServerAddressError; DomainError `log-unreachable` when no leader answers, `log-broken`
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreDbLog> {
  const store = new EventStoreDb(options)
  try {
    await store.open()
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

class EventStoreDb implements EventStoreDbLog {
  readonly limits: LogLimits
  readonly #ledger: string
  readonly #timing: Timing
  readonly #client: ClientHolder
  readonly #index: LogIndex
  readonly #reads: LogReads
  readonly #reader: CountingReader
  readonly #appender: Appender
  readonly #kept = new StreamCache(mostEventsKept)
  readonly #subscriptions = new Set<Subscription>()
  readonly #appending = new Set<Promise<unknown>>()
  #waiting = 0
  #isClosed = false

  constructor(options: EventStoreDbOptions) {
    this.limits = { ...defaultLogLimits, ...options.limits }
    this.#ledger = options.ledger ?? 'ledger'
    this.#timing = { ...defaultTiming, ...options.timing }
    this.#client = new ClientHolder(parseServerAddress(options.connectionString), this.#timing)
    this.#index = options.index ?? createInMemoryLogIndex()
    const parts = {
      client: this.#client,
      index: this.#index,
      ledger: this.#ledger,
      timing: this.#timing,
      serverClock: new ServerClock(options.clock),
    }
    this.#reads = new LogReads(parts)
    const { onInterruption = () => undefined } = options
    this.#reader = new CountingReader({ ...parts, reads: this.#reads, onInterruption })
    this.#appender = new Appender({ ...parts, reads: this.#reads, reader: this.#reader })
  }

  open(): Promise<void> {
    return this.#reader.open()
  }

  async isReachable(): Promise<boolean> {
    const end = this.#index.end()
    // There is always something: what was counted last, or the server's own beginning.
    const page = this.#reads.allPage(end?.position, 1)
    return page.then(
      ({ length }) => length > 0,
      () => false,
    )
  }

  async policyEvents(range: OrdinalRange): Promise<readonly StoredEvent[]> {
    const events = await this.readStreams(await this.#asked((index) => index.policyStreams(range)))
    return events
      .filter(({ ordinal: own }) => own > range.after && own <= range.upTo)
      .sort((one, other) => one.ordinal - other.ordinal)
  }

  async readStreams(streams: readonly string[]): Promise<readonly StoredEvent[]> {
    const versions = await this.#asked((index) => index.versionsOf(streams))
    const reading = new Slots(readsAtOnce)
    const read = streams.map((stream, at) =>
      reading.use(() => this.#keptStream(stream, (versions[at] ?? -1) + 1)),
    )
    return (await Promise.all(read)).flat()
  }

  async #keptStream(stream: string, counted: number): Promise<readonly StoredEvent[]> {
    const kept = this.#kept.get(stream, counted)
    if (kept) return kept
    const events = await this.readStream(stream)
    if (events.length > 0) this.#kept.keep(stream, events)
    return events
  }

  appendsIn(range: OrdinalRange): Promise<readonly AppendMark[]> {
    return this.#asked((index) => index.appendsIn(range))
  }

  rebuilds(): number {
    return this.#client.rebuilds
  }

  readStream(stream: string, fromVersion = 0): Promise<readonly StoredEvent[]> {
    return this.#reads.persistently(() => this.#readWholeStream(stream, fromVersion))
  }

  readAll(range: ReadRange): Promise<readonly StoredEvent[]> {
    return this.#reads.persistently(() => this.#readRange(range))
  }

  subscribe(
    after: Ordinal,
    handle: (events: readonly StoredEvent[]) => Promise<void>,
  ): Subscription {
    const subscription = followLog({
      after,
      handle,
      read: (position) => this.#readOrWait(position),
      more: (position, stopped) => this.#reader.more(position, stopped),
    })
    this.#subscriptions.add(subscription)
    return subscription
  }

  async append(batch: readonly Append[]): Promise<readonly AppendOutcome[]> {
    if (this.#isClosed) throw new DomainError('log-closed')
    if (this.#waiting + batch.length > this.limits.waitingAppends)
      throw new DomainError('log-busy', { waiting: this.#waiting })
    this.#waiting += batch.length
    const appending = this.#append(batch)
    this.#appending.add(appending)
    try {
      return await appending
    } finally {
      this.#waiting -= batch.length
      this.#appending.delete(appending)
    }
  }

  async head(): Promise<Ordinal> {
    this.#reader.assertWhole()
    return this.#reader.head
  }

  ordinalAt(at: Instant): Promise<Ordinal> {
    return this.#asked((index) => index.ordinalAt(at))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const stopping = Promise.allSettled([
      ...this.#appending,
      ...[...this.#subscriptions].map((subscription) => subscription.stop()),
    ])
    await inTime(stopping, this.#timing.disposeMilliseconds).catch(() => undefined)
    await inTime(this.#reader.close(), this.#timing.disposeMilliseconds).catch(() => undefined)
    await this.#client.close()
  }

  #asked<Answer>(question: (index: LogIndex) => Promise<Answer>): Promise<Answer> {
    return this.#reads.persistently(() => question(this.#index))
  }

  async #append(batch: readonly Append[]): Promise<readonly AppendOutcome[]> {
    return this.#appender.append(await prepareInTurns(batch, this.limits))
  }

  /** A subscription outlives a log that is away: it ends only when the log is broken. */
  async #readOrWait(after: Ordinal): Promise<readonly StoredEvent[]> {
    try {
      return await this.readAll({ after, limit: subscriptionBatch })
    } catch (error) {
      if (this.#isClosed || !(error instanceof DomainError) || error.code !== 'log-unreachable')
        throw error
      await wait(this.#timing.pollMilliseconds)
      return []
    }
  }

  async #readRange({ after, limit }: ReadRange): Promise<readonly StoredEvent[]> {
    this.#reader.assertWhole()
    const wanted = Math.min(limit, this.#reader.head - after)
    if (wanted <= 0) return []
    // Before the first event there may be any number of other ledgers' events.
    const first = after < 0 ? await this.#index.positionOf(ordinal(0)) : undefined
    const ids = await this.#index.eventIdsIn({ after, upTo: ordinal(after + wanted) })
    const events: StoredEvent[] = []
    let from = first ?? (await this.#index.positionOf(after))
    let isIncluded = first !== undefined
    while (events.length < wanted) {
      const page = await this.#reads.allPage(from, Math.min(wanted - events.length + 1, pageEvents))
      const start = from
      for (const { event } of page) {
        // What the server gives twice is passed over; what it leaves out is asked for again.
        if (!event || (isUpTo(event.position, from) && !isIncluded)) continue
        const read = ledgerEvent(this.#ledger, event)
        from = event.position
        isIncluded = false
        if (!read || events.length === wanted) continue
        if (read.event.eventId !== ids[events.length]) throw new LateAnswer()
        events.push(counted(read, ordinal(after + 1 + events.length)))
      }
      if (from === start) throw new LateAnswer()
    }
    return events
  }

  async #readWholeStream(stream: string, from: number): Promise<readonly StoredEvent[]> {
    const [before, read] = await Promise.all([
      this.#index.ordinalsOf(stream, from),
      this.#reads.stream(stream, from),
    ])
    // A read that the server ended early looks like one that is whole.
    if (read.length < before.length) throw new LateAnswer()
    if (read.some(({ event }, at) => event.version !== from + at)) throw new LateAnswer()
    const ordinals = await this.#ordinalsOf(stream, { from, before, count: read.length })
    return read.flatMap((event, at) => {
      const own = ordinals[at]
      return own === undefined ? [] : [counted(event, own)]
    })
  }

  /** The ordinals of a stream's events, once they were counted. */
  async #ordinalsOf(
    stream: string,
    read: { readonly from: number; readonly before: readonly Ordinal[]; readonly count: number },
  ): Promise<readonly Ordinal[]> {
    const { before, count, from } = read
    if (before.length >= count) return before
    return this.#reader.until(`stream:${stream}`, async () => {
      const ordinals = await this.#index.ordinalsOf(stream, from)
      return ordinals.length >= count ? ordinals : undefined
    })
  }
}

function isUpTo(position: Position, end: Position | undefined): boolean {
  return end !== undefined && !isAfter(position, end)
}
