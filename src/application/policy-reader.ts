import { evolvePolicy, noPolicy, type Policy, type PolicyEvent } from '../domain/policy/policy.js'
import { beforeFirst, type Ordinal, ordinal } from '../domain/values/identifiers.js'
import { codec, kindOfStream } from '../event-store/codec.js'
import type { EventStore, OrdinalRange, StoredEvent } from '../event-store/event-store.js'

/** All policy, as known at an ordinal. The policy/ folder is material for an import only. */
export interface PolicyReader {
  /** As known at the newest event when this was called. */
  latest(): Promise<{ readonly policy: Policy; readonly ordinal: Ordinal }>
  /** As known at an ordinal, the same value whenever it is asked. */
  policyAt(asKnownAt: Ordinal): Promise<Policy>
}

/**
 * The events of programme, standard and division streams in a range, in log order; others may be
 * among them. An adapter that can find them without reading all others gives its own.
 */
export type PolicyEventSource = (range: OrdinalRange) => Promise<readonly StoredEvent[]>

interface KnownEvent {
  readonly ordinal: Ordinal
  readonly event: PolicyEvent
}

/** A fold from the nearest snapshot is never longer than this. */
const eventsPerSnapshot = 200

export function createPolicyReader(
  store: EventStore,
  source: PolicyEventSource = readingAll(store),
): PolicyReader {
  const known: KnownEvent[] = []
  const snapshots: Policy[] = [noPolicy]
  let newest: Policy = noPolicy
  let seen: Ordinal = beforeFirst

  function take(stored: StoredEvent): void {
    const event = policyEventOf(stored)
    if (!event) return
    newest = evolvePolicy(newest, event)
    known.push({ ordinal: stored.ordinal, event })
    if (known.length % eventsPerSnapshot === 0) snapshots.push(newest)
  }

  async function catchUpTo(upTo: Ordinal): Promise<void> {
    if (upTo <= seen) return
    for (const stored of await source({ after: seen, upTo })) take(stored)
    seen = upTo
  }

  // One catches up at a time; who comes meanwhile waits for the next one, which sees all that was
  // there when they came.
  const catchUp = oneAtATime(async () => catchUpTo(await store.head()))

  return {
    async latest() {
      await catchUp()
      return { policy: newest, ordinal: seen }
    },
    async policyAt(asKnownAt) {
      if (asKnownAt > seen) await catchUp()
      const count = countUpTo(known, asKnownAt)
      if (count === known.length) return newest
      const snapshot = Math.floor(count / eventsPerSnapshot)
      const since = known.slice(snapshot * eventsPerSnapshot, count)
      return since.reduce(
        (policy, { event }) => evolvePolicy(policy, event),
        snapshots[snapshot] ?? noPolicy,
      )
    },
  }
}

/** Runs `work` for all who ask, never twice at once, and never answers with an earlier start. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = () => {
    next = undefined
    // Somebody may have come between the end of the work before and this start.
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }
  return () => {
    if (!running) return start()
    next ??= running.then(start, start)
    return next
  }
}

function readingAll(store: EventStore): PolicyEventSource {
  return async ({ after, upTo }) => {
    const found: StoredEvent[] = []
    for (let at: number = after; at < upTo; ) {
      const limit = Math.min(1000, upTo - at)
      const events = await store.readAll({ after: ordinal(at), limit })
      if (events.length === 0) break
      found.push(...events.filter((event) => policyEventOf(event) !== undefined))
      at += events.length
    }
    return found
  }
}

function policyEventOf(stored: StoredEvent): PolicyEvent | undefined {
  const kind = kindOfStream(stored.stream)
  const isPolicy = kind === 'programme' || kind === 'standard' || kind === 'division'
  return isPolicy ? codec.eventOf(kind, stored) : undefined
}

/** How many of the events, which are in order, have an ordinal not after this one. */
function countUpTo(known: readonly KnownEvent[], asKnownAt: Ordinal): number {
  let below = 0
  let above = known.length
  while (below < above) {
    const middle = (below + above) >>> 1
    const event = known[middle]
    if (event && event.ordinal <= asKnownAt) below = middle + 1
    else above = middle
  }
  return below
}
