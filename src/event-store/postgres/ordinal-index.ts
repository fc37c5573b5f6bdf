import type pg from 'pg'
import { beforeFirst, ordinal } from '../../domain/values/identifiers.js'
import { trusted } from '../../domain/values/trusted.js'
import type {
  CountedAppend,
  CountedEvent,
  KeptIndex,
  Position,
  StreamAndKey,
} from '../eventstoredb/log-index.js'

const columns = `
  ordinal, commit_position::text AS commit, prepare_position::text AS prepare, event_id,
  recorded_maximum`
const appendColumns = `
  ordinal, version, append_key, request_hash, attempt, created_milliseconds`

const endSql = `
SELECT ${columns}
FROM vault.log_index
WHERE ledger = $1
ORDER BY ordinal DESC
LIMIT 1`

// Another instance counts the same log and may have been first. What comes before is there.
const saveSql = `
INSERT INTO vault.log_index (
  ledger, ordinal, commit_position, prepare_position, event_id, version, stream,
  append_key, request_hash, attempt, created_milliseconds, recorded_maximum
)
SELECT
  $1, ordinal, commit, prepare, event_id, version, stream, append_key, request_hash, attempt,
  created,
  greatest(
    max(recorded) OVER (ORDER BY ordinal),
    (SELECT recorded_maximum FROM vault.log_index WHERE ledger = $1 AND ordinal = $13)
  )
FROM unnest(
  $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::integer[], $7::text[],
  $8::text[], $9::text[], $10::text[], $11::bigint[], $12::timestamptz[]
) AS counted (
  ordinal, commit, prepare, event_id, version, stream, append_key, request_hash, attempt,
  created, recorded
)
ON CONFLICT (ledger, ordinal) DO NOTHING`

const lookUpSql = `
SELECT
  (
    SELECT counted.version
    FROM vault.log_index AS counted
    WHERE counted.ledger = $1
      AND counted.stream = asked.stream
      AND counted.ordinal <= asked.up_to
    ORDER BY counted.version DESC
    LIMIT 1
  ) AS stream_version,
  append.*
FROM unnest($2::text[], $3::text[], $4::bigint[])
  WITH ORDINALITY AS asked (stream, key, up_to, place)
LEFT JOIN LATERAL (
  SELECT ${appendColumns}
  FROM vault.log_index
  WHERE ledger = $1 AND append_key = asked.key AND ordinal <= asked.up_to
  ORDER BY ordinal
  LIMIT 1
) AS append ON true
ORDER BY asked.place`

const ordinalsSql = `
SELECT ordinal
FROM vault.log_index
WHERE ledger = $1 AND stream = $2 AND version >= $3 AND ordinal <= $4
ORDER BY version`

const positionSql = `SELECT ${columns} FROM vault.log_index WHERE ledger = $1 AND ordinal = $2`

const eventIdsSql = `
SELECT event_id
FROM vault.log_index
WHERE ledger = $1 AND ordinal > $2 AND ordinal <= $3
ORDER BY ordinal`

const ordinalAtSql = `
SELECT ordinal
FROM vault.log_index
WHERE ledger = $1 AND recorded_maximum <= $2
ORDER BY recorded_maximum DESC, ordinal DESC
LIMIT 1`

/** The condition of the partial index log_index_policy. */
const policySql = `
SELECT DISTINCT stream
FROM vault.log_index
WHERE ledger = $1 AND ordinal > $2 AND ordinal <= $3
  AND stream ~ '^(programme|standard|division)-'`

const appendsSql = `
SELECT ${appendColumns}
FROM vault.log_index
WHERE ledger = $1 AND ordinal > $2 AND ordinal <= $3 AND append_key IS NOT NULL
ORDER BY ordinal`

interface PlaceRow {
  readonly ordinal: number
  readonly commit: string
  readonly prepare: string
  readonly event_id: string
  readonly recorded_maximum: string
}

interface AppendRow {
  readonly ordinal: number | null
  readonly version: number | null
  readonly append_key: string | null
  readonly request_hash: string | null
  readonly attempt: string | null
  readonly created_milliseconds: number | null
}

