import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Connection } from '../pool.js'
import { type BackupHeader, type BackupTable, endOfRows, writeBackupFile } from './backup-file.js'

export interface BackupOptions {
  /** One who may read every table of the ledger and the vault. */
  readonly admin: Connection
  readonly path: string
  /** When it is taken, an instant. */
  readonly takenAt: string
  readonly onProgress?: (progress: { readonly table: string; readonly rows: number }) => void
}

export interface BackupTaken {
  /** The newest event inside; -1 for an empty log. */
  readonly ordinal: number
  readonly rows: Readonly<Record<string, number>>
  /** Of the contents, 64 hex digits. */
  readonly sha256: string
}

const tablesSql = `
SELECT n.nspname || '.' || c.relname AS table,
  array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  AND NOT a.attisdropped AND a.attgenerated = ''
WHERE n.nspname IN ('ledger', 'vault') AND c.relkind = 'r'
GROUP BY n.nspname, c.relname
ORDER BY n.nspname, c.relname`

/**
 * Writes the log and the vault as they are at one moment into one file; work on the ledger goes on
 * meanwhile. Read models are left out: they are made again from the log.
 */
export async function takeBackup(options: BackupOptions): Promise<BackupTaken> {
  const client = new pg.Client({ ...options.admin, application_name: 'benefits-ledger backup' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query("SET TimeZone = 'UTC'")
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const header = await headerOf(client, options.takenAt)
    const { rows: tables } = await client.query<BackupTable>(tablesSql)
    const rows: Record<string, number> = {}
    const contents = contentsOf(client, { header, tables, rows, options })
    const sha256 = await writeBackupFile(options.path, contents)
    await client.query('COMMIT')
    return { ordinal: header.ordinal, rows, sha256 }
  } finally {
    await client.end()
  }
}

async function headerOf(client: pg.Client, takenAt: string): Promise<BackupHeader> {
  const { rows: heads } = await client.query<{ ordinal: number }>(
    'SELECT coalesce(max(ordinal), -1)::integer AS ordinal FROM ledger.events',
  )
  const { rows: migrations } = await client.query<{ number: number; sha256: string }>(
    'SELECT number, sha256 FROM migration.applied ORDER BY number',
  )
  const ordinal = heads[0]?.ordinal ?? -1
  return { format: 'benefits-ledger backup', version: 1, ordinal, takenAt, migrations }
}

interface Contents {
  readonly header: BackupHeader
  readonly tables: readonly BackupTable[]
  readonly rows: Record<string, number>
  readonly options: BackupOptions
}

async function* contentsOf(
  client: pg.Client,
  { header, tables, rows, options }: Contents,
): AsyncGenerator<Buffer | string> {
  yield `${JSON.stringify(header)}\n`
  for (const { table, columns } of tables) {
    yield `${JSON.stringify({ table, columns })}\n`
    const order = table === 'ledger.events' ? ' ORDER BY ordinal' : ''
    const select = `SELECT ${columns.join(', ')} FROM ${table}${order}`
    const stream = client.query(copyTo(`COPY (${select}) TO STDOUT`))
    for await (const chunk of stream) yield chunk
    yield `${endOfRows}\n`
    rows[table] = stream.rowCount
    options.onProgress?.({ table, rows: stream.rowCount })
  }
}
