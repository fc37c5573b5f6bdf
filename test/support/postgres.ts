import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/start.js'
import { migrate } from '../../src/database/migrate.js'
import { createPool } from '../../src/database/pool.js'

/** The part of a test that cleans up behind it. */
export interface Teardown {
  teardown(clean: () => Promise<void>): void
}

export interface TestPostgres {
  readonly server: EmbeddedPostgres
  /** As ledger_service, as the product is. */
  readonly pool: pg.Pool
  /** As the superuser: to look, and to break things on purpose. */
  readonly adminPool: pg.Pool
}

/** A folder that the server's user can enter; removed when the test ends. */
export async function testFolder(t: Teardown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'))
  await chmod(folder, 0o755)
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A fresh, migrated cluster; stopped and deleted when the test ends. */
export async function startTestPostgres(t: Teardown): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'))
  await chmod(folder, 0o755)
  const server = await startEmbeddedPostgres({ dataDirectory: folder })
  await migrate({ admin: server.adminConnection })
  const pool = createPool(server.serviceConnection, { name: 'test', connections: 8 })
  const adminPool = createPool(server.adminConnection, { name: 'test admin', connections: 2 })
  t.teardown(async () => {
    await Promise.all([pool.end(), adminPool.end()])
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return { server, pool, adminPool }
}
