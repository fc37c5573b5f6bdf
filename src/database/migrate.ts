import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { productFolder } from '../product-folder.js'
import type { Connection } from './pool.js'

export interface MigrateOptions {
  /**
   * One who may make roles and schemas: the superuser of the embedded server, or the setting
   * MIGRATION_DATABASE_URL beside a DATABASE_URL that names ledger_service.
   */
  readonly admin: Connection
  /** Set on ledger_service when given; the embedded server needs none. */
  readonly servicePassword?: string
  /** Where the numbered files are; the product's own unless a test says otherwise. */
  readonly folder?: string
}

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

const ownFolder = join(productFolder, 'migrations')
const lockKey = 'benefits-ledger.migrate'

/**
 * Brings the database up to date: each `migrations/NNN-name.sql` once, in order, in a transaction
 * of its own. Safe to call by several starting processes. Refuses a file that was edited after it
 * ran. Answers the names of those that ran now.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const migrations = await readMigrations(options.folder ?? ownFolder)
  const client = new pg.Client({ ...options.admin, application_name: 'benefits-ledger migrate' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lockKey])
    const ran = await runMissing(client, migrations)
    if (options.servicePassword !== undefined) await setPassword(client, options.servicePassword)
    return ran
  } finally {
    await client.end()
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{3}-[a-z0-9-]+\.sql$/.test(name))
  const migrations = await Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(`${folder}/${name}`, 'utf8')
      const sha256 = createHash('sha256').update(sql).digest('hex')
      return { number: Number(name.slice(0, 3)), name, sql, sha256 }
    }),
  )
  for (const [at, { number, name }] of migrations.entries())
    if (migrations[at - 1]?.number === number)
      throw new Error(`Two migrations have the number of ${name}; give one the next free number.`)
  return migrations
}

const createRecord = `
CREATE SCHEMA IF NOT EXISTS migration;
CREATE TABLE IF NOT EXISTS migration.applied (
  number integer PRIMARY KEY,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`

async function runMissing(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  await client.query(createRecord)
  const { rows } = await client.query<{ number: number; sha256: string }>(
    'SELECT number, sha256 FROM migration.applied',
  )
  const applied = new Map(rows.map((row) => [row.number, row.sha256]))
  const ran: string[] = []
  for (const migration of migrations) {
    const sha256 = applied.get(migration.number)
    if (sha256 === undefined) {
      await runOne(client, migration)
      ran.push(migration.name)
    } else if (sha256 !== migration.sha256)
      throw new Error(`${migration.name} was edited after it ran; add a new migration instead.`)
  }
  return ran
}

async function runOne(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN')
    // The first one makes the roles.
    if (migration.number > 1) await client.query('SET LOCAL ROLE ledger_owner')
    await client.query(migration.sql)
    await client.query('RESET ROLE')
    await client.query('INSERT INTO migration.applied (number, name, sha256) VALUES ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.sha256,
    ])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw new Error(`The migration ${migration.name} failed and changed nothing.`, { cause: error })
  }
}

async function setPassword(client: pg.Client, password: string): Promise<void> {
  await client.query(`ALTER ROLE ledger_service PASSWORD ${client.escapeLiteral(password)}`)
}
