import type { RollReader } from '../application/bulk/roll-reader.js'
import type { PaidReader } from '../application/payment/parts.js'
import type {
  AccountOpener,
  AccountReference,
  LedgerProgress,
  OpenedAccount,
  OwedReader,
} from '../application/payment/ports.js'
import type { DuplicateReader, UnpaidReader } from '../application/processes/erasure.js'
import type { ReassessmentCheckpoint } from '../application/reassessment.js'
import { personStream } from '../application/streams.js'
import { DomainError } from '../domain/errors.js'
import type { Ordinal } from '../domain/values/identifiers.js'
import { codec } from '../event-store/codec.js'
import type { StoredEvent } from '../event-store/event-store.js'
import { casesOnRoll, laterEntries, personsOnRoll } from '../projections/cases/on-roll.js'
import { casesWithRetractedLeaving } from '../projections/cases/retracted-leavings.js'
import { owedAndCommitted } from '../projections/payments/owed.js'
import { paidByRun } from '../projections/payments/runs.js'
import { unpaidOf } from '../projections/payments/unpaid.js'
import { mergedInto } from '../projections/people/directory.js'
import type { Projector } from '../projections/projector.js'
import type { ReadModel } from '../projections/read-model.js'
import type { Vault } from '../sealing/vault.js'

/** What decisions and runs read of the read models, at ordinals that they name. */
export interface ReadPorts {
  readonly rolls: RollReader
  readonly owed: OwedReader
  readonly accounts: AccountOpener
  readonly paid: PaidReader
  readonly unpaid: UnpaidReader
  readonly duplicates: DuplicateReader
  readonly progress: LedgerProgress
}

/** How long a command waits for the read models to see what was appended before it. */
const patienceMilliseconds = 60_000

/** The events of several streams, each stream's in order. */
export type StreamReader = (streams: readonly string[]) => Promise<readonly StoredEvent[]>

export function readPorts(parts: {
  readonly readStreams: StreamReader
  readonly model: ReadModel
  readonly projector: Projector
  readonly vault: Vault
  readonly reassessed: ReassessmentCheckpoint
}): ReadPorts {
  const { model, projector, readStreams, vault } = parts
  const behind = async (atLeast: Ordinal): Promise<void> => {
    if (!(await projector.waitFor(atLeast, patienceMilliseconds)))
      throw new DomainError('projection-behind', { ordinal: atLeast })
  }
  return {
    rolls: {
      async casesOnRoll(page) {
        await behind(page.ordinal)
        return casesOnRoll(model, page)
      },
      async casesWithRetractedLeaving(page) {
        await behind(page.ordinal)
        return casesWithRetractedLeaving(model, page)
      },
      async laterEntries(roll) {
        await behind(roll.ordinal)
        return laterEntries(model, roll)
      },
      async personsOnRoll(roll, persons) {
        await behind(roll.ordinal)
        return personsOnRoll(model, roll, persons)
      },
    },
    owed: { owedAndCommitted: (asked) => owedAndCommitted(model, asked) },
    accounts: { openAccounts: (references) => openAccounts(readStreams, vault, references) },
    paid: { paidByRun: (run) => paidByRun(model, run) },
    duplicates: {
      async mergedInto(personId, ordinal) {
        await behind(ordinal)
        return mergedInto(model, personId)
      },
    },
    unpaid: {
      async unpaidOf(asked) {
        await behind(asked.ordinal)
        return unpaidOf(model, asked)
      },
    },
    progress: {
      async knownOrdinal(atLeast) {
        await behind(atLeast)
        return (await projector.status()).ordinal
      },
      reassessedThrough: () => parts.reassessed.read(),
    },
  }
}

/** From the log: the read models keep no sealed account. */
async function openAccounts(
  readStreams: StreamReader,
  vault: Vault,
  references: readonly AccountReference[],
): Promise<readonly (OpenedAccount | null)[]> {
  const persons = [...new Set(references.map(({ payee }) => payee))]
  const events = await readStreams(persons.map((person) => personStream(person).name))
  const accounts = new Map(events.flatMap(accountIn))
  const found = references.map(({ payee, accountVersion }) => {
    const account = accounts.get(`${personStream(payee).name}/${accountVersion}`)
    if (!account) throw new DomainError('payee-account-unknown', { person: payee, accountVersion })
    return account
  })
  const opened = await vault.openAll(found.flatMap(({ account, holder }) => [account, holder]))
  return found.map(({ bank }, at) => {
    const [account, holder] = [opened[at * 2], opened[at * 2 + 1]]
    const isErased = typeof account !== 'string' || typeof holder !== 'string'
    return isErased ? null : { bank, account, holder }
  })
}

function accountIn(stored: StoredEvent) {
  const event = codec.eventOf('person', stored)
  if (event.type !== 'PayeeAccountSet') return []
  return [[`${stored.stream}/${event.data.accountVersion}`, event.data] as const]
}
