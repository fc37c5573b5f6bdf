import { createHash } from 'node:crypto'
import { instant } from '../../src/domain/values/calendar.js'
import { ActorId } from '../../src/domain/values/identifiers.js'
import type { Append, NewEvent } from '../../src/event-store/event-store.js'

/** An append of one small event to a new stream, with what a test wants otherwise. */
export function anAppend(wanted: Partial<Append> & Pick<Append, 'stream' | 'key'>): Append {
  return {
    expected: 'none',
    events: [anEvent()],
    requestHash: requestHashOf('the request'),
    recorded: instant('2012-06-06T02:00:00.000Z'),
    actor: ActorId.parse('clerk-17'),
    correlation: 'request-1',
    ...wanted,
  }
}

export function anEvent(data: NewEvent['data'] = { note: '入户调查' }): NewEvent {
  return { type: 'ReviewRecorded', schemaVersion: 1, effective: '2012-05', data }
}

export function requestHashOf(request: string): string {
  return createHash('sha256').update(request).digest('hex')
}
