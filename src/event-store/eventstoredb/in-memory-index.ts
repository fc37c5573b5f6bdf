import type { Instant } from '../../domain/values/calendar.js'
import { beforeFirst, type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type { OrdinalRange } from '../event-store.js'
import type { CountedAppend, CountedEvent, IndexEnd, LogIndex, Position } from './log-index.js'

const policyStream = /^(programme|standard|division)-/

/** The index in this process's memory; it is counted from the log at every start. */
export function createInMemoryLogIndex(): LogIndex {
  return new InMemoryLogIndex()
}

class InMemoryLogIndex implements LogIndex {
  readonly #positions = new Positions()
  /** The running maximum of `recorded`, by ordinal. */
  readonly #recordedMaxima: Instant[] = []
  /** The ordinals of a stream's events, by version. */
  readonly #streams = new Map<string, Ordinal[]>()
  readonly #appends = new Map<string, CountedAppend>()
  /** All appends and all events of policy, by ordinal. */
  readonly #appendsInOrder: CountedAppend[] = []
  readonly #policy: Pick<CountedEvent, 'ordinal' | 'stream'>[] = []
  #end: IndexEnd | undefined

  async end(): Promise<IndexEnd | undefined> {
    return this.#end
  }

  async add(events: readonly CountedEvent[]): Promise<void> {
    for (const event of events) {
      this.#positions.push(event.position)
      const maximum = this.#recordedMaxima.at(-1)
      const isLatest = maximum === undefined || event.recorded > maximum
      this.#recordedMaxima.push(isLatest ? event.recorded : maximum)
      const ordinals = this.#streams.get(event.stream) ?? []
      this.#streams.set(event.stream, ordinals)
      ordinals.push(event.ordinal)
      const { append, eventId, ordinal: own, position, stream } = event
      if (append) this.#appendsInOrder.push(append)
      if (append && !this.#appends.has(append.key)) this.#appends.set(append.key, append)
      if (policyStream.test(stream)) this.#policy.push({ ordinal: own, stream })
      this.#end = { ordinal: own, position, eventId }
    }
  }

  async appendOf(key: string): Promise<CountedAppend | undefined> {
    return this.#appends.get(key)
  }

  async versionOf(stream: string): Promise<number> {
    return (this.#streams.get(stream)?.length ?? 0) - 1
  }

  async ordinalOf(stream: string, version: number): Promise<Ordinal | undefined> {
    return this.#streams.get(stream)?.[version]
  }

  async positionOf(at: Ordinal): Promise<Position | undefined> {
    return this.#positions.at(at)
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

  async policyStreams(range: OrdinalRange): Promise<readonly string[]> {
    return [...new Set(within(this.#policy, range).map(({ stream }) => stream))]
  }

  async appendsIn(range: OrdinalRange): Promise<readonly CountedAppend[]> {
    return within(this.#appendsInOrder, range)
  }
}

/** The items of a list in order whose ordinals are in the range. */
function within<Item extends { readonly ordinal: Ordinal }>(
  items: readonly Item[],
  { after, upTo }: OrdinalRange,
): readonly Item[] {
  return items.slice(countUpTo(items, after), countUpTo(items, upTo))
}

function countUpTo(items: readonly { readonly ordinal: Ordinal }[], upTo: Ordinal): number {
  let below = 0
  let above = items.length
  while (below < above) {
    const middle = (below + above) >>> 1
    if ((items[middle]?.ordinal ?? upTo) <= upTo) below = middle + 1
    else above = middle
  }
  return below
}

/** Positions by ordinal, 16 bytes each: as objects a million of them would take 100 MB. */
class Positions {
  length = 0
  #numbers = new BigUint64Array(2048)

  push({ commit, prepare }: Position): void {
    const at = this.length * 2
    if (at === this.#numbers.length) {
      const larger = new BigUint64Array(at * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[at] = commit
    this.#numbers[at + 1] = prepare
    this.length += 1
  }

  at(index: number): Position | undefined {
    if (index < 0 || index >= this.length) return undefined
    return {
      commit: this.#numbers[index * 2] ?? 0n,
      prepare: this.#numbers[index * 2 + 1] ?? 0n,
    }
  }
}
