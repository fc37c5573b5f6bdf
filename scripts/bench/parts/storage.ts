import type { BenchPart } from '../bench.js'
import { measurement } from '../measurement.js'

const sizes = `
  SELECT
    (SELECT SUM(pg_total_relation_size(c.oid)) FROM pg_class AS c
      WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r')::bigint AS log,
    (SELECT SUM(pg_relation_size(c.oid)) FROM pg_class AS c
      WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r')::bigint AS log_rows,
    (SELECT SUM(pg_total_relation_size(c.oid)) FROM pg_class AS c
      WHERE c.relnamespace = 'read_model'::regnamespace AND c.relkind = 'r')::bigint AS read_model`

/** What the disk holds, right after the rebuild. */
export const storage: BenchPart = {
  name: 'storage',
  async measure(bench) {
    const { events } = await bench.loaded()
    await bench.filled()
    const { rows } = await bench.place.admin.query<{
      log: number
      log_rows: number
      read_model: number
    }>(sizes)
    const [found] = rows
    if (!found) throw new Error('the database does not say what it holds')
    return [
      measurement({
        id: 'storage-log',
        what: 'the log on disk with its indexes, an event, against its rows alone',
        measured: found.log / events,
        limit: found.log_rows / events,
        unit: 'B',
        aim: null,
      }),
      measurement({
        id: 'storage-read-models',
        what: 'all read models on disk, an event of the log, against the log',
        measured: found.read_model / events,
        limit: found.log / events,
        unit: 'B',
        aim: null,
      }),
    ]
  },
}
