import pg from 'pg'

/** Where a database is and as whom: a connection string, or host, port, user and database. */
export type Connection = Pick<
  pg.PoolConfig,
  'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'
>

export interface PoolSettings {
  /** Shown in pg_stat_activity. */
  readonly name: string
  readonly connections: number
  /** 0 or absent: a statement may take as long as it takes. */
  readonly statementTimeoutMilliseconds?: number
  /**
   * So long the database has to answer a statement; then the connection counts as lost, and what
   * became of the statement is unknown. 0 or absent: as long as it takes.
   */
  readonly answerMilliseconds?: number
  /** 0 or absent: a statement waits for a lock as long as it takes. */
  readonly lockTimeoutMilliseconds?: number
  readonly onIdleError?: (error: Error) => void
}

const { builtins } = pg.types

/**
 * Column texts to values, the same everywhere: bigint is a safe integer, a date its own text, a
 * timestamptz an `Instant`. The driver's own would make local-time Dates and texts of them.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
    if (oid === builtins.INT8) return safeInteger
    if (oid === builtins.DATE) return (text: string) => text
    if (oid === builtins.TIMESTAMPTZ) return instantText
    return pg.types.getTypeParser(oid, 'text')
  },
}

/** After so long without a word either end asks whether the other is still there. */
const keepAliveSeconds = 10
const sessionOptions = [
  '-c TimeZone=UTC',
  `-c tcp_keepalives_idle=${keepAliveSeconds}`,
  '-c tcp_keepalives_interval=5',
  '-c tcp_keepalives_count=3',
].join(' ')
const longestConnectMilliseconds = 10_000

function connectMilliseconds({ answerMilliseconds = 0 }: PoolSettings): number {
  return answerMilliseconds > 0
    ? Math.min(answerMilliseconds, longestConnectMilliseconds)
    : longestConnectMilliseconds
}

/** A pool whose sessions speak UTC and give up on locks and idle transactions. */
export function createPool(connection: Connection, settings: PoolSettings): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    application_name: `benefits-ledger ${settings.name}`,
    max: settings.connections,
    types: columnTypes,
    options: sessionOptions,
    connectionTimeoutMillis: connectMilliseconds(settings),
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveSeconds * 1000,
    query_timeout: settings.answerMilliseconds ?? 0,
    idle_in_transaction_session_timeout: 120_000,
    statement_timeout: settings.statementTimeoutMilliseconds ?? 0,
    lock_timeout: settings.lockTimeoutMilliseconds ?? 0,
  })
  // Without a listener an idle connection that the server ends would end the process.
  pool.on('error', (error) => settings.onIdleError?.(error))
  // So would one that is in use and breaks between two queries: its next query fails instead.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    broken = await rollBack(client)
    throw error
  } finally {
    client.release(broken)
  }
}

async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is no safe integer`)
  return value
}

/** `2012-06-06 02:00:00.5+00` as `2012-06-06T02:00:00.500Z`; the session's time zone is UTC. */
export function instantText(text: string): string {
  const seconds = text.slice(0, 19).replace(' ', 'T')
  const fraction = text.charAt(19) === '.' ? text.slice(20, -3).slice(0, 3) : ''
  return `${seconds}.${fraction.padEnd(3, '0')}Z`
}
