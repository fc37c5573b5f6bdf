import type { Caller } from '../../src/application/caller.js'
import { createSimulatedClock } from '../../src/application/clock.js'
import { createCommandHandler } from '../../src/application/command-handler.js'
import { instant } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ActorId } from '../../src/domain/values/identifiers.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { createInMemoryErasureList } from '../../src/sealing/erasure-list.js'
import { createKeyedHashes } from '../../src/sealing/keyed-hashes.js'
import { masterKeyOf } from '../../src/sealing/master-key.js'
import { createInMemoryPersonKeys } from '../../src/sealing/person-keys.js'
import { createVault } from '../../src/sealing/vault.js'

/** A province that nobody lives in. */
export const everywhere = DivisionCode.parse('990000000000')

/** An application in memory, on a simulated clock that begins on 31 May 2012. */
export function createSetting(store: EventStore = createInMemoryEventStore()) {
  const masterKey = masterKeyOf(Buffer.alloc(32, 7))
  const clock = createSimulatedClock(instant('2012-05-31T02:00:00.000Z'))
  const hashes = createKeyedHashes(masterKey)
  const erasures = createInMemoryErasureList()
  const vault = createVault({ keys: createInMemoryPersonKeys(), erasures, masterKey })
  const handler = createCommandHandler({ store, clock, hashes })
  return { store, clock, hashes, vault, handler }
}
export type Setting = ReturnType<typeof createSetting>

let requests = 0

/** One request: with a key of its own, by a clerk for everywhere, unless said otherwise. */
export function callerOf(
  given: { readonly key?: string; readonly sub?: string; readonly division?: string } = {},
): Caller {
  requests += 1
  const { key = `key-${requests}`, sub = 'clerk-1', division = everywhere } = given
  return {
    actor: { sub: ActorId.parse(sub), roles: ['clerk'], division: DivisionCode.parse(division) },
    key,
    correlation: `request-${requests}`,
  }
}
