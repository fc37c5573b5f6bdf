import { z } from 'zod'
import { AmountFen } from '../values/money.js'
import { recoveryEvents } from './events.js'

const SomeFen = AmountFen.refine((amountFen) => amountFen > 0, 'an amount above zero')

/** Commands of a `recovery-<case>` stream. */
export const RecoveryCommand = z.discriminatedUnion('type', [
  /** `months`: what the run found beyond what it knew to be in recovery already. */
  z.strictObject({
    type: z.literal('FindOverpayment'),
    ...recoveryEvents.OverpaymentFound.data.shape,
  }),
  z.strictObject({
    type: z.literal('AgreeRecovery'),
    ...recoveryEvents.RecoveryAgreed.data.shape,
    instalmentFen: SomeFen,
  }),
  z.strictObject({
    type: z.literal('ReceiveRepayment'),
    ...recoveryEvents.RepaymentReceived.data.shape,
    amountFen: SomeFen,
  }),
  z.strictObject({
    type: z.literal('ApplyOffset'),
    ...recoveryEvents.OffsetApplied.data.shape,
    amountFen: SomeFen,
  }),
  z.strictObject({
    type: z.literal('WriteOff'),
    ...recoveryEvents.RecoveryWrittenOff.data.shape,
    amountFen: SomeFen,
  }),
])
export type RecoveryCommand = z.infer<typeof RecoveryCommand>
