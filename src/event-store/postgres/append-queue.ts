import { DomainError } from '../../domain/errors.js'
import type { AppendOutcome } from '../event-store.js'
import type { PreparedAppend } from '../prepared-append.js'

/** How much one commit takes at most. */
export interface FlushLimits {
  readonly appends: number
  readonly events: number
  readonly bytes: number
  /** Appends that may wait; past it a caller is told that the log is busy. */
  readonly waiting: number
}

/** Writes appends and says of each, in order, what became of it or why it could not be written. */
export type Flush = (
  appends: readonly PreparedAppend[],
) => Promise<readonly (AppendOutcome | Error)[]>

interface Waiting {
  readonly prepared: PreparedAppend
  readonly settle: (outcome: AppendOutcome) => void
  readonly fail: (error: unknown) => void
}

/**
 * Group commit: while one flush is under way, what arrives is collected, and then written in one.
 * First come, first stored.
 */
export class AppendQueue {
  readonly #flush: Flush
  readonly #limits: FlushLimits
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  #closed = false

  constructor(flush: Flush, limits: FlushLimits) {
    this.#flush = flush
    this.#limits = limits
  }

  /** The outcomes of a batch, in its order; rejects with the first error of its appends. */
  add(batch: readonly PreparedAppend[]): Promise<readonly AppendOutcome[]> {
    if (this.#closed) throw new DomainError('log-closed')
    if (this.#waiting.length + batch.length > this.#limits.waiting)
      throw new DomainError('log-busy', { waiting: this.#waiting.length })
    const outcomes = batch.map(
      (prepared) =>
        new Promise<AppendOutcome>((settle, fail) => {
          this.#waiting.push({ prepared, settle, fail })
        }),
    )
    this.#running ??= this.#run()
    return Promise.all(outcomes)
  }

  /** Takes no more, and resolves when what waits is stored. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    // What the callers of this turn add belongs into the first flush.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const next = this.#takeNext()
      try {
        const outcomes = await this.#flush(next.map(({ prepared }) => prepared))
        for (const [at, { settle, fail }] of next.entries()) {
          const outcome = outcomes[at] ?? new Error('The log gave no outcome for an append.')
          if (outcome instanceof Error) fail(outcome)
          else settle(outcome)
        }
      } catch (error) {
        for (const { fail } of next) fail(error)
      }
    }
    this.#running = undefined
  }

  #takeNext(): readonly Waiting[] {
    const room = new FlushRoom(this.#limits)
    const end = this.#waiting.findIndex(({ prepared }) => !room.takes(prepared))
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end)
  }
}

/** Takes appends until a limit, a key twice, or a stream whose version is not known before. */
class FlushRoom {
  readonly #limits: FlushLimits
  readonly #keys = new Set<string>()
  readonly #streams = new Set<string>()
  #events = 0
  #bytes = 0

  constructor(limits: FlushLimits) {
    this.#limits = limits
  }

  takes({ append, events, bytes }: PreparedAppend): boolean {
    if (this.#keys.size > 0 && !this.#hasRoomFor(events.length, bytes)) return false
    if (this.#keys.has(append.key)) return false
    if (append.expected === 'exists' && this.#streams.has(append.stream)) return false
    this.#keys.add(append.key)
    this.#streams.add(append.stream)
    this.#events += events.length
    this.#bytes += bytes
    return true
  }

  #hasRoomFor(events: number, bytes: number): boolean {
    return (
      this.#keys.size < this.#limits.appends &&
      this.#events + events <= this.#limits.events &&
      this.#bytes + bytes <= this.#limits.bytes
    )
  }
}
