import { END, EventStoreDBClient, START } from '@eventstore/db-client'
import { openKeptIndex } from '../../src/event-store/eventstoredb/kept-index.js'
import type { Position } from '../../src/event-store/eventstoredb/log-index.js'
import { type EventStoreDbLog, openEventStoreDb } from '../../src/event-store/eventstoredb/open.js'
import { inTime } from '../../src/event-store/eventstoredb/timing.js'
import { keptInPostgres } from '../../src/event-store/postgres/ordinal-index.js'
import { openBenchPlace, quiet } from './bench-place.js'
import { type Filled, fillReadModel } from './fill-read-model.js'
import { type Filling, fillLog } from './load-ledger.js'
import { once } from './once.js'
import type { BenchOptions } from './options.js'

/** A server of EventStoreDB, by the bare client and by the log's adapter. */
export interface EventStoreDbBench {
  readonly client: EventStoreDBClient
  /** What begins the names of the streams that the bare client writes, and those of `withLog`. */
  readonly rawStreams: string
  readonly logStreams: string
  /** A log for single appends. It follows the whole server, so it is open only while it is used. */
  withLog<Result>(use: (log: EventStoreDbLog) => Promise<Result>): Promise<Result>
  /** A ledger with the households of the options in a place of its own. */
  loaded(): Promise<FilledServer>
  /** The read models built from it. */
  filled(): Promise<Filled>
  close(): Promise<void>
}

/** What filling took, and what of `$all` it filled. */
export interface FilledServer extends Filling {
  readonly after: Position | typeof START
  /** Begins the names of its streams. */
  readonly streams: string
}

const disposeMilliseconds = 1000

export async function openEventStoreDbBench(options: BenchOptions): Promise<EventStoreDbBench> {
  const connectionString = options.log ?? ''
  const name = `bench-${Date.now()}`
  const client = EventStoreDBClient.connectionString(connectionString)
  const place = await openBenchPlace(quiet, {
    EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: connectionString,
    EVENTSTOREDB_LEDGER: name,
  })
  const single = { connectionString, clock: 'simulated', ledger: `${name}-single` } as const
  const bench: EventStoreDbBench = {
    client,
    rawStreams: `${name}-raw.`,
    logStreams: `${single.ledger}.`,
    async withLog(use) {
      const index = await openKeptIndex(keptInPostgres(place.admin, single.ledger))
      const log = await openEventStoreDb({ ...single, index })
      try {
        return await use(log)
      } finally {
        await log.close()
        await index.close()
      }
    },
    loaded: once(async () => {
      const after = await endOf(client)
      return { ...(await fillLog(place, options.cases)), after, streams: `${name}.` }
    }),
    filled: once(async () => {
      await bench.loaded()
      return fillReadModel(place)
    }),
    async close() {
      // The client waits for a call for appends that the server may never end.
      await inTime(client.dispose(), disposeMilliseconds).catch(() => undefined)
      await place.close()
    },
  }
  return bench
}

async function endOf(client: EventStoreDBClient): Promise<Position | typeof START> {
  const last = client.readAll({ direction: 'backwards', fromPosition: END, maxCount: 1 })
  for await (const { event } of last) if (event) return event.position
  return START
}
