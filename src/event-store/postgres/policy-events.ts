import type pg from 'pg'
import type { Ordinal } from '../../domain/values/identifiers.js'
import type { StoredEvent } from '../event-store.js'
import { eventSelection, storedEvent } from './stored-row.js'

/** A dot follows a hyphen, so each pair takes the streams of one kind and can use their index. */
const policyEventsSql = `
SELECT ${eventSelection}
FROM ledger.events
WHERE ordinal > $1 AND ordinal <= $2
  AND (
    (stream >= 'programme-' AND stream < 'programme.')
    OR (stream >= 'standard-' AND stream < 'standard.')
    OR (stream >= 'division-' AND stream < 'division.')
  )
ORDER BY ordinal`

const textOfEveryColumn: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text }

/**
 * The events of programme, standard and division streams with ordinals after `after` and up to
 * `upTo`, in order: found by the names of their streams, without reading the rest of the log.
 */
export async function readPolicyEvents(
  pool: pg.Pool,
  range: { readonly after: Ordinal; readonly upTo: Ordinal },
): Promise<readonly StoredEvent[]> {
  const { rows } = await pool.query<string[]>({
    name: 'ledger-policy-events',
    text: policyEventsSql,
    values: [range.after, range.upTo],
    rowMode: 'array',
    types: textOfEveryColumn,
  })
  return rows.map(storedEvent)
}
