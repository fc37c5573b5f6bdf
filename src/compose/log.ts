import type pg from 'pg'
import type { EventStoreDbSettings, LogSettings } from '../config.js'
import { createPool } from '../database/pool.js'
import { DomainError } from '../domain/errors.js'
import { beforeFirst } from '../domain/values/identifiers.js'
import type { EventStore, LogQueries } from '../event-store/event-store.js'
import { openKeptIndex } from '../event-store/eventstoredb/kept-index.js'
import { openEventStoreDb } from '../event-store/eventstoredb/open.js'
import { appendMarks } from '../event-store/postgres/append-marks.js'
import { openPostgresEventStore } from '../event-store/postgres/open.js'
import { keptInPostgres } from '../event-store/postgres/ordinal-index.js'
import { readPolicyEvents } from '../event-store/postgres/policy-events.js'
import { readStreams } from '../event-store/postgres/read-streams.js'
import type { OpenDatabase, StartLog } from './database.js'
import { Opened } from './opened.js'

/** The log of a configuration, wherever it is. Ends with `store.close()`, then `close()`. */
export interface OpenLog {
  readonly store: EventStore
  readonly queries: LogQueries
  /** Whether its server answers now. */
  isReachable(): Promise<boolean>
  close(): Promise<void>
}

export interface LogOpening {
  readonly settings: LogSettings
  readonly database: OpenDatabase
  readonly clock: 'real' | 'simulated'
  readonly log: StartLog
  /** How long an ordinary request may take; no call of the log in PostgreSQL takes longer. */
  readonly requestMilliseconds: number
}

export function openLog(opening: LogOpening): Promise<OpenLog> {
  const { settings } = opening
  return settings.kind === 'postgres'
    ? openInPostgres(opening)
    : openInEventStoreDb(opening, settings)
}

/** So often an append that had no answer is sent again within the time of a request. */
const callsInRequest = 3

async function openInPostgres(opening: LogOpening): Promise<OpenLog> {
  const { clock, database, requestMilliseconds } = opening
  const { connection } = database
  const timing = {
    callMilliseconds: Math.ceil(requestMilliseconds / callsInRequest),
    settleMilliseconds: requestMilliseconds,
  }
  const store = await openPostgresEventStore({ connection, clock, timing })
  const pool = createPool(connection, {
    name: 'log queries',
    connections: 2,
    answerMilliseconds: requestMilliseconds,
  })
  return {
    store,
    queries: {
      policyEvents: (range) => readPolicyEvents(pool, range),
      readStreams: (streams) => readStreams(pool, streams),
      appendsIn: (range) => appendMarks(pool, range),
    },
    isReachable: () =>
      store.head().then(
        () => true,
        () => false,
      ),
    close: () => pool.end(),
  }
}

async function openInEventStoreDb(
  { clock, database, log }: LogOpening,
  settings: EventStoreDbSettings,
): Promise<OpenLog> {
  const { appendBytes, callMilliseconds, ledger, settleMilliseconds } = settings
  const pool = createPool(database.connection, {
    name: 'log index',
    connections: 4,
    answerMilliseconds: callMilliseconds,
  })
  const opened = new Opened()
  opened.add(() => pool.end())
  try {
    const index = await openKeptIndex(keptInPostgres(pool, ledger))
    opened.add(() => index.close())
    const store = await openEventStoreDb({
      connectionString: settings.connectionString(),
      clock,
      ledger,
      limits: { appendBytes },
      timing: { callMilliseconds, settleMilliseconds },
      index,
      onInterruption: (reason) => log.warn({ reason }, 'interrupted the log'),
    })
    const close = () => opened.close()
    return { store, queries: store, isReachable: () => store.isReachable(), close }
  } catch (error) {
    await opened.close().catch(() => undefined)
    throw error
  }
}

const selectOrigin = 'SELECT leaf_hash FROM vault.log_origin'
const insertOrigin = `
INSERT INTO vault.log_origin (leaf_hash)
VALUES ($1)
ON CONFLICT (only_row) DO NOTHING`

/**
 * Refuses a log that does not begin as the one that this database was used with: its keys open
 * nothing there, and a log that is empty by mistake would be founded a second time.
 *
 * @throws DomainError log-of-another-ledger
 */
export async function assertOrigin(pool: pg.Pool, store: EventStore): Promise<void> {
  const { rows } = await pool.query<{ leaf_hash: string }>(selectOrigin)
  const expected = rows[0]?.leaf_hash
  if (expected === undefined) return
  const found = await originOf(store)
  if (found !== expected)
    throw new DomainError('log-of-another-ledger', { expected, found: found ?? 'none' })
}

/** Notes how the log begins, once it does. */
export async function noteOrigin(pool: pg.Pool, store: EventStore): Promise<void> {
  const found = await originOf(store)
  if (found !== undefined) await pool.query(insertOrigin, [found])
}

async function originOf(store: EventStore): Promise<string | undefined> {
  const [first] = await store.readAll({ after: beforeFirst, limit: 1 })
  return first?.leafHash
}
