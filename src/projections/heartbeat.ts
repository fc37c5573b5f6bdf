import type { PoolClient } from '../database/copy-rows.js'

/** Beats in the time of a lease: one may be late without harm. */
const beatsInLease = 3

/** Lets the server hear of the holder of a lease between its batches. */
export class Heartbeat {
  /** Rejects when the server was not heard of for the time of the lease. */
  readonly lost: Promise<never>
  readonly #client: PoolClient
  readonly #timer: NodeJS.Timeout
  #lose: (error: Error) => void = () => undefined
  /** A session takes one query at a time. */
  #turn: Promise<unknown> = Promise.resolve()
  #isBusy = false

  constructor(client: PoolClient, leaseMilliseconds: number) {
    this.#client = client
    this.lost = new Promise((_, reject) => {
      this.#lose = reject
    })
    // Who stops has no use for it any more.
    this.lost.catch(() => undefined)
    this.#timer = setInterval(() => {
      if (!this.#isBusy) this.#turn = this.#beat(leaseMilliseconds)
    }, leaseMilliseconds / beatsInLease)
  }

  /** Work on the session, with no beat meanwhile. */
  async between(work: () => Promise<void>): Promise<void> {
    await this.#turn
    this.#isBusy = true
    try {
      await work()
    } finally {
      this.#isBusy = false
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #beat(leaseMilliseconds: number): Promise<void> {
    this.#isBusy = true
    const late = setTimeout(
      () => this.#lose(new Error('connection without a heartbeat')),
      leaseMilliseconds,
    )
    try {
      await this.#client.query('SELECT')
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)))
    } finally {
      clearTimeout(late)
      this.#isBusy = false
    }
  }
}
