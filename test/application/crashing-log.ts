import type { Append, EventStore } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { appending } from './appending.js'

/** A log that fails once, before it stores what `crashes` names, as a crash would. */
export function createCrashingLog(crashes: (append: Append) => boolean): EventStore {
  const store = createInMemoryEventStore()
  let crashed = false
  return appending(store, async (batch) => {
    if (crashed || !batch.some(crashes)) return store.append(batch)
    crashed = true
    throw new Error('crashed')
  })
}

/** Crashes before the first event of this type is stored. */
export function beforeEvent(type: string): (append: Append) => boolean {
  return ({ events }) => events.some((event) => event.type === type)
}
