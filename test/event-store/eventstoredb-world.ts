import type { Test } from 'tap'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import type { Append, StoredEvent } from '../../src/event-store/event-store.js'
import {
  type EventStoreDbLog,
  type EventStoreDbOptions,
  openEventStoreDb,
} from '../../src/event-store/eventstoredb/open.js'
import { anAppend, anEvent } from '../support/appends.js'
import { type FakeEventStoreDb, startFakeEventStoreDb } from './fake-eventstoredb/server.js'

/** Short, so that waiting for a failure to be noticed is short too. */
export const timing = {
  callMilliseconds: 500,
  settleMilliseconds: 3_000,
  pollMilliseconds: 20,
  disposeMilliseconds: 500,
  pauseMilliseconds: 5,
}

export interface World {
  readonly server: FakeEventStoreDb
  readonly store: EventStoreDbLog
  readonly interruptions: string[]
  open(options?: Partial<EventStoreDbOptions>): Promise<EventStoreDbLog>
}

/** A fake server and a store on it; both end with the test. */
export async function aWorld(t: Test, options: Partial<EventStoreDbOptions> = {}): Promise<World> {
  const server = await startFakeEventStoreDb()
  const interruptions: string[] = []
  const { connectionString } = server
  const open = async (own: Partial<EventStoreDbOptions> = {}) => {
    const store = await openEventStoreDb({
      connectionString,
      clock: 'simulated',
      timing,
      onInterruption: (reason) => interruptions.push(reason),
      ...own,
    })
    t.teardown(() => store.close())
    return store
  }
  const store = await open(options)
  t.teardown(() => server.stop())
  return { server, store, interruptions, open }
}

/** All that the store can read. */
export async function eventsOf(store: EventStoreDbLog): Promise<readonly StoredEvent[]> {
  return store.readAll({ after: beforeFirst, limit: 10_000 })
}

/** An append of two events. */
export const two = (wanted: Partial<Append> = {}) =>
  anAppend({ stream: 'a', key: 'k', events: [anEvent(), anEvent()], ...wanted })

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 8_000
  while (!(await isSo()) && performance.now() < end) await new Promise((r) => setTimeout(r, 10))
}
