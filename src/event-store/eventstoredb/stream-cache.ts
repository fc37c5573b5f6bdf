import type { StoredEvent } from '../event-store.js'

/** Some thousands of streams as they were read: what is stored never changes, it only goes on. */
export class StreamCache {
  readonly #mostEvents: number
  readonly #streams = new Map<string, readonly StoredEvent[]>()
  #events = 0

  constructor(mostEvents: number) {
    this.#mostEvents = mostEvents
  }

  /** A stream with at least so many events, if it is kept. */
  get(stream: string, atLeast: number): readonly StoredEvent[] | undefined {
    const events = this.#streams.get(stream)
    return events && events.length >= atLeast ? events : undefined
  }

  /** Keeps a whole stream; those that were kept longest make room for it. */
  keep(stream: string, events: readonly StoredEvent[]): void {
    this.#forget(stream)
    this.#streams.set(stream, events)
    this.#events += events.length
    for (const oldest of this.#streams.keys()) {
      if (this.#events <= this.#mostEvents) return
      this.#forget(oldest)
    }
  }

  #forget(stream: string): void {
    this.#events -= this.#streams.get(stream)?.length ?? 0
    this.#streams.delete(stream)
  }
}
