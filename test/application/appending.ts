import type { EventStore } from '../../src/event-store/event-store.js'

/** A log that appends in another way and does all else as the one given. */
export function appending(store: EventStore, append: EventStore['append']): EventStore {
  return {
    limits: store.limits,
    readStream: store.readStream.bind(store),
    readAll: store.readAll.bind(store),
    subscribe: store.subscribe.bind(store),
    head: store.head.bind(store),
    ordinalAt: store.ordinalAt.bind(store),
    close: store.close.bind(store),
    append,
  }
}
