import type { Instant } from '../../domain/values/calendar.js'
import { beforeFirst, type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type { CountedAppend, CountedEvent, LogIndex, Position } from './log-index.js'

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

  async end(): Promise<Pick<CountedEvent, 'ordinal' | 'position'> | undefined> {
    const last = this.#positions.length - 1
    const position = this.#positions.at(last)
    return position && { ordinal: ordinal(last), position }
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
      const { append } = event
      if (append && !this.#appends.has(append.key)) this.#appends.set(append.key, append)
    }
  }

  async appendOf(key: string): Promise<CountedAppend | undefined> {
    return this.#appends.get(key)
  }

  async versionOf(stream: string): Promise<number> {
    return (this.#streams.get(stream)?.length ?? 0) - 1
  }

  async ordinalsOf(stream: string, fromVersion: number): Promise<readonly Ordinal[]> {
    return this.#streams.get(stream)?.slice(fromVersion) ?? []
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
