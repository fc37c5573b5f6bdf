import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { Month, PlainDate } from '../values/calendar.js'
import { PolicyDocument, ShortText } from '../values/document.js'
import { ActorId, CaseId, RecoveryId, RunId } from '../values/identifiers.js'
import { AmountFen } from '../values/money.js'

/** By month, what an event finds, takes back or settles of it. */
const Months = z.array(z.strictObject({ monthFor: Month, amountFen: AmountFen })).min(1)

/** `recovery-<case>`: money paid that was not owed, and how it comes back. */
export const recoveryEvents = {
  OverpaymentFound: event(1, 'foundOn', {
    foundOn: PlainDate,
    recoveryId: RecoveryId,
    caseId: CaseId,
    /** The run whose comparison of owed and committed found it. */
    runId: RunId,
    months: Months,
    cause: ShortText,
  }),
  /** What was found and is owed after all, or was never paid: nobody has to give it back. */
  OverpaymentWithdrawn: event(1, 'withdrawnOn', {
    withdrawnOn: PlainDate,
    caseId: CaseId,
    runId: RunId,
    months: Months,
    cause: ShortText,
  }),
  RecoveryAgreed: event(1, 'agreedOn', {
    agreedOn: PlainDate,
    instalmentFen: AmountFen,
    note: ShortText,
    by: ActorId,
  }),
  /** `months` here and below: the amount over what was outstanding, the oldest month first. */
  RepaymentReceived: event(1, 'receivedOn', {
    receivedOn: PlainDate,
    amountFen: AmountFen,
    receipt: ShortText,
    months: Months,
  }),
  OffsetApplied: event(1, 'month', {
    /** The month of whose payment it was kept. */
    month: Month,
    runId: RunId,
    amountFen: AmountFen,
    document: PolicyDocument,
    months: Months,
  }),
  /** One person asks for it with a reason, another one decides. */
  WriteOffProposed: event(1, 'proposedOn', {
    proposedOn: PlainDate,
    amountFen: AmountFen,
    reason: ShortText,
    by: ActorId,
  }),
  RecoveryWrittenOff: event(1, 'writtenOffOn', {
    writtenOffOn: PlainDate,
    amountFen: AmountFen,
    reason: ShortText,
    by: ActorId,
    months: Months,
  }),
  RecoveryClosed: event(1, 'closedOn', {
    closedOn: PlainDate,
    reason: z.enum(['repaid', 'none-left']),
  }),
} as const
export type RecoveryEvent = EventOf<typeof recoveryEvents>
