import type { Instant } from '../../domain/values/calendar.js'
import { beforeFirst, type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type { OrdinalRange } from '../event-store.js'
import { AskedTogether } from './asked-together.js'
import { IndexSaver } from './index-saver.js'
import type {
  CountedAppend,
  CountedEvent,
  IndexEnd,
  KeptEnd,
  KeptIndex,
  KeptQuestion,
  LogIndex,
  Position,
  StreamAndKey,
  StreamWithKey,
} from './log-index.js'
import { appendsOf, policyStreamsOf, RecentEvents } from './recent-events.js'
import { LateAnswer } from './timing.js'

/** An index that is kept outside of this process, but for its last part. */
export interface KeptLogIndex extends LogIndex {
  /** Saves what was counted since; for the end of the process. */
  close(): Promise<void>
}

export interface RecentLimits {
  /** So many events and up to twice as many stay in memory after they were saved; 1.5 KB each. */
  readonly recentEvents: number
  /** Counting waits while so many could not be saved. */
  readonly mostUnsaved: number
}

const defaultLimits: RecentLimits = { recentEvents: 20_000, mostUnsaved: 50_000 }

/** Goes on from what is kept: nothing of it is loaded. */
export async function openKeptIndex(
  kept: KeptIndex,
  limits: RecentLimits = defaultLimits,
): Promise<KeptLogIndex> {
  return new RecentAndKept(kept, { limits, end: await kept.end() })
}

/** No stream and no key has it: nothing is asked of the one or the other. */
const noName = ''

/** What is kept can't be read now. */
class UnreadableIndex extends LateAnswer {}

/**
 * Two generations of recent events, and what is kept. The older one is let go when the younger is
 * full and all of it was saved, so whatever comes before the older one is kept.
 */
class RecentAndKept implements KeptLogIndex {
  readonly #kept: KeptIndex
  readonly #saver: IndexSaver
  readonly #limits: RecentLimits
  readonly #lookUps: AskedTogether<KeptQuestion, StreamAndKey>
  #older: RecentEvents
  #younger: RecentEvents

  constructor(
    kept: KeptIndex,
    { end, limits }: { readonly end: KeptEnd | undefined; readonly limits: RecentLimits },
  ) {
    this.#kept = kept
    this.#limits = limits
    const { mostUnsaved } = limits
    this.#saver = new IndexSaver(kept, { savedUpTo: end?.ordinal ?? beforeFirst, mostUnsaved })
    this.#lookUps = new AskedTogether((asked) => kept.lookUp(asked))
    this.#older = new RecentEvents(end)
    this.#younger = new RecentEvents(end)
  }

  close(): Promise<void> {
    return this.#saver.close()
  }

  end(): IndexEnd | undefined {
    return this.#younger.end
  }

  async add(events: readonly CountedEvent[]): Promise<void> {
    await this.#saver.room()
    this.#younger.add(events)
    this.#saver.take(events)
    const isFull = this.#younger.count >= this.#limits.recentEvents
    if (isFull && this.#saver.savedUpTo >= this.#younger.first - 1) {
      this.#older = this.#younger
      this.#younger = new RecentEvents(this.#older.keptEnd)
    }
  }

  async lookUp(stream: string, key: string): Promise<StreamAndKey> {
    const known = this.#recently(stream, key)
    if (known) return known
    const version = this.#recentVersion(stream)
    const append = this.#recentAppend(key)
    const younger = this.#younger
    const upTo = this.#lastKept
    const found = await reading(this.#lookUps.ask({ stream, key, upTo }))
    this.#noteBoth({ stream, key }, { found, younger })
    return { version: version ?? found.version, append: found.append ?? append }
  }

  async foresee(asked: readonly StreamWithKey[]): Promise<void> {
    const unknown = asked.filter(({ stream, key }) => !this.#recently(stream, key))
    if (unknown.length === 0) return
    const younger = this.#younger
    const upTo = this.#lastKept
    const found = await reading(this.#kept.lookUp(unknown.map((one) => ({ ...one, upTo }))))
    for (const [at, one] of unknown.entries()) {
      const answer = found[at]
      if (answer) this.#noteBoth(one, { found: answer, younger })
    }
  }

  /** What memory tells of both; undefined where it does not. */
  #recently(stream: string, key: string): StreamAndKey | undefined {
    const version = this.#recentVersion(stream)
    const append = this.#recentAppend(key)
    const isAbsent = this.#younger.isAbsentKey(key) || this.#older.isAbsentKey(key)
    return version !== undefined && (append || isAbsent) ? { version, append } : undefined
  }

  #noteBoth(
    { key, stream }: StreamWithKey,
    { found, younger }: { readonly found: StreamAndKey; readonly younger: RecentEvents },
  ): void {
    this.#note(stream, { version: found.version, younger })
    const isAbsent = !found.append && !this.#recentAppend(key)
    if (younger === this.#younger && isAbsent) younger.noteAbsentKey(key)
  }

  async appendAfter(after: Ordinal, key: string): Promise<CountedAppend | undefined> {
    const recent = this.#recentAppend(key)
    const upTo = this.#lastKept
    if (recent || after >= upTo) return recent
    return (await reading(this.#lookUps.ask({ stream: noName, key, upTo }))).append
  }

  async versionsOf(streams: readonly string[]): Promise<readonly number[]> {
    const recent = streams.map((stream) => this.#recentVersion(stream))
    const unknown = streams.filter((_, at) => recent[at] === undefined)
    if (unknown.length === 0) return recent.map((version) => version ?? -1)
    const younger = this.#younger
    const upTo = this.#lastKept
    const asked = unknown.map((stream) => ({ stream, key: noName, upTo }))
    const found = await reading(this.#kept.lookUp(asked))
    const versions = new Map(unknown.map((stream, at) => [stream, found[at]?.version ?? -1]))
    for (const [stream, version] of versions) this.#note(stream, { version, younger })
    return streams.map((stream, at) => recent[at] ?? versions.get(stream) ?? -1)
  }

  async ordinalsOf(stream: string, fromVersion: number): Promise<readonly Ordinal[]> {
    const recent = [...this.#older.eventsOf(stream), ...this.#younger.eventsOf(stream)]
    const ordinals = recent.slice(Math.max(0, fromVersion - (recent[0]?.version ?? 0)))
    const mine = ordinals.map(({ ordinal: own }) => own)
    const [first] = recent
    if (first && first.version <= fromVersion) return mine
    const upTo = this.#lastKept
    const kept = await reading(this.#kept.ordinalsOf(stream, { fromVersion, upTo }))
    return first ? [...kept.slice(0, first.version - fromVersion), ...mine] : kept
  }

  async positionOf(at: Ordinal): Promise<Position | undefined> {
    const recent = this.#younger.at(at) ?? this.#older.at(at)
    if (recent) return recent.position
    return at <= this.#lastKept ? reading(this.#kept.positionOf(at)) : undefined
  }

  eventIdsIn(range: OrdinalRange): Promise<readonly string[]> {
    return this.#in(range, {
      recent: (events) => events.map(({ eventId }) => eventId),
      kept: (before) => this.#kept.eventIdsIn(before),
    })
  }

  async ordinalAt(at: Instant): Promise<Ordinal> {
    const recent = this.#younger.ordinalAt(at) ?? this.#older.ordinalAt(at)
    return recent ?? reading(this.#kept.ordinalAt(at))
  }

  async policyStreams(range: OrdinalRange): Promise<readonly string[]> {
    const streams = await this.#in(range, {
      recent: policyStreamsOf,
      kept: (before) => this.#kept.policyStreams(before),
    })
    return [...new Set(streams)]
  }

  appendsIn(range: OrdinalRange): Promise<readonly CountedAppend[]> {
    return this.#in(range, {
      recent: appendsOf,
      kept: (before) => this.#kept.appendsIn(before),
    })
  }

  /** What comes after it is in memory: of what is kept, it is not to be asked for. */
  get #lastKept(): Ordinal {
    const { first } = this.#older
    return first === 0 ? beforeFirst : ordinal(first - 1)
  }

  #recentVersion(stream: string): number | undefined {
    return this.#younger.versionOf(stream) ?? this.#older.versionOf(stream)
  }

  #recentAppend(key: string): CountedAppend | undefined {
    return this.#older.appendOf(key) ?? this.#younger.appendOf(key)
  }

  /** For the counting that follows; not if what was counted meanwhile may have been let go. */
  #note(
    stream: string,
    { version, younger }: { readonly version: number; readonly younger: RecentEvents },
  ): void {
    if (younger === this.#younger && this.#recentVersion(stream) === undefined)
      younger.noteVersionBefore(stream, version)
  }

  async #in<Item>(
    { after, upTo }: OrdinalRange,
    of: {
      readonly recent: (events: readonly CountedEvent[]) => readonly Item[]
      readonly kept: (range: OrdinalRange) => Promise<readonly Item[]>
    },
  ): Promise<readonly Item[]> {
    const recent = of.recent([
      ...this.#older.in({ after, upTo }),
      ...this.#younger.in({ after, upTo }),
    ])
    const lastKept = this.#lastKept
    if (after >= lastKept) return recent
    const kept = await reading(of.kept({ after, upTo: upTo < lastKept ? upTo : lastKept }))
    return [...kept, ...recent]
  }
}

/** @throws UnreadableIndex, which is tried again as a server that gave no answer */
async function reading<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch {
    throw new UnreadableIndex()
  }
}
