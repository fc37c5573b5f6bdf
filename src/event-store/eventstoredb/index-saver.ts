import { setTimeout as wait } from 'node:timers/promises'
import type { Ordinal } from '../../domain/values/identifiers.js'
import type { CountedEvent, KeptIndex } from './log-index.js'

const pauseMilliseconds = 500
/** Events are gathered for so long, or until there are so many, and saved together. */
const gatherMilliseconds = 200
const gatheredAtMost = 5_000

/** Saves what was counted behind the answers, in order; no append waits for it. */
export class IndexSaver {
  readonly #kept: KeptIndex
  readonly #mostUnsaved: number
  readonly #closing = new AbortController()
  #savedUpTo: Ordinal
  #unsaved: CountedEvent[] = []
  #saving: Promise<void> | undefined

  constructor(
    kept: KeptIndex,
    from: { readonly savedUpTo: Ordinal; readonly mostUnsaved: number },
  ) {
    this.#kept = kept
    this.#savedUpTo = from.savedUpTo
    this.#mostUnsaved = from.mostUnsaved
  }

  /** The last ordinal that is kept. */
  get savedUpTo(): Ordinal {
    return this.#savedUpTo
  }

  take(events: readonly CountedEvent[]): void {
    for (const event of events) this.#unsaved.push(event)
    this.#saving ??= this.#saveAll()
  }

  /** Waits while so much is unsaved that memory would grow without end. */
  async room(): Promise<void> {
    while (this.#unsaved.length >= this.#mostUnsaved && !this.#closing.signal.aborted)
      await this.#pause(pauseMilliseconds)
  }

  /** Saves once more; what can't be saved is counted again at the next start. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#saving
    await this.#saveOnce()
  }

  async #saveAll(): Promise<void> {
    while (this.#unsaved.length > 0 && !this.#closing.signal.aborted) {
      if (this.#unsaved.length < gatheredAtMost) await this.#pause(gatherMilliseconds)
      if (!(await this.#saveOnce())) await this.#pause(pauseMilliseconds)
    }
    this.#saving = undefined
  }

  async #saveOnce(): Promise<boolean> {
    const events = this.#unsaved
    const last = events.at(-1)
    if (!last) return true
    this.#unsaved = []
    try {
      await this.#kept.save(events)
      this.#savedUpTo = last.ordinal
      return true
    } catch {
      this.#unsaved = [...events, ...this.#unsaved]
      return false
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return wait(milliseconds, undefined, { signal: this.#closing.signal }).catch(() => {})
  }
}
