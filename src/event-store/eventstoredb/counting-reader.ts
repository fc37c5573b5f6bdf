import type { AllStreamResolvedEvent } from '@eventstore/db-client'
import { DomainError } from '../../domain/errors.js'
import { beforeFirst, type Ordinal } from '../../domain/values/identifiers.js'
import { countedEvent } from './counted-event.js'
import { ledgerEvent, type UncountedEvent } from './event-envelope.js'
import { sortFailure } from './failures.js'
import { type CountedEvent, type IndexEnd, isAfter, type LogIndex } from './log-index.js'
import { type LogReads, pageEvents } from './log-reads.js'
import type { ServerClock } from './server-clock.js'
import { LateAnswer, pauseBefore, type Timing } from './timing.js'

export interface CountingParts {
  readonly reads: LogReads
  readonly index: LogIndex
  readonly ledger: string
  readonly serverClock: ServerClock
  readonly timing: Timing
  /** Told once an outage that the log can't be read, and why. */
  readonly onInterruption: (reason: string) => void
}

type End = IndexEnd | undefined

/** The server answers, and does not have what was counted. */
class Behind extends LateAnswer {}

/**
 * Counts the ledger's events in `$all` and so gives them their ordinals: the one reader behind
 * every answer of this adapter. It reads from the last event that it counted, that one included,
 * whenever somebody waits for more and at short intervals otherwise. It follows no subscription:
 * an event that a server leaves out of one would give all later events a wrong ordinal.
 */
export class CountingReader {
  readonly #parts: CountingParts
  readonly #waiting = new Map<string, Set<() => void>>()
  readonly #stopping = new AbortController()
  #end: End
  #running: Promise<void> = Promise.resolve()
  #broken: Error | undefined
  #behindSince: number | undefined
  /** Somebody waits for what the read under way may not have seen. */
  #isRung = false
  #wakeReader = () => {}

  constructor(parts: CountingParts) {
    this.#parts = parts
  }

  /** Counts what the log holds and begins to follow it. */
  async open(): Promise<void> {
    this.#end = this.#parts.index.end()
    await this.#parts.reads.persistently(() => this.#readToEnd())
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    this.#wakeReader()
    this.#wakeAll()
    await this.#running
  }

  get head(): Ordinal {
    return this.#end?.ordinal ?? beforeFirst
  }

