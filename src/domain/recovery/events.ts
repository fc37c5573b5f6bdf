import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { Month, PlainDate } from '../values/calendar.js'
import { PolicyDocument, ShortText } from '../values/document.js'
import { ActorId, CaseId, RecoveryId, RunId } from '../values/identifiers.js'
import { AmountFen } from '../values/money.js'

/** `recovery-<case>`: money paid that was not owed, and how it comes back. */
export const recoveryEvents = {
  OverpaymentFound: event(1, 'foundOn', {
    foundOn: PlainDate,
    recoveryId: RecoveryId,
    caseId: CaseId,
    /** The run whose comparison of owed and committed found it. */
    runId: RunId,
    months: z.array(z.strictObject({ monthFor: Month, amountFen: AmountFen })).min(1),
    cause: ShortText,
  }),
  RecoveryAgreed: event(1, 'agreedOn', {
    agreedOn: PlainDate,
    instalmentFen: AmountFen,
    note: ShortText,
    by: ActorId,
  }),
  RepaymentReceived: event(1, 'receivedOn', {
    receivedOn: PlainDate,
    amountFen: AmountFen,
    receipt: ShortText,
  }),
  OffsetApplied: event(1, 'month', {
    month: Month,
    runId: RunId,
    amountFen: AmountFen,
    document: PolicyDocument,
  }),
  RecoveryWrittenOff: event(1, 'writtenOffOn', {
    writtenOffOn: PlainDate,
    amountFen: AmountFen,
    reason: ShortText,
    by: ActorId,
  }),
  RecoveryClosed: event(1, 'closedOn', {
    closedOn: PlainDate,
    reason: z.enum(['repaid', 'none-left']),
  }),
} as const
export type RecoveryEvent = EventOf<typeof recoveryEvents>
