import { setImmediate as nextTurn } from 'node:timers/promises'
import { DomainError } from '../domain/errors.js'
import type { Instant } from '../domain/values/calendar.js'
import { beforeFirst, type Ordinal, ordinal } from '../domain/values/identifiers.js'
import type {
  Append,
  AppendOutcome,
  EventStore,
  LogLimits,
  ReadRange,
  StoredEvent,
  Subscription,
} from './event-store.js'
import { followLog } from './follow-log.js'
import {
  defaultLogLimits,
  isFarFrom,
  leafHashesAt,
  type PreparedAppend,
  prepareBatch,
} from './prepared-append.js'

export interface InMemoryOptions {
  readonly limits?: Partial<LogLimits>
  /** The store's own clock; given, `recorded` is checked against it as on a real ledger. */
  readonly realClock?: () => Instant
}

interface StoredAppend {
  readonly requestHash: string
  readonly version: number
  readonly ordinal: Ordinal
}

const subscriptionBatch = 1000

/** The log in this process's memory: what tests and tries use; it ends with the process. */
export function createInMemoryEventStore(options: InMemoryOptions = {}): EventStore {
  return new InMemoryEventStore(options)
}

class InMemoryEventStore implements EventStore {
  readonly limits: LogLimits
  readonly #realClock: (() => Instant) | undefined
  readonly #log: StoredEvent[] = []
  /** The running maximum of `recorded`, by ordinal. */
  readonly #recordedMaxima: Instant[] = []
  readonly #streams = new Map<string, StoredEvent[]>()
  readonly #appends = new Map<string, StoredAppend>()
  readonly #subscriptions = new Set<Subscription>()
  readonly #waiting = new Set<() => void>()
  #closed = false

  constructor(options: InMemoryOptions) {
    this.limits = { ...defaultLogLimits, ...options.limits }
    this.#realClock = options.realClock
  }

  async readStream(stream: string, fromVersion = 0): Promise<readonly StoredEvent[]> {
    return this.#streams.get(stream)?.slice(fromVersion) ?? []
  }

  async readAll({ after, limit }: ReadRange): Promise<readonly StoredEvent[]> {
    return this.#log.slice(after + 1, after + 1 + limit)
  }

  subscribe(
    after: Ordinal,
    handle: (events: readonly StoredEvent[]) => Promise<void>,
  ): Subscription {
    const subscription = followLog({
      after,
      handle,
      read: async (position) => this.readAll({ after: position, limit: subscriptionBatch }),
      more: (position, stopped) => this.#more(position, stopped),
    })
    this.#subscriptions.add(subscription)
    return subscription
  }

  async append(batch: readonly Append[]): Promise<readonly AppendOutcome[]> {
    if (this.#closed) throw new DomainError('log-closed')
    const prepared = prepareBatch(batch, this.limits)
    // A real adapter never answers in the same turn; callers must not come to rely on it.
    await nextTurn()
    const outcomes = prepared.map((append) => this.#appendOne(append))
    for (const wake of this.#waiting) wake()
    return outcomes
  }

  async head(): Promise<Ordinal> {
    return ordinal(this.#log.length - 1)
  }

  async ordinalAt(at: Instant): Promise<Ordinal> {
    let below = 0
    let above = this.#recordedMaxima.length
    while (below < above) {
      const middle = (below + above) >>> 1
      if ((this.#recordedMaxima[middle] ?? at) <= at) below = middle + 1
      else above = middle
    }
    return below === 0 ? beforeFirst : ordinal(below - 1)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()))
  }

  #appendOne(prepared: PreparedAppend): AppendOutcome {
    const { append } = prepared
    const earlier = this.#appends.get(append.key)
    if (earlier && earlier.requestHash !== append.requestHash) return { kind: 'key-reused' }
    if (earlier) return { kind: 'replayed', version: earlier.version, ordinal: earlier.ordinal }
    const storeClock = this.#realClock?.()
    if (storeClock !== undefined && isFarFrom(storeClock, append.recorded))
      return { kind: 'clock-refused', storeClock }
    const version = (this.#streams.get(append.stream)?.length ?? 0) - 1
    if (!isExpected(append, version))
      return { kind: 'conflict', actual: version < 0 ? 'none' : version }

    return this.#store(prepared, version + 1)
  }

  #store(prepared: PreparedAppend, firstVersion: number): AppendOutcome {
    const { append } = prepared
    const events = this.#storedEvents(prepared, firstVersion)
    const stream = this.#streams.get(append.stream) ?? []
    this.#streams.set(append.stream, stream)
    for (const event of events) {
      const maximum = this.#recordedMaxima.at(-1)
      const isLatest = maximum === undefined || event.recorded > maximum
      this.#recordedMaxima.push(isLatest ? event.recorded : maximum)
      this.#log.push(event)
      stream.push(event)
    }
    const end = { version: stream.length - 1, ordinal: ordinal(this.#log.length - 1) }
    this.#appends.set(append.key, { requestHash: append.requestHash, ...end })
    return { kind: 'appended', ...end }
  }

  #storedEvents(prepared: PreparedAppend, firstVersion: number): readonly StoredEvent[] {
    const { stream, recorded, actor, correlation } = prepared.append
    const hashes = leafHashesAt(prepared, firstVersion)
    return prepared.events.map(({ event, eventId, canonicalData }, index) =>
      Object.freeze({
        ordinal: ordinal(this.#log.length + index),
        stream,
        version: firstVersion + index,
        eventId,
        type: event.type,
        schemaVersion: event.schemaVersion,
        effective: event.effective,
        recorded,
        actor,
        correlation,
        leafHash: hashes[index] ?? '',
        // Parsed anew, so that what the caller does to its object later changes nothing here.
        data: JSON.parse(canonicalData),
      }),
    )
  }

  #more(after: Ordinal, stopped: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        stopped.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      stopped.addEventListener('abort', wake)
      if (stopped.aborted || this.#log.length - 1 > after) wake()
    })
  }
}

function isExpected(append: Append, version: number): boolean {
  if (append.expected === 'none') return version < 0
  if (append.expected === 'exists') return version >= 0
  return append.expected === version
}
