import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { timed } from '../../database/copy-rows.js'
import type { Instant } from '../../domain/values/calendar.js'
import { beforeFirst, type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type { ReadRange, StoredEvent } from '../event-store.js'
import { assertDense } from '../prepared-append.js'
import { copiedColumns, eventSelection, storedEvent } from './stored-row.js'

const readStreamSql = `
SELECT ${eventSelection}
FROM ledger.events
WHERE stream = $1 AND version >= $2
ORDER BY version`

const headSql = `
SELECT ordinal
FROM ledger.events
ORDER BY ordinal DESC
LIMIT 1`

const ordinalAtSql = `
SELECT ordinal
FROM ledger.events
WHERE recorded_max <= $1
ORDER BY recorded_max DESC, ordinal DESC
LIMIT 1`

const textOfEveryColumn: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text }

export async function readStream(
  pool: pg.Pool,
  stream: string,
  fromVersion: number,
): Promise<readonly StoredEvent[]> {
  const { rows } = await pool.query<string[]>({
    name: 'ledger-read-stream',
    text: readStreamSql,
    values: [stream, fromVersion],
    rowMode: 'array',
    types: textOfEveryColumn,
  })
  return rows.map(storedEvent)
}

/**
 * The next events of the log, checked to be dense. By COPY, whose lines the driver does not take
 * apart: twice as fast as rows.
 */
export async function readAll(pool: pg.Pool, range: ReadRange): Promise<readonly StoredEvent[]> {
  if (range.limit <= 0) return []
  const lines = await copyLines(pool, readAllSql(range))
  const events = lines.map((line) => storedEvent(copiedColumns(line)))
  assertDense(range.after, events)
  return events
}

/** COPY takes no parameters; both numbers are checked to be integers. */
function readAllSql({ after, limit }: ReadRange): string {
  return `
COPY (
  SELECT ${eventSelection}
  FROM ledger.events
  WHERE ordinal > ${ordinal(after)}
  ORDER BY ordinal
  LIMIT ${Math.min(Math.trunc(limit), Number.MAX_SAFE_INTEGER)}
) TO STDOUT`
}

async function copyLines(pool: pg.Pool, sql: string): Promise<readonly string[]> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    const chunks: Buffer[] = []
    const stream = client.query(timed(copyTo(sql)))
    try {
      for await (const chunk of stream) chunks.push(chunk)
    } finally {
      stream.callback()
    }
    const text = Buffer.concat(chunks).toString('utf8')
    return text === '' ? [] : text.slice(0, -1).split('\n')
  } catch (error) {
    // A COPY that was cut off leaves its connection in the middle of a message.
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    client.release(failure)
  }
}

export async function readHead(pool: pg.Pool): Promise<Ordinal> {
  return oneOrdinal(await pool.query<{ ordinal: number }>({ name: 'ledger-head', text: headSql }))
}

export async function readOrdinalAt(pool: pg.Pool, at: Instant): Promise<Ordinal> {
  return oneOrdinal(
    await pool.query<{ ordinal: number }>({
      name: 'ledger-ordinal-at',
      text: ordinalAtSql,
      values: [at],
    }),
  )
}

function oneOrdinal({ rows }: pg.QueryResult<{ ordinal: number }>): Ordinal {
  return rows[0] ? ordinal(rows[0].ordinal) : beforeFirst
}
