import { beforeFirst } from '../../src/domain/values/identifiers.js'
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js'
import type { ReadEvent } from './history.js'

const eventsAtOnce = 5000

/** The field of an event's data that carries the id of the write it came from. */
export type WriteField = 'holdId' | 'id'

/** The whole log, in order. */
export async function wholeLog(
  store: EventStore,
  field: WriteField,
): Promise<readonly ReadEvent[]> {
  const log: ReadEvent[] = []
  for (let after = beforeFirst; ; ) {
    const events = await store.readAll({ after, limit: eventsAtOnce })
    const last = events.at(-1)
    if (!last) return log
    log.push(...events.map((event) => readEvent(event, field)))
    after = last.ordinal
  }
}

export function readEvent(event: StoredEvent, field: WriteField): ReadEvent {
  const { data, leafHash, ordinal, stream, version } = event
  const write = data[field]
  return { ordinal, stream, version, leafHash, write: typeof write === 'string' ? write : null }
}