  /** Throws when the log can't be what it was counted to be. */
  assertWhole(): void {
    if (this.#broken) throw this.#broken
  }

  /**
   * What `find` finds, once enough was counted; it is asked again whenever an event of the stream
   * or the last of the append (`stream:a`, `append:k`) was counted.
   *
   * @throws DomainError `log-unreachable` when it is not counted within the limit
   */
  async until<Found>(name: string, find: () => Promise<Found | undefined>): Promise<Found> {
    const end = performance.now() + this.#parts.timing.settleMilliseconds
    for (;;) {
      this.assertWhole()
      const left = end - performance.now()
      const news = this.#news(name, Math.max(0, left))
      const found = await foundOf(find)
      if (found !== undefined) {
        news.forget()
        return found
      }
      if (left <= 0 || this.#stopping.signal.aborted) {
        news.forget()
        throw new DomainError('log-unreachable', { waiting: name })
      }
      this.#ring()
      await news.heard
    }
  }

  /** Resolves when there is more than `after`, when stopped, or when the log is broken. */
  async more(after: Ordinal, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted && !this.#broken && this.head <= after) {
      const news = this.#news('head', this.#parts.timing.settleMilliseconds)
      stopped.addEventListener('abort', news.forget)
      await news.heard
      stopped.removeEventListener('abort', news.forget)
      if (this.#stopping.signal.aborted) return
    }
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#stopping.signal.aborted)
      try {
        await this.#bell()
        if (this.#stopping.signal.aborted) return
        this.#isRung = false
        await this.#readToEnd()
        failures = 0
      } catch (error) {
        const failure = sortFailure(error)
        if (failure.kind !== 'unknown') {
          this.#halt(error)
          return
        }
        // A server that gives no answer says nothing about what it has.
        if (!(error instanceof Behind)) this.#behindSince = undefined
        failures += 1
        if (failures === 1) this.#parts.onInterruption(failure.name)
        await pauseBefore(failures, this.#parts.timing)
      }
  }

  #ring(): void {
    this.#isRung = true
    this.#wakeReader()
  }

  /** Until somebody rang, or long enough that another process may have written. */
  #bell(): Promise<void> {
    if (this.#isRung) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#parts.timing.pollMilliseconds)
      this.#wakeReader = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Reads `$all` from the last event that was counted to its end. */
  async #readToEnd(): Promise<void> {
    const start = this.#end
    let from = start?.position
    for (let isFirst = true; ; isFirst = false) {
      const page = await this.#parts.reads.allPage(from, pageEvents)
      if (isFirst) this.#assertGoesOn(page, start)
      await this.#count(page)
      from = page.at(-1)?.event?.position ?? from
      if (page.length < pageEvents || this.#stopping.signal.aborted) return
    }
  }

  /**
   * A position beyond the end of `$all` is an empty read without an error: the last event that was
   * counted must be there. A new leader may not show it for a moment.
   */
  #assertGoesOn(page: readonly AllStreamResolvedEvent[], end: End): void {
    const first = page[0]?.event
    if (!end || (first && first.id === end.eventId && !isAfter(first.position, end.position))) {
      this.#behindSince = undefined
      return
    }
    this.#behindSince ??= performance.now()
    if (performance.now() - this.#behindSince < this.#parts.timing.settleMilliseconds)
      throw new Behind()
    throw new DomainError('log-broken', { expected: end.ordinal, found: 'the end of the log' })
  }

  async #count(events: readonly AllStreamResolvedEvent[]): Promise<void> {
    const { index, ledger, serverClock } = this.#parts
    const uncounted = events.flatMap(({ event }) => {
      if (!event || (this.#end && !isAfter(event.position, this.#end.position))) return []
      const read = ledgerEvent(ledger, event)
      return read ? [{ ...read, position: event.position }] : []
    })
    const versions = await this.#versionsBefore(uncounted)
    const counted: CountedEvent[] = []
    let end = this.#end
    for (const read of uncounted) {
      // The server may give an event twice.
      if (end && !isAfter(read.position, end.position)) continue
      const { stream, version } = read.event
      const next = (versions.get(stream) ?? -1) + 1
      if (version !== next)
        throw new DomainError('log-broken', {
          expected: `${stream} version ${next}`,
          found: version,
        })
      versions.set(stream, version)
      const own = countedEvent(read, { position: read.position, after: end?.ordinal ?? -1 })
      counted.push(own)
      end = own
      serverClock.saw(read.createdMilliseconds)
    }
    if (counted.length === 0) return
    await index.add(counted)
    this.#end = end
    for (const { append, stream } of counted) {
      this.#wake(`stream:${stream}`)
      if (append) this.#wake(`append:${append.key}`)
    }
    this.#wake('head')
  }

  async #versionsBefore(uncounted: readonly UncountedEvent[]): Promise<Map<string, number>> {
    const streams = [...new Set(uncounted.map(({ event }) => event.stream))]
    const versions = await this.#parts.index.versionsOf(streams)
    return new Map(streams.map((stream, at) => [stream, versions[at] ?? -1]))
  }

  #halt(error: unknown): void {
    this.#broken ??= error instanceof Error ? error : new Error(String(error))
    this.#parts.onInterruption(`halted: ${this.#broken.name}`)
    this.#wakeAll()
  }

  #news(name: string, milliseconds: number) {
    let forget = () => {}
    const heard = new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(name) ?? new Set()
      this.#waiting.set(name, waiting)
      const settle = () => {
        clearTimeout(timer)
        waiting.delete(settle)
        if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name)
        resolve()
      }
      const timer = setTimeout(settle, milliseconds)
      waiting.add(settle)
      forget = settle
    })
    return { heard, forget }
  }

  #wake(name: string): void {
    for (const wake of [...(this.#waiting.get(name) ?? [])]) wake()
  }

  #wakeAll(): void {
    for (const name of [...this.#waiting.keys()]) this.#wake(name)
  }
}

/** What an index that can't be read now has is looked for again. */
async function foundOf<Found>(find: () => Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof LateAnswer) return undefined
    throw error
  }
}
