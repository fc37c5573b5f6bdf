import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { openDatabase, type StartLog } from '../../src/compose/database.js'
import { type Config, readConfig } from '../../src/config.js'
import { migrate } from '../../src/database/migrate.js'
import { type Connection, createPool } from '../../src/database/pool.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'

/** A temporary folder with an embedded PostgreSQL: the ledger's database and one beside it. */
export interface BenchPlace {
  readonly config: Config
  /** As the superuser, in the ledger's database: to copy out, and to fill tables of our own. */
  readonly admin: pg.Pool
  /** A database of the same shape with nothing else in it, where limits are measured. */
  readonly beside: {
    readonly admin: pg.Pool
    readonly log: EventStore
  }
  readonly log: StartLog
  close(): Promise<void>
}

export const quiet: StartLog = { info: () => undefined, warn: () => undefined }

const besideName = 'ledger_bench'

/** Connections that limits are measured with; the embedded server lets 60 in. */
export const limitConnections = 32

export type BenchSettings = Readonly<Record<string, string>>

/**
 * Makes the place, whose services are told these settings beside their own; `close` ends the server
 * and removes the folder.
 */
export async function openBenchPlace(
  log: StartLog = quiet,
  settings: BenchSettings = {},
): Promise<BenchPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'))
  // The server's user must be able to enter it where the bench itself runs as root.
  await chmod(folder, 0o755)
  const config = benchConfig(folder, settings)
  const database = await openDatabase(config, log)
  const admin = createPool(database.admin, { name: 'bench', connections: 2 })
  const beside = await openBeside(admin, database)
  return {
    config,
    admin,
    beside,
    log,
    async close() {
      await beside.log.close()
      await Promise.all([beside.admin.end(), admin.end()])
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The configuration of a ledger in a folder, as the service and its processes read it. */
export function benchConfig(folder: string, settings: BenchSettings = {}): Config {
  return readConfig({
    ...settings,
    DATA_DIR: folder,
    CLOCK: 'simulated',
    PORT: '0',
    LOG_LEVEL: 'info',
    RATE_LIMIT_PER_MINUTE: '100000000',
  })
}

async function openBeside(
  admin: pg.Pool,
  database: { readonly admin: Connection; readonly connection: Connection },
): Promise<BenchPlace['beside']> {
  await admin.query(`CREATE DATABASE ${besideName}`)
  const asAdmin = { ...database.admin, database: besideName }
  await migrate({ admin: asAdmin })
  return {
    admin: createPool(asAdmin, { name: 'bench limit', connections: limitConnections }),
    log: await openPostgresEventStore({
      connection: { ...database.connection, database: besideName },
      clock: 'simulated',
      readers: 1,
    }),
  }
}
