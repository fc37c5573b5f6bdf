import { setTimeout as wait } from 'node:timers/promises'
import { createInMemoryLogIndex } from './in-memory-index.js'
import type { CountedEvent, KeptIndex, LogIndex } from './log-index.js'

/** An index that answers from memory and is kept between starts. */
export interface KeptLogIndex extends LogIndex {
  /** Saves what was counted since; for the end of the process. */
  close(): Promise<void>
}

const pauseMilliseconds = 500
/** Past so many events that could not be saved they are forgotten and counted at the next start. */
const mostUnsaved = 200_000

/**
 * Loads what was kept. What is counted later is saved behind the answers, in order: nothing waits
 * for it, and what could not be saved is counted again at the next start.
 */
export async function openKeptIndex(kept: KeptIndex): Promise<KeptLogIndex> {
  const index = createInMemoryLogIndex()
  await kept.load((events) => index.add(events))
  const saver = new Saver(kept)
  return {
    end: () => index.end(),
    async add(events) {
      await index.add(events)
      saver.take(events)
    },
    appendOf: (key) => index.appendOf(key),
    versionOf: (stream) => index.versionOf(stream),
    ordinalOf: (stream, version) => index.ordinalOf(stream, version),
    positionOf: (ordinal) => index.positionOf(ordinal),
    ordinalAt: (at) => index.ordinalAt(at),
    policyStreams: (range) => index.policyStreams(range),
    appendsIn: (range) => index.appendsIn(range),
    close: () => saver.close(),
  }
}

class Saver {
  readonly #kept: KeptIndex
  #unsaved: CountedEvent[] = []
  #saving: Promise<void> | undefined
  /** After events were forgotten nothing later may be saved: what is kept has no gaps. */
  #isBehind = false

  constructor(kept: KeptIndex) {
    this.#kept = kept
  }

  take(events: readonly CountedEvent[]): void {
    if (this.#isBehind) return
    this.#unsaved.push(...events)
    if (this.#unsaved.length > mostUnsaved) {
      this.#isBehind = true
      this.#unsaved = []
      return
    }
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined
    })
  }

  async close(): Promise<void> {
    await this.#saving
    await this.#saveOnce()
  }

  async #saveAll(): Promise<void> {
    while (this.#unsaved.length > 0) if (!(await this.#saveOnce())) await wait(pauseMilliseconds)
  }

  async #saveOnce(): Promise<boolean> {
    const events = this.#unsaved
    if (events.length === 0) return true
    this.#unsaved = []
    try {
      await this.#kept.save(events)
      return true
    } catch {
      if (!this.#isBehind) this.#unsaved = [...events, ...this.#unsaved]
      return false
    }
  }
}
