import type { PoolClient } from '../../database/copy-rows.js'
import type { Fold, Projection } from '../projection.js'
import type { Table } from '../tables.js'
import { addChanges, createTotalChanges } from './changes.js'

const totalCell: Table = {
  name: 'total_cell',
  columns: {
    level: 'integer',
    block: 'bigint',
    topic: 'text',
    programme: 'text',
    division: 'text',
    urban_rural: 'text',
    benefit_class: 'text',
    detail: 'text',
    qualifier: 'text',
    reported: 'boolean',
    month: 'integer',
    month_in: 'integer',
    households: 'bigint',
    persons: 'bigint',
    amount_fen: 'bigint',
  },
  key: [
    'topic',
    'level',
    'block',
    'division',
    'programme',
    'month',
    'urban_rural',
    'benefit_class',
    'detail',
    'qualifier',
    'reported',
    'month_in',
  ],
}

/** Sums of the rows of cases and payments; stands after both in the list of projections. */
export const totalsProjection: Projection = {
  name: 'totals',
  version: 1,
  tables: [totalCell],
  definitions: [createTotalChanges],
  open: (mode) => {
    let live = mode === 'live'
    let first = 0
    let last = -1
    const add = async (client: PoolClient, from: number, to: number) => {
      if (from <= to) await client.query(addChanges, [from, to])
    }
    const fold: Fold = {
      async fold(batch, client) {
        last = batch.at(-1)?.ordinal ?? last
        if (!live) return
        await add(client, batch[0]?.ordinal ?? 0, last)
        first = last + 1
      },
      async finish(client) {
        live = true
        await add(client, first, last)
      },
      forget() {},
    }
    return fold
  },
}
