import { setTimeout as sleep } from 'node:timers/promises'
import { beforeFirst, type Ordinal } from '../../src/domain/values/identifiers.js'
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'
import { openAttackedLog } from './attacked-log.js'
import type { AttackedPlace } from './attacked-place.js'
import type { ReadEvent } from './history.js'
import { readEvent } from './read-log.js'

/** A subscriber that goes on after the last event it was handed, whatever breaks under it. */
export interface Listener {
  readonly heard: readonly ReadEvent[]
  /** Waits until it has heard the ordinal, or a minute. */
  reached(head: number): Promise<void>
  stop(): Promise<void>
}

const pauseMilliseconds = 100
const patienceMilliseconds = 60_000

export function startListener(place: AttackedPlace): Listener {
  const heard: ReadEvent[] = []
  let last: Ordinal = beforeFirst
  let isOver = false
  const handle = async (events: readonly StoredEvent[]) => {
    heard.push(...events.map((event) => readEvent(event, 'holdId')))
    last = events.at(-1)?.ordinal ?? last
  }
  const running = (async () => {
    while (!isOver) {
      await listen(place, { after: () => last, handle, isOver: () => isOver }).catch(
        () => undefined,
      )
      await sleep(pauseMilliseconds)
    }
  })()
  return {
    heard,
    async reached(head) {
      const end = performance.now() + patienceMilliseconds
      while (last < head && performance.now() < end) await sleep(pauseMilliseconds)
    },
    async stop() {
      isOver = true
      await running
    },
  }
}

interface Listening {
  readonly after: () => Ordinal
  readonly handle: (events: readonly StoredEvent[]) => Promise<void>
  readonly isOver: () => boolean
}

async function listen(place: AttackedPlace, { after, handle, isOver }: Listening): Promise<void> {
  const store = await openLog(place)
  try {
    const subscription = store.subscribe(after(), handle)
    let hasEnded = false
    const ended = subscription.done.finally(() => {
      hasEnded = true
    })
    ended.catch(() => undefined)
    while (!hasEnded && !isOver()) await sleep(pauseMilliseconds)
    await subscription.stop()
    await ended
  } finally {
    await store.close()
  }
}

/** The log of the place, past its services. */
export function openLog(place: AttackedPlace): Promise<EventStore> {
  if (place.log) return openAttackedLog(place.log)
  return openPostgresEventStore({ connection: place.server().serviceConnection, clock: 'real' })
}
