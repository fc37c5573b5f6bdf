import { type EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client'
import type { BenchPart } from '../bench.js'
import type { EventStoreDbBench } from '../eventstoredb-bench.js'
import { appendEvery } from '../load-ledger.js'
import { measurement } from '../measurement.js'
import { inTurn, rateOf } from '../timing.js'
import { standardAppends } from './single-appends.js'

const waitingSingle = [1, 16, 128]
/** Largest appends under way: more are more bytes than a server takes in at once. */
const waitingLarge = 4

/**
 * Appends through the log's adapter, with all checks, until they have their ordinals, against the
 * bare client that appends the same bytes to the same server, with as many waiting.
 */
export const eventStoreDbAppends: BenchPart = {
  name: 'eventstoredb-appends',
  async measure(bench) {
    const { eventsAnAppend, roundMilliseconds: milliseconds, rounds } = bench.size
    const server = await bench.eventStoreDb()
    const found = []
    for (const waiting of waitingSingle) {
      const rates = await ratesOf(server, { events: 1, waiting, milliseconds, rounds })
      found.push(
        measurement({
          id: `eventstoredb-append-${waiting}`,
          what: `EventStoreDB: single appends, ${waiting} waiting, against the bare client`,
          ...rates,
          unit: 'appends/s',
          aim: '>= 0.8',
        }),
      )
    }
    const events = eventsAnAppend
    const { limit, measured } = await ratesOf(server, {
      events,
      waiting: waitingLarge,
      milliseconds,
      rounds,
    })
    found.push(
      measurement({
        id: 'eventstoredb-bulk',
        what: `EventStoreDB: appends of ${events} events, against the bare client`,
        measured: measured * events,
        limit: limit * events,
        unit: 'events/s',
        aim: '>= 0.8',
      }),
    )
    return found
  },
}

interface Load {
  readonly events: number
  readonly waiting: number
  readonly milliseconds: number
  readonly rounds: number
}

/** Appends a second, by the client and by the adapter in turn. */
async function ratesOf(server: EventStoreDbBench, { events, ...load }: Load) {
  const name = `case-${events}-${load.waiting}`
  const next = standardAppends(name, events)
  const rawAppend = await rawAppends(server, { name, events })
  const warm = { ...load, milliseconds: load.milliseconds / 5 }
  return inTurn(load.rounds, {
    async limit() {
      await rateOf(rawAppend, warm)
      return rateOf(rawAppend, load)
    },
    measured: () =>
      server.withLog(async (log) => {
        const append = () => appendEvery(log, [next()])
        await rateOf(append, warm)
        return rateOf(append, load)
      }),
  })
}

/** What the adapter stores, appended by the bare client. */
async function rawAppends(
  { client, logStreams, rawStreams, withLog }: EventStoreDbBench,
  { events, name }: { readonly name: string; readonly events: number },
): Promise<() => Promise<unknown>> {
  const sample = standardAppends(`sample-${name}`)()
  await withLog((log) => appendEvery(log, [sample]))
  const stored = await firstEvent(client, `${logStreams}${sample.stream}`)
  let count = 0
  return () => {
    count += 1
    const same = Array.from({ length: events }, () => jsonEvent(stored))
    return client.appendToStream(`${rawStreams}${name}-${count}`, same, {
      expectedRevision: NO_STREAM,
    })
  }
}

async function firstEvent(client: EventStoreDBClient, stream: string) {
  for await (const { event } of client.readStream(stream, { maxCount: 1 }))
    if (event?.isJson) return { type: event.type, data: event.data, metadata: event.metadata }
  throw new Error(`there is no stream ${stream}`)
}
