import type { MoveOrder } from '../cli/ports.js'
import type { Config } from '../config.js'
import { type Connection, createPool } from '../database/pool.js'
import { DomainError } from '../domain/errors.js'
import { readLogFile } from '../event-store/moving/log-file.js'
import { exportLog, importLog, type LogMoved } from '../event-store/moving/move-log.js'
import { type OpenDatabase, openDatabase, type StartLog } from './database.js'
import { type OpenLog, openLog } from './log.js'

/** Writes the log of a configuration into a file; a service on it may go on. */
export function exportLogOf(config: Config, log: StartLog, { file, onProgress }: MoveOrder) {
  return withLog(config, log, ({ queries, store }) =>
    exportLog({ store, queries, path: file, onProgress }),
  )
}

/**
 * Writes a file into the empty log of a configuration, which no service uses yet.
 *
 * @throws DomainError log-not-empty, log-file-broken, log-keys-missing
 */
export function importLogInto(
  config: Config,
  log: StartLog,
  { file, onProgress }: MoveOrder,
): Promise<LogMoved> {
  return withLog(config, log, ({ store }, { connection }) =>
    importLog({
      store,
      path: file,
      onProgress,
      beforeWriting: () => assertKeysOf(connection, file),
    }),
  )
}

const keysSql = `
SELECT asked.person_id
FROM unnest($1::uuid[]) AS asked (person_id)
WHERE NOT EXISTS (SELECT FROM vault.person_key AS kept WHERE kept.person_id = asked.person_id)`
const personsAtOnce = 5000

/** Without its key a person stays sealed for ever, and no projection gets past them. */
async function assertKeysOf(connection: Connection, file: string): Promise<void> {
  const pool = createPool(connection, { name: 'import', connections: 1 })
  const missing: string[] = []
  let asked: string[] = []
  const ask = async () => {
    const { rows } = await pool.query<{ person_id: string }>(keysSql, [asked])
    missing.push(...rows.map((row) => row.person_id))
    asked = []
  }
  try {
    for await (const { append } of readLogFile(file)) {
      for (const { stream, type } of append.events)
        if (type === 'PersonRegistered') asked.push(stream.slice('person-'.length))
      if (asked.length >= personsAtOnce) await ask()
    }
    await ask()
  } finally {
    await pool.end()
  }
  const [personId] = missing
  if (personId !== undefined)
    throw new DomainError('log-keys-missing', { persons: missing.length, personId })
}

/** The log alone: a service would found a ledger in one that is empty. */
async function withLog<Result>(
  config: Config,
  log: StartLog,
  work: (open: OpenLog, database: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(config, log)
  try {
    // What is moved was recorded long ago: no clock is compared with it.
    const settings = config.eventStore
    const { requestMilliseconds } = config
    const clock = 'simulated'
    const open = await openLog({ settings, database, clock, log, requestMilliseconds })
    try {
      return await work(open, database)
    } finally {
      await open.store.close()
      await open.close()
    }
  } finally {
    await database.close()
  }
}
