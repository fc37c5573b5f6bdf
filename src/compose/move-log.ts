import type { MoveOrder } from '../cli/ports.js'
import type { Config } from '../config.js'
import { exportLog, importLog, type LogMoved } from '../event-store/moving/move-log.js'
import { openDatabase, type StartLog } from './database.js'
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
 * @throws DomainError log-not-empty, log-file-broken
 */
export function importLogInto(
  config: Config,
  log: StartLog,
  { file, onProgress }: MoveOrder,
): Promise<LogMoved> {
  return withLog(config, log, ({ store }) => importLog({ store, path: file, onProgress }))
}

/** The log alone: a service would found a ledger in one that is empty. */
async function withLog<Result>(
  config: Config,
  log: StartLog,
  work: (open: OpenLog) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(config, log)
  try {
    // What is moved was recorded long ago: no clock is compared with it.
    const settings = config.eventStore
    const { requestMilliseconds } = config
    const clock = 'simulated'
    const open = await openLog({ settings, database, clock, log, requestMilliseconds })
    try {
      return await work(open)
    } finally {
      await open.store.close()
      await open.close()
    }
  } finally {
    await database.close()
  }
}
