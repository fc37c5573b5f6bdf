import { readdirSync, readFileSync } from 'node:fs'
import { createSimulatedClock } from '../../../src/application/clock.js'
import type { ImportParts, ImportRequest } from '../../../src/application/imports/run-import.js'
import type { ImportFile } from '../../../src/application/imports/table-file.js'
import { BankLayout } from '../../../src/application/payment/bank-layout.js'
import { createPolicyReader } from '../../../src/application/policy-reader.js'
import { instant } from '../../../src/domain/values/calendar.js'
import { DivisionCode } from '../../../src/domain/values/division.js'
import { ActorId, beforeFirst } from '../../../src/domain/values/identifiers.js'
import { checkCharacterOf } from '../../../src/domain/values/identity-number.js'
import type { EventStore, StoredEvent } from '../../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../../src/event-store/in-memory.js'
import { createInMemoryErasureList } from '../../../src/sealing/erasure-list.js'
import { createKeyedHashes } from '../../../src/sealing/keyed-hashes.js'
import { masterKeyOf } from '../../../src/sealing/master-key.js'
import { createInMemoryPersonKeys } from '../../../src/sealing/person-keys.js'
import { createVault } from '../../../src/sealing/vault.js'
import { layoutFile } from '../payment/answer-layouts.js'
import { importPolicy } from './by-two.js'

const folder = new URL('../../../policy/', import.meta.url)

/** A clerk of the first invented district. */
export const clerk: ImportRequest = {
  actor: {
    sub: ActorId.parse('clerk-1'),
    roles: ['clerk'],
    division: DivisionCode.parse('990101000000'),
  },
}

/** Somebody who may import policy for every district. */
export const administrator: ImportRequest = {
  actor: {
    sub: ActorId.parse('administrator-1'),
    roles: ['administrator'],
    division: DivisionCode.parse('990000000000'),
  },
}

/** A file of `policy/` as it lies there. */
export function policyFile(path: string): ImportFile {
  return { name: path, bytes: readFileSync(new URL(path, folder)) }
}

/** All that the product ships as policy. */
export function policyFiles(): readonly ImportFile[] {
  const within = (name: string) =>
    readdirSync(new URL(`${name}/`, folder)).map((file) => policyFile(`${name}/${file}`))
  return [
    ...within('standards'),
    ...within('rules'),
    ...within('divisions'),
    policyFile('programmes.json'),
  ]
}

/** An empty ledger in memory. */
export function emptyWorld(store: EventStore = createInMemoryEventStore()): ImportParts {
  const masterKey = masterKeyOf(Buffer.alloc(32, 7))
  return {
    store,
    vault: createVault({
      keys: createInMemoryPersonKeys(),
      erasures: createInMemoryErasureList(),
      masterKey,
    }),
    hashes: createKeyedHashes(masterKey),
    clock: createSimulatedClock(instant('2012-01-05T02:00:00.000Z')),
    policies: createPolicyReader(store),
    bankLayouts: new Map(
      ['delimited-utf8', 'fixed-gb18030'].map((name) => [
        name,
        BankLayout.parse(layoutFile(`payments/${name}`)),
      ]),
    ),
  }
}

/** A ledger that knows the product's policy. */
export async function worldWithPolicy(store?: EventStore): Promise<ImportParts> {
  const world = emptyWorld(store)
  await importPolicy(world, policyFiles(), administrator)
  return world
}

/** Everything in the log, or what came after an ordinal. */
export function eventsOf(
  { store }: ImportParts,
  after = beforeFirst,
): Promise<readonly StoredEvent[]> {
  return store.readAll({ after, limit: 1_000_000 })
}

/** A valid invented identity number: unassigned region 990101, numbered from 1 to 999. */
export function identityNumber(born: string, order: number): string {
  const digits = `990101${born}${String(order).padStart(3, '0')}`
  return digits + checkCharacterOf(digits)
}
