import { createHash } from 'node:crypto'
import type { Pool } from '../../src/database/copy-rows.js'
import { KeyedHash } from '../../src/domain/values/sealed.js'
import type { NameIndex } from '../../src/projections/people/projection.js'
import { startTestPostgres, type Teardown } from '../support/postgres.js'

/** A migrated database of its own on a real server; gone with the test. */
export async function ledgerDatabase(t: Teardown): Promise<Pool> {
  const { pool } = await startTestPostgres(t)
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
