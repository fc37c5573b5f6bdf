import type { Instant } from '../../domain/values/calendar.js'
import { beforeFirst, type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type { OrdinalRange } from '../event-store.js'
import type { CountedAppend, CountedEvent, IndexEnd, KeptEnd } from './log-index.js'

/** Past so many what was only asked for is forgotten, and asked for again. */
const mostNotes = 50_000
const policyStream = /^(programme|standard|division)-/

/** Counted events in this process's memory, from some ordinal on. */
export class RecentEvents {
  /** The ordinal of the first event that is or would be here. */
  readonly first: Ordinal
  readonly #events: CountedEvent[] = []
  /** The running maximum of `recorded`, of all events before too. */
  readonly #recordedMaxima: Instant[] = []
  readonly #streams = new Map<string, CountedEvent[]>()
  readonly #appends = new Map<string, CountedAppend>()
  /** Last versions of streams without events here that somebody asked for. */
  readonly #versionsBefore = new Map<string, number>()
  /** Keys that somebody asked for in vain. */
  readonly #absentKeys = new Set<string>()
  readonly #before: KeptEnd | undefined

  constructor(before: KeptEnd | undefined) {
    this.#before = before
    this.first = ordinal((before?.ordinal ?? beforeFirst) + 1)
  }

  get count(): number {
    return this.#events.length
  }

  get end(): IndexEnd | undefined {
    return this.#events.at(-1) ?? this.#before
  }

  /** The end as what comes after it goes on from. */
  get keptEnd(): KeptEnd | undefined {
    const last = this.#events.at(-1)
    const recordedMaximum = this.#recordedMaxima.at(-1)
    return last && recordedMaximum ? { ...last, recordedMaximum } : this.#before
  }

  add(events: readonly CountedEvent[]): void {
    for (const event of events) {
      this.#events.push(event)
      const maximum = this.#recordedMaxima.at(-1) ?? this.#before?.recordedMaximum
      const isLatest = maximum === undefined || event.recorded > maximum
      this.#recordedMaxima.push(isLatest ? event.recorded : maximum)
      const ofStream = this.#streams.get(event.stream)
      if (ofStream) ofStream.push(event)
      else this.#streams.set(event.stream, [event])
      const { append } = event
      if (append && !this.#appends.has(append.key)) this.#appends.set(append.key, append)
    }
  }

  appendOf(key: string): CountedAppend | undefined {
    return this.#appends.get(key)
  }

  /** Undefined where nothing here tells it. */
  versionOf(stream: string): number | undefined {
    return this.#streams.get(stream)?.at(-1)?.version ?? this.#versionsBefore.get(stream)
  }

  /** Notes the version that a stream had before its first event here. */
  noteVersionBefore(stream: string, version: number): void {
    if (this.#versionsBefore.size >= mostNotes) this.#versionsBefore.clear()
    this.#versionsBefore.set(stream, version)
  }

  /** Notes that no append before the first event here has the key. */
  noteAbsentKey(key: string): void {
    if (this.#absentKeys.size >= mostNotes) this.#absentKeys.clear()
    this.#absentKeys.add(key)
  }

  isAbsentKey(key: string): boolean {
    return this.#absentKeys.has(key)
  }

  eventsOf(stream: string): readonly CountedEvent[] {
    return this.#streams.get(stream) ?? []
  }

  at(own: Ordinal): CountedEvent | undefined {
    return this.#events[own - this.first]
  }

  in({ after, upTo }: OrdinalRange): readonly CountedEvent[] {
    const from = Math.max(0, after + 1 - this.first)
    return this.#events.slice(from, Math.max(from, upTo + 1 - this.first))
  }

  /** Undefined where the last event known at the instant comes before those here. */
  ordinalAt(at: Instant): Ordinal | undefined {
    if (this.#before && this.#before.recordedMaximum > at) return undefined
    let below = 0
    let above = this.#recordedMaxima.length
    while (below < above) {
      const middle = (below + above) >>> 1
      if ((this.#recordedMaxima[middle] ?? at) <= at) below = middle + 1
      else above = middle
    }
    return below === 0 ? (this.#before?.ordinal ?? beforeFirst) : ordinal(this.first + below - 1)
  }
}

export function policyStreamsOf(events: readonly CountedEvent[]): readonly string[] {
  const streams = events.map(({ stream }) => stream)
  return [...new Set(streams.filter((stream) => policyStream.test(stream)))]
}

export function appendsOf(events: readonly CountedEvent[]): readonly CountedAppend[] {
  return events.flatMap(({ append }) => append ?? [])
}
