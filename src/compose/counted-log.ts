import type { EventStore } from '../event-store/event-store.js'

/** A log that counts its appends by how they ended, for the metrics. */
export interface CountedLog {
  readonly store: EventStore
  readonly appendCounts: ReadonlyMap<string, number>
}

export function countedLog(log: EventStore): CountedLog {
  const appendCounts = new Map<string, number>()
  const store: EventStore = {
    limits: log.limits,
    readStream: (stream, fromVersion) => log.readStream(stream, fromVersion),
    readAll: (range) => log.readAll(range),
    subscribe: (after, handle) => log.subscribe(after, handle),
    async append(batch) {
      const outcomes = await log.append(batch)
      for (const { kind } of outcomes) appendCounts.set(kind, (appendCounts.get(kind) ?? 0) + 1)
      return outcomes
    },
    head: () => log.head(),
    ordinalAt: (at) => log.ordinalAt(at),
    close: () => log.close(),
  }
  return { store, appendCounts }
}
