import { z } from 'zod'
import { Month, PlainDate } from '../values/calendar.js'
import { ShortText } from '../values/document.js'
import { ActorId, CaseId, RecoveryId, RunId } from '../values/identifiers.js'
import { AmountFen, Fen } from '../values/money.js'
import { recoveryEvents } from './events.js'

const SomeFen = AmountFen.refine((amountFen) => amountFen > 0, 'an amount above zero')

/** Commands of a `recovery-<case>` stream; the decider spreads amounts over months. */
export const RecoveryCommand = z.discriminatedUnion('type', [
  /** `excess`: committed − owed of each month through `throughMonth`; nought where it is even. */
  z.strictObject({
    type: z.literal('CompareWithPaid'),
    comparedOn: PlainDate,
    recoveryId: RecoveryId,
    caseId: CaseId,
    runId: RunId,
    throughMonth: Month,
    excess: z.array(z.strictObject({ monthFor: Month, amountFen: Fen })),
    cause: ShortText,
  }),
  z.strictObject({
    type: z.literal('AgreeRecovery'),
    ...recoveryEvents.RecoveryAgreed.data.shape,
    instalmentFen: SomeFen,
  }),
  z.strictObject({
    type: z.literal('ReceiveRepayment'),
    ...recoveryEvents.RepaymentReceived.data.omit({ months: true }).shape,
    amountFen: SomeFen,
  }),
  z.strictObject({
    type: z.literal('ApplyOffset'),
    ...recoveryEvents.OffsetApplied.data.omit({ months: true }).shape,
    amountFen: SomeFen,
  }),
  z.strictObject({
    type: z.literal('ProposeWriteOff'),
    ...recoveryEvents.WriteOffProposed.data.shape,
    amountFen: SomeFen,
    /** Who made the proposal that this one takes the place of. */
    replacesBy: ActorId.optional(),
  }),
  z.strictObject({
    type: z.literal('WriteOff'),
    ...recoveryEvents.RecoveryWrittenOff.data.omit({ months: true }).shape,
    amountFen: SomeFen,
  }),
])
export type RecoveryCommand = z.infer<typeof RecoveryCommand>
