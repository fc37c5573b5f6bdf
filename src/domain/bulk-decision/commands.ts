import { z } from 'zod'
import { bulkDecisionEvents } from './events.js'

/** Commands of a `bulkDecision-<hash>` stream. */
export const BulkDecisionCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('PrepareBulkDecision'),
    ...bulkDecisionEvents.BulkDecisionPrepared.data.shape,
  }),
  z.strictObject({
    type: z.literal('ApproveBulkDecision'),
    ...bulkDecisionEvents.BulkDecisionApproved.data.pick({
      approvedOn: true,
      decision: true,
      by: true,
    }).shape,
  }),
])
export type BulkDecisionCommand = z.infer<typeof BulkDecisionCommand>
