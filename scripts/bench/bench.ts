import type { LedgerService } from '../../src/compose/service.js'
import { openService } from '../../src/compose/service.js'
import { type BenchHttp, openBenchHttp } from './bench-http.js'
import type { BenchPlace } from './bench-place.js'
import { type EventStoreDbBench, openEventStoreDbBench } from './eventstoredb-bench.js'
import { type Filled, fillReadModel } from './fill-read-model.js'
import { type Loaded, loadLedger } from './load-ledger.js'
import type { Measurement } from './measurement.js'
import { once } from './once.js'
import type { BenchOptions } from './options.js'
import { ProcessMemory } from './process-memory.js'

/** How much is done for one figure: less where the bench itself is small. */
export interface BenchSize {
  readonly rounds: number
  readonly roundMilliseconds: number
  /** Requests, or events, that a latency is read from. */
  readonly samples: number
  /** Of the largest appends. */
  readonly eventsAnAppend: number
}

/**
 * What parts measure on. The ledger is filled, projected and put on HTTP when a part first asks for
 * it, and only once.
 */
export interface Bench {
  readonly options: BenchOptions
  readonly size: BenchSize
  readonly place: BenchPlace
  /** The log filled, with nothing else at work. */
  loaded(): Promise<Loaded>
  /** The read models built from it. */
  filled(): Promise<Filled>
  /** The whole service over both, its projector following. */
  service(): Promise<LedgerService>
  http(): Promise<BenchHttp>
  /** The same on the EventStoreDB of the options. */
  eventStoreDb(): Promise<EventStoreDbBench>
  /** Watches from the beginning on. */
  readonly memory: ProcessMemory
  note(line: string): void
}

/** One part of the benchmark, in a file of its own. */
export interface BenchPart {
  readonly name: string
  measure(bench: Bench): Promise<readonly Measurement[]>
}

export interface OpenBench extends Bench {
  close(): Promise<void>
}

const fullSizeFrom = 10_000

export function openBench(
  options: BenchOptions,
  place: BenchPlace,
  note: (line: string) => void,
): OpenBench {
  const size = sizeOf(options)
  const closing: (() => Promise<void>)[] = []
  const bench: OpenBench = {
    options,
    size,
    place,
    note,
    memory: new ProcessMemory(place.admin),
    loaded: once(() => loadLedger(bench)),
    filled: once(async () => {
      await bench.loaded()
      return fillReadModel(place)
    }),
    service: once(async () => {
      await bench.filled()
      const service = await openService(place.config, { log: place.log })
      closing.push(() => service.close())
      return service
    }),
    http: once(async () => {
      const http = await openBenchHttp(await bench.service())
      closing.push(() => http.stop())
      return http
    }),
    eventStoreDb: once(async () => {
      const opened = await openEventStoreDbBench(options)
      closing.push(() => opened.close())
      return opened
    }),
    async close() {
      await bench.memory.stop()
      for (const close of closing.reverse()) await close()
    },
  }
  return bench
}

function sizeOf({ cases, rounds, roundMilliseconds }: BenchOptions): BenchSize {
  const size =
    cases >= fullSizeFrom
      ? { rounds: 3, roundMilliseconds: 1500, samples: 1000, eventsAnAppend: 1000 }
      : { rounds: 1, roundMilliseconds: 50, samples: 10, eventsAnAppend: 20 }
  return {
    ...size,
    rounds: rounds ?? size.rounds,
    roundMilliseconds: roundMilliseconds ?? size.roundMilliseconds,
  }
}
