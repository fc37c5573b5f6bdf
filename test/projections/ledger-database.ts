import { createHash, randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Pool } from '../../src/database/copy-rows.js'
import { startEmbeddedPostgres } from '../../src/database/embedded/start.js'
import { migrate } from '../../src/database/migrate.js'
import { createPool } from '../../src/database/pool.js'
import { KeyedHash } from '../../src/domain/values/sealed.js'
import type { NameIndex } from '../../src/projections/people/projection.js'

/** A migrated database of its own on a real server; gone with the test. */
export async function ledgerDatabase(t: Test): Promise<Pool> {
  const dataDirectory = await mkdtemp(join(tmpdir(), `ledger-${randomUUID().slice(0, 8)}-`))
  await chmod(dataDirectory, 0o755)
  const server = await startEmbeddedPostgres({ dataDirectory })
  await migrate({ admin: server.adminConnection })
  const pool = createPool(server.serviceConnection, { name: 'test', connections: 6 })
  t.teardown(async () => {
    await pool.end()
    await server.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  })
  return pool
}

const hashOf = (text: string) => KeyedHash.parse(createHash('sha256').update(text).digest('hex'))

/** Names as the random ledger seals them: the cipher is the hexadecimal of the name, padded. */
export const plainNames: NameIndex = {
  vault: {
    openAll: async (sealed) =>
      sealed.map(({ cipher }) => Buffer.from(cipher.replace(/_+$/, ''), 'hex').toString('utf8')),
  },
  hashes: {
    name: (name) => hashOf(`name ${name}`),
    nameParts: (name) => [hashOf(`part ${name}`)],
  },
}
