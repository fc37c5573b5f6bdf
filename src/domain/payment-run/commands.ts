import { z } from 'zod'
import { paymentRunEvents } from './events.js'

/**
 * Commands of a `paymentRun-<id>` stream. In totals, `lineCount` and `totalFen` are the lines that
 * go to the bank; `heldCount` and `heldFen` are those that are listed and not paid.
 */
export const PaymentRunCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('OpenPaymentRun'),
    ...paymentRunEvents.PaymentRunOpened.data.omit({ period: true }).shape,
  }),
  z.strictObject({
    type: z.literal('PreparePaymentRun'),
    ...paymentRunEvents.PaymentRunPrepared.data.shape,
  }),
  z.strictObject({
    type: z.literal('SubmitPaymentRun'),
    ...paymentRunEvents.PaymentRunSubmitted.data.shape,
  }),
  z.strictObject({
    type: z.literal('ApprovePaymentRun'),
    ...paymentRunEvents.PaymentRunApproved.data.shape,
  }),
  z.strictObject({
    type: z.literal('RejectPaymentRun'),
    ...paymentRunEvents.PaymentRunRejected.data.shape,
  }),
  z.strictObject({
    type: z.literal('ReleasePaymentRun'),
    ...paymentRunEvents.PaymentRunReleased.data.shape,
  }),
  /** The answer files of a run are numbered in the order in which they are recorded. */
  z.strictObject({
    type: z.literal('RecordBankAnswers'),
    ...paymentRunEvents.BankAnswersRecorded.data.omit({ file: true }).shape,
  }),
  z.strictObject({
    type: z.literal('ClosePaymentRun'),
    ...paymentRunEvents.PaymentRunClosed.data.shape,
  }),
])
export type PaymentRunCommand = z.infer<typeof PaymentRunCommand>
