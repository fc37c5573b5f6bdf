import { ordinal } from '../../domain/values/identifiers.js'
import type { UncountedEvent } from './event-envelope.js'
import type { CountedEvent, Position } from './log-index.js'

/** An uncounted event with the ordinal after the one before it. */
export function countedEvent(
  { append, createdMilliseconds, event }: UncountedEvent,
  at: { readonly position: Position; readonly after: number },
): CountedEvent {
  const own = ordinal(at.after + 1)
  const isLast = append.index === append.events - 1
  const { attempt, key, requestHash } = append
  const { eventId, recorded, stream, version } = event
  return {
    ordinal: own,
    position: at.position,
    eventId,
    stream,
    version,
    recorded,
    append: isLast
      ? { key, requestHash, attempt, version, ordinal: own, createdMilliseconds }
      : undefined,
  }
}
