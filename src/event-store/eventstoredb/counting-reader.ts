import { type AllStreamResolvedEvent, START } from '@eventstore/db-client'
import { DomainError } from '../../domain/errors.js'
import { beforeFirst, type Ordinal } from '../../domain/values/identifiers.js'
import { countedEvent } from './counted-event.js'
import { ledgerEvent } from './event-envelope.js'
import { sortFailure } from './failures.js'
import type { ClientHolder } from './ledger-client.js'
import {
  type CountedEvent,
  type IndexEnd,
  isAfter,
  type LogIndex,
  type Position,
} from './log-index.js'
import { type LogReads, pageEvents } from './log-reads.js'
import type { ServerClock } from './server-clock.js'
import { SubscriptionFeed } from './subscription-feed.js'
import { LateAnswer, pauseBefore, type Timing } from './timing.js'

export interface CountingParts {
  readonly client: ClientHolder
  readonly reads: LogReads
  readonly index: LogIndex
  readonly ledger: string
  readonly serverClock: ServerClock
  readonly timing: Timing
  /** Told that the subscription was dropped and is taken up again, and why. */
  readonly onInterruption: (reason: string) => void
}

type End = IndexEnd | undefined

/** A stream's next event has not the next version: something between was not delivered. */
class MissingEvent extends Error {}

/**
 * Counts the ledger's events in `$all` and so gives them their ordinals: the one reader behind
 * every answer of this adapter. It follows by subscription and looks for itself when that is
 * silent, late, dropped, doubled or has a gap.
 */
export class CountingReader {
  readonly #parts: CountingParts
  readonly #waiting = new Map<string, Set<() => void>>()
  readonly #stopping = new AbortController()
  #end: End
  #counting: Promise<void> = Promise.resolve()
  #pulling: Promise<void> | undefined
  #running: Promise<void> = Promise.resolve()
  #broken: Error | undefined
  /** Whether a read found what the subscription had not delivered. */
  #isLagging = false
  #behindSince: number | undefined

  constructor(parts: CountingParts) {
    this.#parts = parts
  }

  /** Counts what the log holds and begins to follow it. */
  async open(): Promise<void> {
    this.#end = await this.#parts.index.end()
    await this.#parts.reads.persistently(() => this.#pull())
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#stopping.abort()
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
    const { countedMilliseconds, settleMilliseconds } = this.#parts.timing
    const end = performance.now() + settleMilliseconds
    for (;;) {
      this.assertWhole()
      const news = this.#news(name, countedMilliseconds)
      const found = await find()
      if (found !== undefined) {
        news.forget()
        return found
      }
      if (performance.now() > end || this.#stopping.signal.aborted) {
        news.forget()
        throw new DomainError('log-unreachable', { waiting: name })
      }
      if ((await news.heard) === 'late') await this.#lookForMore()
    }
  }

  /** Resolves when there is more than `after`, when stopped, or when the log is broken. */
  async more(after: Ordinal, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted && !this.#broken && this.head <= after) {
      const news = this.#news('head', this.#parts.timing.watchdogMilliseconds)
      stopped.addEventListener('abort', news.forget)
      await news.heard
      stopped.removeEventListener('abort', news.forget)
      if (this.#stopping.signal.aborted) return
    }
  }

