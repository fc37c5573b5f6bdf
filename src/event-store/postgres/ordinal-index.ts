import type pg from 'pg'
import { ordinal } from '../../domain/values/identifiers.js'
import { trusted } from '../../domain/values/trusted.js'
import type { CountedEvent, KeptIndex } from '../eventstoredb/log-index.js'

const loadSql = `
SELECT
  ordinal::integer AS ordinal,
  commit_position::text AS commit,
  prepare_position::text AS prepare,
  event_id,
  version,
  stream,
  recorded,
  append_key,
  request_hash,
  attempt,
  created_milliseconds
FROM vault.log_index
WHERE ledger = $1
  AND ordinal > $2
ORDER BY ordinal
LIMIT $3`

// Another instance counts the same log and may have been first.
const saveSql = `
INSERT INTO vault.log_index (
  ledger, ordinal, commit_position, prepare_position, event_id, version, stream, recorded,
  append_key, request_hash, attempt, created_milliseconds
)
SELECT $1, counted.*
FROM unnest(
  $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::integer[], $7::text[],
  $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::bigint[]
) AS counted
ON CONFLICT (ledger, ordinal) DO NOTHING`

interface IndexRow {
  readonly ordinal: number
  readonly commit: string
  readonly prepare: string
  readonly event_id: string
  readonly version: number
  readonly stream: string
  readonly recorded: string
  readonly append_key: string | null
  readonly request_hash: string | null
  readonly attempt: string | null
  readonly created_milliseconds: number | null
}

const rowsAtOnce = 10_000

/** The ordinals of a ledger whose log is not in PostgreSQL, kept there between starts. */
export function keptInPostgres(pool: pg.Pool, ledger: string): KeptIndex {
  return {
    async load(take) {
      for (let after = -1; ; ) {
        const { rows } = await pool.query<IndexRow>(loadSql, [ledger, after, rowsAtOnce])
        await take(rows.map(countedEventOf))
        after = rows.at(-1)?.ordinal ?? after
        if (rows.length < rowsAtOnce) return
      }
    },
    async save(events) {
      for (let from = 0; from < events.length; from += rowsAtOnce) {
        const columns = columnsOf(events.slice(from, from + rowsAtOnce))
        await pool.query(saveSql, [ledger, ...columns])
      }
    },
  }
}

function countedEventOf(row: IndexRow): CountedEvent {
  const own = ordinal(row.ordinal)
  const { append_key: key, attempt, request_hash: requestHash, version } = row
  const isLast = key !== null && attempt !== null && requestHash !== null
  const createdMilliseconds = row.created_milliseconds ?? 0
  return {
    ordinal: own,
    position: { commit: BigInt(row.commit), prepare: BigInt(row.prepare) },
    eventId: row.event_id,
    stream: row.stream,
    version,
    recorded: trusted.instant(row.recorded),
    append: isLast
      ? { key, requestHash, attempt, version, ordinal: own, createdMilliseconds }
      : undefined,
  }
}

function columnsOf(events: readonly CountedEvent[]): unknown[] {
  return [
    events.map((event) => event.ordinal),
    events.map((event) => String(event.position.commit)),
    events.map((event) => String(event.position.prepare)),
    events.map((event) => event.eventId),
    events.map((event) => event.version),
    events.map((event) => event.stream),
    events.map((event) => event.recorded),
    events.map((event) => event.append?.key ?? null),
    events.map((event) => event.append?.requestHash ?? null),
    events.map((event) => event.append?.attempt ?? null),
    events.map((event) => event.append?.createdMilliseconds ?? null),
  ]
}
