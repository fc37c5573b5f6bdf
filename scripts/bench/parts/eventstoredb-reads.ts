import type { BenchPart } from '../bench.js'
import type { EventStoreDbBench } from '../eventstoredb-bench.js'
import { measurement } from '../measurement.js'
import { timed } from '../timing.js'

/**
 * Filling a log through the adapter, reading it to its end and a rebuild from it, against the bare
 * client that reads the same events and parses them.
 */
export const eventStoreDbReads: BenchPart = {
  name: 'eventstoredb-reads',
  async measure(bench) {
    const server = await bench.eventStoreDb()
    const { appendMilliseconds, events } = await server.loaded()
    const { readMilliseconds, rebuildMilliseconds } = await server.filled()
    const rawMilliseconds = await timed(() => readRaw(server))
    const perSecond = (milliseconds: number) => (events / milliseconds) * 1000
    return [
      measurement({
        id: 'eventstoredb-load',
        what: 'EventStoreDB: filling the log with households, a stream each, in batches of 1000',
        measured: perSecond(appendMilliseconds),
        limit: null,
        unit: 'events/s',
        aim: null,
      }),
      measurement({
        id: 'eventstoredb-read-all',
        what: `EventStoreDB: reading ${events} events through the log, against the bare client`,
        measured: perSecond(readMilliseconds),
        limit: perSecond(rawMilliseconds),
        unit: 'events/s',
        aim: '>= 0.8',
      }),
      measurement({
        id: 'eventstoredb-rebuild',
        what: `EventStoreDB: rebuild of all projections from ${events} events, against reading`,
        measured: rebuildMilliseconds / 1000,
        limit: readMilliseconds / 1000,
        unit: 's',
        aim: '<= 4',
      }),
    ]
  },
}

/** The client parses each event's data and metadata as it reads. */
async function readRaw(server: EventStoreDbBench): Promise<void> {
  const { after, events, streams } = await server.loaded()
  let read = 0
  for await (const { event } of server.client.readAll({ fromPosition: after }))
    if (event?.streamId.startsWith(streams)) read += 1
  if (read < events) throw new Error(`the bare client read ${read} of ${events} events`)
}
