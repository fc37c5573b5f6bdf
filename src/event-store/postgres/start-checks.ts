import type pg from 'pg'

const factsSql = `
SELECT
  current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('server_encoding') AS encoding,
  current_setting('server_version_num')::integer AS version,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser,
  has_table_privilege('ledger.events', 'INSERT') AS may_insert`

interface ServerFacts {
  readonly fsync: string
  readonly full_page_writes: string
  readonly synchronous_commit: string
  readonly encoding: string
  readonly version: number
  readonly is_superuser: boolean
  readonly may_insert: boolean
}

const oldestVersion = 150_000

/** Throws with a sentence when the server or the role would let the ledger lose or change facts. */
export async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<ServerFacts>(factsSql)
  const faults = rows.flatMap(faultsOf)
  if (faults.length > 0) throw new Error(`The ledger does not start: ${faults.join(' ')}`)
}

function faultsOf(server: ServerFacts): readonly string[] {
  const faults: string[] = []
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit'] as const)
    if (server[name] === 'off') faults.push(`The server's setting ${name} is off; set it to on.`)
  if (server.encoding !== 'UTF8') faults.push('The database is not in UTF8; make one that is.')
  if (server.version < oldestVersion) faults.push('PostgreSQL is older than version 15.')
  if (server.is_superuser)
    faults.push('DATABASE_URL names a superuser, who could change the log; use ledger_service.')
  else if (server.may_insert)
    faults.push('DATABASE_URL names a role that may write into the log; use ledger_service.')
  return faults
}
