import { DomainError } from '../../domain/errors.js'
import type { AppendOutcome } from '../event-store.js'
import type { PreparedAppend } from '../prepared-append.js'
import { type FlushLimits, FlushRoom } from './flush-room.js'

/** Writes appends and says of each, in order, what became of it or why it could not be written. */
export type Flush = (
  appends: readonly PreparedAppend[],
) => Promise<readonly (AppendOutcome | Error)[]>

export interface QueueLimits extends FlushLimits {
  /** Appends that may wait; past it a caller is told that the log is busy. */
  readonly waiting: number
  /** So many waiting events begin a second flush while the first is under way. */
  readonly eventsForSecondFlush: number
}

interface Waiting {
  readonly prepared: PreparedAppend
  readonly settle: (outcome: AppendOutcome) => void
  readonly fail: (error: unknown) => void
}

/**
 * Group commit: while a flush is under way, what arrives is collected, and then written in one.
 * First come, first stored, stream by stream. When very much waits, a second flush is made ready
 * and sent while the database is busy with the first; they share no stream and no key, so it
 * matters to nobody which of them gets the lock first.
 */
export class AppendQueue {
  readonly #flush: Flush
  readonly #limits: QueueLimits
  readonly #underWay = new Map<FlushRoom, Promise<void>>()
  #waiting: Waiting[] = []
  #waitingEvents = 0
  #isScheduled = false
  #isClosed = false

  constructor(flush: Flush, limits: QueueLimits) {
    this.#flush = flush
    this.#limits = limits
  }

  /** The outcomes of a batch, in its order; rejects with the first error of its appends. */
  add(batch: readonly PreparedAppend[]): Promise<readonly AppendOutcome[]> {
    if (this.#isClosed) throw new DomainError('log-closed')
    if (this.#waiting.length + batch.length > this.#limits.waiting)
      throw new DomainError('log-busy', { waiting: this.#waiting.length })
    const outcomes = batch.map(
      (prepared) =>
        new Promise<AppendOutcome>((settle, fail) => {
          this.#waiting.push({ prepared, settle, fail })
          this.#waitingEvents += prepared.events.length
        }),
    )
    this.#schedule()
    return Promise.all(outcomes)
  }

  /** Takes no more, and resolves when what waits is stored. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#start()
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values())
  }

  /** What the callers of one turn add belongs into one flush. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      this.#start()
    })
  }

  #start(): void {
    while (this.#mayStart()) {
      const room = new FlushRoom(this.#limits, [...this.#underWay.keys()])
      const next = this.#takeFor(room)
      if (next.length === 0) return
      this.#underWay.set(room, this.#write(next, room))
    }
  }

  #mayStart(): boolean {
    if (this.#waiting.length === 0) return false
    if (this.#underWay.size === 0) return true
    return this.#underWay.size === 1 && this.#waitingEvents >= this.#limits.eventsForSecondFlush
  }

  #takeFor(room: FlushRoom): readonly Waiting[] {
    const end = this.#waiting.findIndex(({ prepared }) => !room.takes(prepared))
    const next = this.#waiting.splice(0, end < 0 ? this.#waiting.length : end)
    for (const { prepared } of next) this.#waitingEvents -= prepared.events.length
    return next
  }

  async #write(next: readonly Waiting[], room: FlushRoom): Promise<void> {
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
    this.#underWay.delete(room)
    this.#start()
  }
}
