import pg from 'pg'
import type { Connection } from '../../database/pool.js'
import type { Ordinal } from '../../domain/values/identifiers.js'

const channel = 'ledger_appended'
const pollMilliseconds = 500
const pauseBetweenNotices = 10

/**
 * Tells readers that there is more: those of this process directly, those of others by NOTIFY,
 * after the commit and from a connection that holds no lock. A notice may be lost; readers poll.
 */
export class Announcements {
  readonly #connection: Connection
  readonly #pool: pg.Pool
  readonly #waiting = new Set<() => void>()
  #head = -1
  #toNotify = false
  #notifying: Promise<void> | undefined
  #listener: pg.Client | undefined
  #closed = false

  constructor(connection: Connection, pool: pg.Pool) {
    this.#connection = connection
    this.#pool = pool
  }

  /** Says that this process stored events up to `head`. */
  announce(head: Ordinal): void {
    this.#wake(head)
    this.#toNotify = true
    this.#notifying ??= this.#notify()
  }

  /** Resolves when there may be more than `after`, after the poll's pause, or when stopped. */
  more(after: Ordinal, stopped: AbortSignal): Promise<void> {
    this.#listen()
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        stopped.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, pollMilliseconds)
      this.#waiting.add(wake)
      stopped.addEventListener('abort', wake)
      if (stopped.aborted || this.#head > after) wake()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#notifying
    await this.#listener?.end().catch(() => undefined)
  }

  #wake(head: number): void {
    this.#head = Math.max(this.#head, head)
    for (const wake of this.#waiting) wake()
  }

  /** One notice at a time, and a pause between: a notice says "look", not how much. */
  async #notify(): Promise<void> {
    while (this.#toNotify) {
      this.#toNotify = false
      await this.#pool
        .query('SELECT pg_notify($1, $2)', [channel, String(this.#head)])
        .catch(() => undefined)
      if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, pauseBetweenNotices))
    }
    this.#notifying = undefined
  }

  #listen(): void {
    if (this.#listener || this.#closed) return
    const listener = new pg.Client({
      ...this.#connection,
      application_name: 'benefits-ledger listener',
    })
    this.#listener = listener
    const forget = () => {
      if (this.#listener === listener) this.#listener = undefined
    }
    listener.on('error', forget)
    listener.on('end', forget)
    listener.on('notification', ({ payload }) => this.#wake(Number(payload ?? -1)))
    listener
      .connect()
      .then(() => listener.query(`LISTEN ${channel}`))
      .catch(forget)
  }
}
