import type { BenchPart } from '../bench.js'
import { measurement } from '../measurement.js'

/** Bulk append through the port, all checks, against COPY into a table like the log's. */
export const bulkAppend: BenchPart = {
  name: 'bulk-append',
  async measure(bench) {
    const { appendMilliseconds, copyMilliseconds, events } = await bench.loaded()
    return [
      measurement({
        id: 'bulk-append',
        what: 'bulk append through the port against COPY into the same table',
        measured: (events / appendMilliseconds) * 1000,
        limit: (events / copyMilliseconds) * 1000,
        unit: 'events/s',
        aim: '>= 0.6',
      }),
    ]
  },
}
