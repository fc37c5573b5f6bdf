import type { AppendCall } from './append-call.js'

/** An append's place in its batch, and the call that it was last written on. */
export interface LanePlace {
  call: AppendCall | undefined
}

/**
 * The order of one batch: an append is written on a call when all before it that have no answer
 * yet were written on the same one. So they are stored in order though none waits for an answer,
 * and when a call was given up they are written again in order, before what was not written yet.
 */
export class BatchLane {
  readonly #unanswered: LanePlace[] = []
  #waiting: (() => void)[] = []
  #lost: { readonly error: unknown } | undefined

  /** The place behind all others. */
  enter(): LanePlace {
    const place = { call: undefined }
    this.#unanswered.push(place)
    return place
  }

  /** Notes that an append is written on a call, which is only true when it may be. */
  write(place: LanePlace, call: AppendCall): boolean {
    if (this.#lost) throw this.#lost.error
    const before = this.#unanswered[this.#unanswered.indexOf(place) - 1]
    if (!call.isOpen || (before && before.call !== call)) return false
    place.call = call
    this.#changed()
    return true
  }

  /** The outcome is known, or never will be: nobody waits for this append. */
  leave(place: LanePlace): void {
    const at = this.#unanswered.indexOf(place)
    if (at >= 0) this.#unanswered.splice(at, 1)
    this.#changed()
  }

  /** The outcome of an append could not be found out: what is not answered yet is not tried on. */
  lose(error: unknown): void {
    this.#lost ??= { error }
    this.#changed()
  }

  /** Waits until an append was written or left. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #changed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}
