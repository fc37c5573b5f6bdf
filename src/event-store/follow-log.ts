import type { Ordinal } from '../domain/values/identifiers.js'
import type { StoredEvent, Subscription } from './event-store.js'
import { assertDense } from './prepared-append.js'

/** How a subscription gets at the log of its adapter. */
export interface LogFollower {
  readonly after: Ordinal
  /** The next events after an ordinal, empty at the end. */
  readonly read: (after: Ordinal) => Promise<readonly StoredEvent[]>
  readonly handle: (events: readonly StoredEvent[]) => Promise<void>
  /** Resolves when there may be more than `after`, or at once when `stopped` fires. */
  readonly more: (after: Ordinal, stopped: AbortSignal) => Promise<void>
}

/**
 * Reads, checks density, hands on, waits, and begins again until stopped. The first error of the
 * log or the handler ends it and rejects `done`.
 */
export function followLog(follower: LogFollower): Subscription {
  const stopping = new AbortController()
  const done = run(follower, stopping.signal)
  // Who never looks at `done` must not be ended by an unhandled rejection while stopping.
  const ended = done.catch(() => undefined)
  return {
    done,
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

async function run(follower: LogFollower, stopped: AbortSignal): Promise<void> {
  let position = follower.after
  while (!stopped.aborted) {
    const events = await follower.read(position)
    if (stopped.aborted) return
    const last = events.at(-1)
    if (!last) {
      await follower.more(position, stopped)
      continue
    }
    assertDense(position, events)
    await follower.handle(events)
    position = last.ordinal
  }
}
