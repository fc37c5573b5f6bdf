import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Connection } from '../pool.js'
import { BackupHeader, BackupTable, endOfRows, jsonOf, readBackupLines } from './backup-file.js'
import { BackupRefused } from './backup-refused.js'

/** One row of `ledger.events`: the texts of its columns as COPY writes them, by name. */
export type EventRow = Readonly<Record<string, string>>

export interface RestoreOptions {
  /** The superuser of a new, migrated and empty cluster. */
  readonly admin: Connection
  readonly path: string
  /** Throws, or answers why an event can't be one that the ledger wrote; undefined when it can. */
  readonly faultOf: (event: EventRow) => string | undefined
  readonly onProgress?: (progress: { readonly rows: number; readonly of: number }) => void
}

export interface Restored {
  readonly ordinal: number
  readonly rows: Readonly<Record<string, number>>
}

const chunkCharacters = 256 * 1024

/**
 * Puts a backup into an empty cluster, in one transaction: each event's leaf hash is computed
 * anew, ordinals and versions must be dense, the checksum right, or nothing is restored.
 *
 * Refuses `backup-broken`, with the ordinal where it is an event.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const client = new pg.Client({ ...options.admin, application_name: 'benefits-ledger restore' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('BEGIN')
    const restored = await new Restoring(client, options).run()
    await client.query('COMMIT')
    await client.query('ANALYZE')
    return restored
  } finally {
    await client.end()
  }
}

class Restoring {
  readonly #client: pg.Client
  readonly #options: RestoreOptions
  readonly #lines: AsyncGenerator<string>
  readonly #versions = new Map<string, number>()
  readonly #rows: Record<string, number> = {}
  #ordinal = -1

  constructor(client: pg.Client, options: RestoreOptions) {
    this.#client = client
    this.#options = options
    this.#lines = readBackupLines(options.path)
  }

  async run(): Promise<Restored> {
    const header = BackupHeader.safeParse(jsonOf((await this.#next()) ?? '')).data
    if (!header) throw this.#broken('not a backup of this ledger')
    await this.#assertMigrations(header)
    for (let line = await this.#next(); line !== undefined; line = await this.#next()) {
      const table = BackupTable.safeParse(jsonOf(line)).data
      if (!table) throw this.#broken('a line that names no table')
      this.#rows[table.table] = await this.#restoreTable(table, header)
      await this.#restoreSequences(table)
    }
    if (this.#ordinal !== header.ordinal) throw this.#broken('events are missing at the end')
    return { ordinal: this.#ordinal, rows: this.#rows }
  }

  async #next(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next()
    return done ? undefined : value
  }

  /** A backup of a newer version may hold what this one would lose. */
  async #assertMigrations({ migrations }: BackupHeader): Promise<void> {
    const { rows } = await this.#client.query<{ number: number; sha256: string }>(
      'SELECT number, sha256 FROM migration.applied',
    )
    const known = new Map(rows.map(({ number, sha256 }) => [number, sha256]))
    const other = migrations.find(({ number, sha256 }) => known.get(number) !== sha256)
    if (other) throw this.#broken(`made by another version: migration ${other.number}`)
  }

  async #restoreTable(table: BackupTable, header: BackupHeader): Promise<number> {
    const isLog = table.table === 'ledger.events'
    const target = `${table.table} (${table.columns.join(', ')})`
    const stream = this.#client.query(copyFrom(`COPY ${target} FROM STDIN`))
    const end = finished(stream)
    end.catch(() => undefined)
    let rows = 0
    let chunk = ''
    try {
      for (let line = await this.#next(); line !== endOfRows; line = await this.#next()) {
        if (line === undefined) throw this.#broken('cut off')
        if (isLog) this.#checkEvent(eventRowOf(line, table.columns))
        chunk += `${line}\n`
        rows += 1
        if (chunk.length < chunkCharacters) continue
        if (!stream.write(chunk)) await drained(stream)
        chunk = ''
        this.#options.onProgress?.({ rows: this.#ordinal + 1, of: header.ordinal + 1 })
      }
    } catch (error) {
      stream.destroy()
      throw error
    }
    stream.end(chunk)
    await end
    return rows
  }

  #checkEvent(event: EventRow): void {
    const ordinal = Number(event['ordinal'])
    const { stream = '' } = event
    const version = (this.#versions.get(stream) ?? -1) + 1
    if (ordinal !== this.#ordinal + 1) throw this.#broken('an event is missing', ordinal)
    if (Number(event['version']) !== version) throw this.#broken('a version is missing', ordinal)
    const fault = this.#options.faultOf(event)
    if (fault !== undefined) throw this.#broken(fault, ordinal)
    this.#ordinal = ordinal
    this.#versions.set(stream, version)
  }

  /** A column that numbers rows goes on after the highest number that came back. */
  async #restoreSequences({ table, columns }: BackupTable): Promise<void> {
    for (const column of columns) {
      const { rows } = await this.#client.query<{ sequence: string | null }>(
        'SELECT pg_get_serial_sequence($1, $2) AS sequence',
        [table, column],
      )
      const sequence = rows[0]?.sequence
      if (!sequence) continue
      const highest = `(SELECT max(${column}) FROM ${table})`
      await this.#client.query(
        `SELECT setval($1, coalesce(${highest}, 1), ${highest} IS NOT NULL)`,
        [sequence],
      )
    }
  }

  #broken(reason: string, ordinal?: number): BackupRefused {
    const facts = { file: this.#options.path, reason }
    return new BackupRefused('backup-broken', ordinal === undefined ? facts : { ...facts, ordinal })
  }
}

function eventRowOf(line: string, columns: readonly string[]): EventRow {
  const texts = line.split('\t')
  return Object.fromEntries(columns.map((column, at) => [column, texts[at] ?? '']))
}

function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stream.off('drain', settle).off('close', settle).off('error', settle)
      resolve()
    }
    stream.once('drain', settle).once('close', settle).once('error', settle)
  })
}
