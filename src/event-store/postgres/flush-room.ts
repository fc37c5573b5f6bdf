import type { PreparedAppend } from '../prepared-append.js'

/** How much one commit takes at most. */
export interface FlushLimits {
  readonly appends: number
  readonly events: number
  readonly bytes: number
}

/**
 * What one flush has room for: up to its limits, no key twice, no append to `exists` on a stream
 * that the flush changes itself, and nothing of a stream or key that another flush has in hand.
 */
export class FlushRoom {
  readonly #limits: FlushLimits
  readonly #others: readonly FlushRoom[]
  readonly #keys = new Set<string>()
  readonly #streams = new Set<string>()
  #events = 0
  #bytes = 0

  constructor(limits: FlushLimits, others: readonly FlushRoom[]) {
    this.#limits = limits
    this.#others = others
  }

  /** Whether the append goes in; it is counted when it does. */
  takes({ append, events, bytes }: PreparedAppend): boolean {
    if (this.#keys.size > 0 && !this.#hasRoomFor(events.length, bytes)) return false
    if (this.#keys.has(append.key)) return false
    if (append.expected === 'exists' && this.#streams.has(append.stream)) return false
    if (this.#others.some((other) => other.#holds(append.stream, append.key))) return false
    this.#keys.add(append.key)
    this.#streams.add(append.stream)
    this.#events += events.length
    this.#bytes += bytes
    return true
  }

  #holds(stream: string, key: string): boolean {
    return this.#streams.has(stream) || this.#keys.has(key)
  }

  #hasRoomFor(events: number, bytes: number): boolean {
    return (
      this.#keys.size < this.#limits.appends &&
      this.#events + events <= this.#limits.events &&
      this.#bytes + bytes <= this.#limits.bytes
    )
  }
}
