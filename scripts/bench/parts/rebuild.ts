import type { BenchPart } from '../bench.js'
import { measurement } from '../measurement.js'

/** A rebuild of all projections against reading and parsing the log once. */
export const rebuild: BenchPart = {
  name: 'rebuild',
  async measure(bench) {
    const { events } = await bench.loaded()
    const { readMilliseconds, rebuildMilliseconds } = await bench.filled()
    return [
      measurement({
        id: 'rebuild',
        what: `rebuild of all projections from ${events} events against reading the log once`,
        measured: rebuildMilliseconds / 1000,
        limit: readMilliseconds / 1000,
        unit: 's',
        aim: '<= 4',
      }),
    ]
  },
}