const rowsAtOnce = 10_000

/** The index of a ledger whose log is in EventStoreDB, in `vault.log_index`. */
export function keptInPostgres(pool: pg.Pool, ledger: string): KeptIndex {
  const rowsOf = async <Row extends object>(name: string, text: string, values: unknown[]) =>
    (await pool.query<Row>({ name: `log-index-${name}`, text, values: [ledger, ...values] })).rows
  const lookUp: KeptIndex['lookUp'] = async (asked) => {
    const streams = asked.map(({ stream }) => stream)
    const keys = asked.map(({ key }) => key)
    const upTo = asked.map((question) => question.upTo)
    const rows = await rowsOf<AppendRow & { readonly stream_version: number | null }>(
      'look-up',
      lookUpSql,
      [streams, keys, upTo],
    )
    return rows.map(
      (row): StreamAndKey => ({ version: row.stream_version ?? -1, append: appendOf(row) }),
    )
  }
  return {
    lookUp,
    async end() {
      const [row] = await rowsOf<PlaceRow>('end', endSql, [])
      if (!row) return undefined
      return {
        ordinal: ordinal(row.ordinal),
        position: positionOf(row),
        eventId: row.event_id,
        recordedMaximum: trusted.instant(row.recorded_maximum),
      }
    },
    async save(events) {
      for (let from = 0; from < events.length; from += rowsAtOnce)
        await rowsOf('save', saveSql, columnsOf(events.slice(from, from + rowsAtOnce)))
    },
    async ordinalsOf(stream, { fromVersion, upTo }) {
      const rows = await rowsOf<Pick<PlaceRow, 'ordinal'>>('ordinals', ordinalsSql, [
        stream,
        fromVersion,
        upTo,
      ])
      return rows.map((row) => ordinal(row.ordinal))
    },
    async positionOf(at) {
      const [row] = await rowsOf<PlaceRow>('position', positionSql, [at])
      return row && positionOf(row)
    },
    async eventIdsIn({ after, upTo }) {
      const rows = await rowsOf<Pick<PlaceRow, 'event_id'>>('ids', eventIdsSql, [after, upTo])
      return rows.map((row) => row.event_id)
    },
    async ordinalAt(at) {
      const [row] = await rowsOf<Pick<PlaceRow, 'ordinal'>>('ordinal-at', ordinalAtSql, [at])
      return row ? ordinal(row.ordinal) : beforeFirst
    },
    async policyStreams({ after, upTo }) {
      const rows = await rowsOf<{ readonly stream: string }>('policy', policySql, [after, upTo])
      return rows.map(({ stream }) => stream)
    },
    async appendsIn({ after, upTo }) {
      const rows = await rowsOf<AppendRow>('appends', appendsSql, [after, upTo])
      return rows.flatMap((row) => appendOf(row) ?? [])
    },
  }
}

function positionOf(row: PlaceRow): Position {
  return { commit: BigInt(row.commit), prepare: BigInt(row.prepare) }
}

function appendOf(row: AppendRow): CountedAppend | undefined {
  const { append_key: key, attempt, request_hash: requestHash, version } = row
  if (row.ordinal === null || version === null) return undefined
  if (key === null || attempt === null || requestHash === null) return undefined
  const createdMilliseconds = row.created_milliseconds ?? 0
  return { key, requestHash, attempt, version, ordinal: ordinal(row.ordinal), createdMilliseconds }
}

function columnsOf(events: readonly CountedEvent[]): unknown[] {
  return [
    events.map((event) => event.ordinal),
    events.map((event) => String(event.position.commit)),
    events.map((event) => String(event.position.prepare)),
    events.map((event) => event.eventId),
    events.map((event) => event.version),
    events.map((event) => event.stream),
    events.map((event) => event.append?.key ?? null),
    events.map((event) => event.append?.requestHash ?? null),
    events.map((event) => event.append?.attempt ?? null),
    events.map((event) => event.append?.createdMilliseconds ?? null),
    events.map((event) => event.recorded),
    (events[0]?.ordinal ?? 0) - 1,
  ]
}
