import type { BenchPart } from '../bench.js'
import { measurement } from '../measurement.js'

/** The most memory that each process took while the parts before this one ran. */
export const memory: BenchPart = {
  name: 'memory',
  async measure(bench) {
    const peaks = await bench.memory.stop()
    return peaks.map(({ bytes, process }) =>
      measurement({
        id: `memory-${process.replace(/^postgres benefits-ledger/, 'postgres')}`
          .toLowerCase()
          .replaceAll(/[^a-z0-9]+/g, '-'),
        what:
          process === 'service'
            ? 'peak memory of the process with the service, the rebuild and the bench itself'
            : `peak memory of its own of the database process: ${process}`,
        measured: bytes / 1024 ** 2,
        limit: null,
        unit: 'MiB',
        aim: null,
      }),
    )
  },
}