  async #run(): Promise<void> {
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt += 1) {
      let reason = ''
      try {
        await this.#pull()
        if (this.#stopping.signal.aborted) return
        const before = this.head
        reason = await this.#follow()
        if (this.head > before) attempt = 1
      } catch (error) {
        const failure = sortFailure(error)
        if (failure.kind !== 'unknown') {
          this.#halt(error)
          return
        }
        reason = failure.name
      }
      if (this.#stopping.signal.aborted) return
      this.#parts.onInterruption(reason)
      await pauseBefore(attempt, this.#parts.timing)
    }
  }

  /** Follows a subscription until it is dropped, and says why. */
  async #follow(): Promise<string> {
    const { client: holder, timing } = this.#parts
    const { client } = holder
    const fromPosition = this.#end?.position ?? START
    const feed = new SubscriptionFeed(client.subscribeToAll({ fromPosition, requiresLeader: true }))
    const stop = () => feed.stop()
    this.#stopping.signal.addEventListener('abort', stop)
    this.#isLagging = false
    try {
      while (feed.dropped === undefined) {
        const events = await feed.next(timing.watchdogMilliseconds)
        if (events.length > 0) {
          this.#isLagging = false
          await this.#count(events)
        } else if (feed.dropped === undefined) await this.#pull()
        if (this.#isLagging && events.length === 0) return 'silent'
        if (holder.client !== client) return 'client rebuilt'
      }
      if (feed.failure) holder.failed(client, feed.failure)
      return feed.failure ? nameOf(feed.failure) : feed.dropped
    } catch (error) {
      if (error instanceof MissingEvent) return 'gap'
      throw error
    } finally {
      this.#stopping.signal.removeEventListener('abort', stop)
      feed.stop()
    }
  }

  async #lookForMore(): Promise<void> {
    try {
      await this.#pull()
    } catch (error) {
      if (sortFailure(error).kind !== 'unknown') this.#halt(error)
    }
  }

  /** Reads `$all` from what was counted to its end; those who ask meanwhile share the answer. */
  #pull(): Promise<void> {
    this.#pulling ??= this.#readOn().finally(() => {
      this.#pulling = undefined
    })
    return this.#pulling
  }

  async #readOn(): Promise<void> {
    const start = this.#end
    let from: Position | undefined = start?.position
    for (;;) {
      const page = await this.#parts.reads.allPage(from, pageEvents)
      if (from === start?.position) this.#assertGoesOn(page, start)
      const before = this.head
      try {
        await this.#count(page)
      } catch (error) {
        if (error instanceof MissingEvent)
          throw new DomainError('log-broken', { expected: error.message, found: 'another' })
        throw error
      }
      if (this.head > before) this.#isLagging = true
      from = page.at(-1)?.event?.position ?? from
      if (page.length < pageEvents) return
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
      throw new LateAnswer()
    throw new DomainError('log-broken', { expected: end.ordinal, found: 'the end of the log' })
  }

  /** Counts in turn, whoever delivers; what was counted before is passed over. */
  #count(events: readonly AllStreamResolvedEvent[]): Promise<void> {
    const counting = this.#counting.then(() => this.#countNow(events))
    this.#counting = counting.catch(() => undefined)
    return counting
  }

  async #countNow(events: readonly AllStreamResolvedEvent[]): Promise<void> {
    const { index, ledger, serverClock } = this.#parts
    const versions = new Map<string, number>()
    const counted: CountedEvent[] = []
    let end = this.#end
    for (const { event } of events) {
      if (!event || (end && !isAfter(event.position, end.position))) continue
      const read = ledgerEvent(ledger, event)
      if (!read) continue
      const { stream, version } = read.event
      const last = versions.get(stream) ?? (await index.versionOf(stream))
      if (version !== last + 1) throw new MissingEvent(`${stream} version ${last + 1}`)
      versions.set(stream, version)
      const next = countedEvent(read, { position: event.position, after: end?.ordinal ?? -1 })
      counted.push(next)
      end = next
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

  #halt(error: unknown): void {
    this.#broken ??= error instanceof Error ? error : new Error(String(error))
    this.#parts.onInterruption(`halted: ${nameOf(this.#broken)}`)
    this.#wakeAll()
  }

  #news(name: string, milliseconds: number) {
    let forget = () => {}
    const heard = new Promise<'news' | 'late'>((resolve) => {
      const waiting = this.#waiting.get(name) ?? new Set()
      this.#waiting.set(name, waiting)
      const settle = (how: 'news' | 'late') => {
        clearTimeout(timer)
        waiting.delete(wake)
        if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name)
        resolve(how)
      }
      const wake = () => settle('news')
      const timer = setTimeout(() => settle('late'), milliseconds)
      waiting.add(wake)
      forget = wake
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

function nameOf(error: Error): string {
  const failure = sortFailure(error)
  return failure.kind === 'unknown' ? failure.name : error.name
}
