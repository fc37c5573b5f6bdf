import type { LedgerEventUnion } from '../domain/events.js'
import { codec, kindOfStream, type Recorded } from '../event-store/codec.js'
import type { StoredEvent } from '../event-store/event-store.js'

/** Any event of the ledger with its envelope; `type` narrows `data`. */
export type RecordedEvent = Recorded<LedgerEventUnion>

/** The event as the domain knows it; a stream or type that nobody knows halts the projector. */
export function recordedEvent(stored: StoredEvent): RecordedEvent {
  const kind = kindOfStream(stored.stream)
  if (!kind) throw new Error(`no such kind of stream: event ${stored.type}`)
  return codec.decode(kind, stored)
}
