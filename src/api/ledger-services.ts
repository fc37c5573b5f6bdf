import type { BulkParts } from '../application/bulk/decide-on-roll.js'
import type { Caller } from '../application/caller.js'
import type { Clock } from '../application/clock.js'
import type { Handled } from '../application/command-handler.js'
import type { PersonNameOpener } from '../application/exports/ports.js'
import type { ImportParts } from '../application/imports/run-import.js'
import type { Founding } from '../application/ledger.js'
import type { PaymentParts } from '../application/payment/parts.js'
import type { PaymentProcess } from '../application/payment/payment-process.js'
import type { ErasureParts } from '../application/processes/erasure.js'
import type { ProcessParts } from '../application/processes/parts.js'
import type { ReassessmentParts } from '../application/reassessment.js'
import type { StreamKind } from '../domain/events.js'
import type { EventStore } from '../event-store/event-store.js'
import type { ReadModel } from '../projections/read-model.js'
import type { Actor } from './auth/actor.js'
import type {
  CommandContext,
  CommandOutcome,
  IssuedTokens,
  LedgerProgress,
  PersonalDataAccessLog,
  Revocations,
} from './ports.js'

/** What the routes of the ledger work with. */
export interface LedgerServices {
  readonly founding: Founding
  readonly clock: Clock
  readonly store: EventStore
  readonly processes: ProcessParts
  readonly erasure: ErasureParts
  readonly bulk: BulkParts
  readonly reassessment: ReassessmentParts
  readonly imports: ImportParts
  readonly paymentParts: PaymentParts
  readonly payment: PaymentProcess
  readonly model: ReadModel
  readonly names: PersonNameOpener
  readonly accessLog: PersonalDataAccessLog
  readonly issuedTokens: IssuedTokens
  readonly revocations: Revocations
  readonly progress: LedgerProgress
}

/** Who asks, as the application knows them, with the key of the request. */
export function callerOf(actor: Actor, context: CommandContext): Caller {
  const { id: sub, roles, division } = actor
  return {
    actor: { sub, roles, division },
    key: context.key,
    correlation: context.correlation,
  }
}

/** The outcome of a command of one stream. */
export function outcomeOf<Result>(
  handled: Pick<Handled<StreamKind>, 'version' | 'ordinal'>,
  result: Result,
): CommandOutcome<Result> {
  return { version: handled.version, ordinal: handled.ordinal, replayed: false, result }
}

/** The outcome of work over many streams: all of it can be read at the log's newest event. */
export async function outcomeOfMany<Result>(
  store: EventStore,
  result: Result,
): Promise<CommandOutcome<Result>> {
  return { version: null, ordinal: await store.head(), replayed: false, result }
}
