import type { Config } from '../config.js'
import { startEmbeddedPostgres } from '../database/embedded/start.js'
import { migrate } from '../database/migrate.js'
import type { Connection } from '../database/pool.js'

/** What the supervisor and the migrations tell: an object and a past-tense phrase. */
export interface StartLog {
  info(facts: object, phrase: string): void
  warn(facts: object, phrase: string): void
}

export interface OpenDatabase {
  /** As ledger_service, on a migrated database. */
  readonly connection: Connection
  /** As who may read every table: for a backup. */
  readonly admin: Connection
  /** Whether a server of our own runs under it. */
  readonly embedded: boolean
  /** Ends a server that this process started; one that ran before goes on. */
  close(): Promise<void>
}

type DatabaseConfig = Pick<Config, 'dataDirectory' | 'databaseUrl' | 'databaseAdminUrl'>

/** The embedded PostgreSQL under DATA_DIR, or the one of DATABASE_URL, brought up to date. */
export async function openDatabase(config: DatabaseConfig, log: StartLog): Promise<OpenDatabase> {
  return config.databaseUrl === undefined
    ? openEmbedded(config, log)
    : openExternal(config, config.databaseUrl, log)
}

async function openEmbedded(config: DatabaseConfig, log: StartLog): Promise<OpenDatabase> {
  const server = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory, log })
  const ran = await migrate({ admin: server.adminConnection })
  if (ran.length > 0) log.info({ migrations: ran }, 'migrated database')
  return {
    connection: server.serviceConnection,
    admin: server.adminConnection,
    embedded: true,
    close: async () => {
      if (!server.adopted) await server.stop()
    },
  }
}

async function openExternal(
  config: DatabaseConfig,
  url: string,
  log: StartLog,
): Promise<OpenDatabase> {
  // Without a URL for an administrator, somebody else brings the database up to date.
  if (config.databaseAdminUrl !== undefined && config.databaseAdminUrl !== url) {
    const ran = await migrate({ admin: { connectionString: config.databaseAdminUrl } })
    if (ran.length > 0) log.info({ migrations: ran }, 'migrated database')
  }
  const admin = { connectionString: config.databaseAdminUrl ?? url }
  const connection = { connectionString: url }
  return { connection, admin, embedded: false, close: async () => undefined }
}
