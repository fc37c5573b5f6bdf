import { z } from 'zod'
import { DivisionCode } from '../values/division.js'
import { bulkDecisionEvents } from './events.js'

/** Commands of a `bulkDecision-<hash>` stream. */
export const BulkDecisionCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('PrepareBulkDecision'),
    ...bulkDecisionEvents.BulkDecisionPrepared.data.shape,
  }),
  z.strictObject({
    type: z.literal('WithdrawBulkDecision'),
    ...bulkDecisionEvents.BulkDecisionWithdrawn.data.omit({ preparedBy: true }).shape,
    /** Whose preparations `by` may take back besides their own: nobody's where it is null. */
    division: DivisionCode.nullable(),
  }),
  z.strictObject({
    type: z.literal('ApproveBulkDecision'),
    ...bulkDecisionEvents.BulkDecisionApproved.data.pick({
      approvedOn: true,
      decision: true,
      by: true,
    }).shape,
  }),
  z.strictObject({
    type: z.literal('RefuseBulkDecision'),
    ...bulkDecisionEvents.BulkDecisionRefused.data.shape,
  }),
])
export type BulkDecisionCommand = z.infer<typeof BulkDecisionCommand>
