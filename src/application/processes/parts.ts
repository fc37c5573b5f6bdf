import type { EventStore } from '../../event-store/event-store.js'
import type { KeyedHashes } from '../../sealing/keyed-hashes.js'
import type { Vault } from '../../sealing/vault.js'
import type { Clock } from '../clock.js'
import type { CommandHandler } from '../command-handler.js'
import type { PolicyReader } from '../policy-reader.js'

/** What a process across streams works with. */
export interface ProcessParts {
  readonly store: EventStore
  readonly handler: CommandHandler
  readonly policies: PolicyReader
  readonly vault: Vault
  readonly hashes: KeyedHashes
  readonly clock: Clock
}
