import type { Instant } from '../../domain/values/calendar.js'
import { beforeFirst, type Ordinal } from '../../domain/values/identifiers.js'
import type { OrdinalRange } from '../event-store.js'
import type {
  CountedAppend,
  CountedEvent,
  IndexEnd,
  LogIndex,
  Position,
  StreamAndKey,
} from './log-index.js'
import { appendsOf, policyStreamsOf, RecentEvents } from './recent-events.js'

/** The whole index in this process's memory; it is counted from the log at every start. */
export function createInMemoryLogIndex(): LogIndex {
  return new InMemoryLogIndex()
}

class InMemoryLogIndex implements LogIndex {
  readonly #events = new RecentEvents(undefined)

  end(): IndexEnd | undefined {
    return this.#events.end
  }

  async add(events: readonly CountedEvent[]): Promise<void> {
    this.#events.add(events)
  }

  async lookUp(stream: string, key: string): Promise<StreamAndKey> {
    return { version: this.#versionOf(stream), append: this.#events.appendOf(key) }
  }

  async foresee(): Promise<void> {}

  async appendAfter(_after: Ordinal, key: string): Promise<CountedAppend | undefined> {
    return this.#events.appendOf(key)
  }

  async versionsOf(streams: readonly string[]): Promise<readonly number[]> {
    return streams.map((stream) => this.#versionOf(stream))
  }

  async ordinalsOf(stream: string, fromVersion: number): Promise<readonly Ordinal[]> {
    return this.#events
      .eventsOf(stream)
      .slice(fromVersion)
      .map(({ ordinal }) => ordinal)
  }

  async positionOf(at: Ordinal): Promise<Position | undefined> {
    return this.#events.at(at)?.position
  }

  async eventIdsIn(range: OrdinalRange): Promise<readonly string[]> {
    return this.#events.in(range).map(({ eventId }) => eventId)
  }

  async ordinalAt(at: Instant): Promise<Ordinal> {
    return this.#events.ordinalAt(at) ?? beforeFirst
  }

  async policyStreams(range: OrdinalRange): Promise<readonly string[]> {
    return policyStreamsOf(this.#events.in(range))
  }

  async appendsIn(range: OrdinalRange): Promise<readonly CountedAppend[]> {
    return appendsOf(this.#events.in(range))
  }

  #versionOf(stream: string): number {
    return this.#events.versionOf(stream) ?? -1
  }
}
