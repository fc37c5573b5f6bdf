import type pg from 'pg'
import type { StoredEvent } from '../event-store.js'
import { eventSelection, storedEvent } from './stored-row.js'

const readStreamsSql = `
SELECT ${eventSelection}
FROM ledger.events
WHERE stream = ANY ($1::text[] COLLATE "C")
ORDER BY stream, version`

const textOfEveryColumn: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text }

/**
 * The events of many streams in one round trip, each stream's in order; streams that do not exist
 * have none. For imports, which ask for thousands of streams that are mostly new.
 */
export async function readStreams(
  pool: pg.Pool,
  streams: readonly string[],
): Promise<readonly StoredEvent[]> {
  // Without a name: a plan that was kept from when the log was small would scan all of it.
  const { rows } = await pool.query<string[]>({
    text: readStreamsSql,
    values: [streams],
    rowMode: 'array',
    types: textOfEveryColumn,
  })
  return rows.map(storedEvent)
}
