import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BenchPart, openBench } from './bench.js'
import { openBenchPlace } from './bench-place.js'
import { type Measurement, measurementLine, Results } from './measurement.js'
import type { BenchOptions } from './options.js'
import { bulkAppend } from './parts/bulk-append.js'
import { eventStoreDbAppends } from './parts/eventstoredb-appends.js'
import { eventStoreDbReads } from './parts/eventstoredb-reads.js'
import { httpGrants } from './parts/http-grants.js'
import { memory } from './parts/memory.js'
import { monthRun } from './parts/month-run.js'
import { priceSubsidy } from './parts/price-subsidy.js'
import { reads } from './parts/reads.js'
import { rebuild } from './parts/rebuild.js'
import { singleAppends } from './parts/single-appends.js'
import { storage } from './parts/storage.js'
import { visibility } from './parts/visibility.js'

/** In the order in which they run: each leaves the ledger as the next wants it. */
const ownParts: readonly BenchPart[] = [
  singleAppends,
  bulkAppend,
  rebuild,
  storage,
  reads,
  visibility,
  httpGrants,
  monthRun,
  priceSubsidy,
  memory,
]

/** What both logs are asked, EventStoreDB beside PostgreSQL. */
const besideEventStoreDb: readonly BenchPart[] = [
  singleAppends,
  bulkAppend,
  rebuild,
  eventStoreDbAppends,
  eventStoreDbReads,
]

/** Runs the parts asked for and writes `results.json` after each. */
export async function runBench(
  options: BenchOptions,
  note: (line: string) => void,
): Promise<readonly Measurement[]> {
  const chosen = chosenParts(options)
  await mkdir(options.out, { recursive: true })
  const place = await openBenchPlace()
  const bench = openBench(options, place, note)
  const results: Measurement[] = []
  try {
    for (const part of chosen) {
      for (const found of await part.measure(bench)) {
        results.push(found)
        note(measurementLine(found))
      }
      await writeResults(options.out, results)
    }
    return results
  } finally {
    await bench.close()
    await place.close()
  }
}

function chosenParts({ log, only }: BenchOptions): readonly BenchPart[] {
  const parts = log === undefined ? ownParts : besideEventStoreDb
  if (!only) return parts
  const names = parts.map(({ name }) => name)
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: the parts are ${names.join(', ')}.`)
  return parts.filter(({ name }) => only.includes(name))
}

async function writeResults(folder: string, results: readonly Measurement[]): Promise<void> {
  const text = JSON.stringify(Results.parse(results), null, 2)
  await writeFile(join(folder, 'results.json'), `${text}\n`)
}
