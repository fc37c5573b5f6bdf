import type pg from 'pg'
import { trusted } from '../../domain/values/trusted.js'
import type { AppendMark, OrdinalRange } from '../event-store.js'

const appendMarksSql = `
SELECT ordinal, append_key AS key, encode(request_hash, 'hex') AS request_hash
FROM ledger.events
WHERE ordinal > $1 AND ordinal <= $2 AND append_key IS NOT NULL
ORDER BY ordinal`

interface MarkRow {
  readonly ordinal: number
  readonly key: string
  readonly request_hash: string
}

/** The appends whose last events are in the range, in log order. */
export async function appendMarks(
  pool: pg.Pool,
  { after, upTo }: OrdinalRange,
): Promise<readonly AppendMark[]> {
  const { rows } = await pool.query<MarkRow>(appendMarksSql, [after, upTo])
  return rows.map(({ ordinal, key, request_hash: requestHash }) => ({
    ordinal: trusted.ordinal(ordinal),
    key,
    requestHash,
  }))
}
