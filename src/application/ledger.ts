import { DomainError } from '../domain/errors.js'
import type { LedgerEvent } from '../domain/ledger/events.js'
import { shanghaiDateOf } from '../domain/values/calendar.js'
import { ActorId, beforeFirst, ordinal } from '../domain/values/identifiers.js'
import { codec } from '../event-store/codec.js'
import type { EventStore } from '../event-store/event-store.js'
import { canonicalJson } from '../integrity/canonical-json.js'
import type { KeyedHashes } from '../sealing/keyed-hashes.js'
import { type Clock, isSimulated } from './clock.js'
import { ledgerStream } from './streams.js'

export interface LedgerParts {
  readonly store: EventStore
  readonly clock: Clock
  readonly hashes: Pick<KeyedHashes, 'request'>
  /** What a new ledger is called on its pages and files. */
  readonly name: string
}

/** What the ledger's first event says. */
export type Founding = LedgerEvent['data']

/** Who founds a ledger: nobody's request, the first start itself. */
const founder = ActorId.parse('ledger')

/**
 * Opens the ledger in a store, founding it where the log is empty. A simulated clock goes on from
 * the newest event.
 *
 * @throws DomainError `ledger-clock-mismatch` for a ledger that lives on the other clock,
 *   `ledger-not-founded` for a log that holds something else
 */
export async function openLedger(parts: LedgerParts): Promise<Founding> {
  const founding = (await foundingOf(parts.store)) ?? (await found(parts))
  if (founding.clock !== parts.clock.kind)
    throw new DomainError('ledger-clock-mismatch', {
      ledger: founding.clock,
      given: parts.clock.kind,
    })

  await catchUp(parts)
  return founding
}

async function foundingOf(store: EventStore): Promise<Founding | undefined> {
  const [first] = await store.readAll({ after: beforeFirst, limit: 1 })
  if (!first) return undefined
  if (first.stream !== ledgerStream.name)
    throw new DomainError('ledger-not-founded', { stream: first.stream })
  return codec.eventOf('ledger', first).data
}

async function found({ store, clock, hashes, name }: LedgerParts): Promise<Founding> {
  const recorded = clock.now()
  const data = { foundedOn: shanghaiDateOf(recorded), clock: clock.kind, name }
  // Of two first starts at once one is refused here, and both read what the other wrote.
  await store.append([
    {
      stream: ledgerStream.name,
      expected: 'none',
      events: [codec.encode('ledger', { type: 'LedgerFounded', data })],
      key: `founding/${recorded}`,
      requestHash: hashes.request(canonicalJson(data)),
      recorded,
      actor: founder,
      correlation: 'founding',
    },
  ])
  const founding = await foundingOf(store)
  if (!founding) throw new DomainError('ledger-not-founded')
  return founding
}

async function catchUp({ store, clock }: LedgerParts): Promise<void> {
  if (!isSimulated(clock)) return
  const head = await store.head()
  const [newest] = await store.readAll({ after: ordinal(Math.max(head - 1, -1)), limit: 1 })
  if (newest && newest.recorded > clock.now()) clock.advanceTo(newest.recorded)
}
