import { createHash } from 'node:crypto'
import type { Pool } from '../../src/database/copy-rows.js'
import { ordinal } from '../../src/domain/values/identifiers.js'
import { KeyedHash } from '../../src/domain/values/sealed.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { allProjections } from '../../src/projections/all-projections.js'
import type { NameIndex } from '../../src/projections/people/projection.js'
import { Projector } from '../../src/projections/projector.js'
import { openReadModel, type ReadModel } from '../../src/projections/read-model.js'
import { startTestPostgres, type Teardown } from '../support/postgres.js'
import { type Written, writeAll } from './written-events.js'

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
    nameParts: (name) => [hashOf(`part ${name}`), hashOf(`part ${name.slice(0, 1)}`)],
  },
}

export interface ProjectedLedger {
  readonly pool: Pool
  readonly store: EventStore
  readonly model: ReadModel
}

/** Blocks so small that a short history reaches every level of them. */
export const smallBlocks = { coarse: 7, fine: 4 }

/** A ledger of these events with its read model. */
export async function projectedLedger(
  t: Teardown,
  written: readonly Written[],
): Promise<ProjectedLedger> {
  const pool = await ledgerDatabase(t)
  const store = createInMemoryEventStore()
  const projections = allProjections(plainNames, smallBlocks)
  const projector = new Projector({ pool, store, projections, owner: 'test' })
  await projector.start()
  await writeAll(store, written)
  const reached = await projector.waitFor(ordinal(written.length - 1), 60_000)
  const { halted } = await projector.status()
  await projector.stop()
  if (!reached || halted) throw new Error(`halted: ${JSON.stringify(halted)}`)
  return { pool, store, model: openReadModel(pool) }
}
