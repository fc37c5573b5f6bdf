import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { priceLinkEvents } from '../price-link/events.js'
import { BulkCount } from '../values/bulk-count.js'
import { Month, PlainDate } from '../values/calendar.js'
import { DivisionCode } from '../values/division.js'
import { CampaignId, PolicyDocument, ShortText } from '../values/document.js'
import { ActorId, Ordinal, ProgrammeCode } from '../values/identifiers.js'
import { AmountFen } from '../values/money.js'

/** What a campaign is, beside who gets it. */
export const Campaign = z.strictObject({
  campaignId: CampaignId,
  programme: ProgrammeCode,
  /** The month the money is for; recipients belong to it in this month only. */
  month: Month,
  decidedOn: PlainDate,
  /** Where recipients are who are listed as persons without a division of their own. */
  division: DivisionCode,
  document: PolicyDocument,
})
export type Campaign = z.infer<typeof Campaign>

/** 户: one amount a household, with its covered members. 人: one amount a covered person. */
export const CampaignUnit = z.enum(['household', 'person'])
export type CampaignUnit = z.infer<typeof CampaignUnit>

/** A roll of the campaign's month, and what it is given. */
export const CampaignTier = z.strictObject({
  programme: ProgrammeCode,
  amountFen: AmountFen.refine((amountFen) => amountFen > 0, 'an amount above zero'),
})
export type CampaignTier = z.infer<typeof CampaignTier>

/** A decision about everyone on some rolls that makes money by itself, as it was worked out. */
export const BulkDecision = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('price-link'),
    ...priceLinkEvents.PriceLinkDecided.data.omit({ rollOrdinal: true }).shape,
  }),
  z.strictObject({
    kind: z.literal('campaign'),
    campaign: Campaign,
    unit: CampaignUnit,
    /** On two of them, the first one counts. */
    tiers: z.array(CampaignTier).min(1),
  }),
])
export type BulkDecision = z.infer<typeof BulkDecision>

/** `bulkDecision-<hash of its name>`: who stands for it as it is, and who had it carried out. */
export const bulkDecisionEvents = {
  /** The rolls are those that the preparer counted. */
  BulkDecisionPrepared: event(1, 'preparedOn', {
    preparedOn: PlainDate,
    decision: BulkDecision,
    rollOrdinal: Ordinal,
    counted: BulkCount,
    by: ActorId,
  }),
  /** The word of those who prepared it is taken back: under its name it may be prepared anew. */
  BulkDecisionWithdrawn: event(1, 'withdrawnOn', {
    withdrawnOn: PlainDate,
    preparedBy: z.array(ActorId).min(1),
    by: ActorId,
    reason: ShortText,
  }),
  BulkDecisionApproved: event(1, 'approvedOn', {
    approvedOn: PlainDate,
    decision: BulkDecision,
    rollOrdinal: Ordinal,
    counted: BulkCount,
    preparedBy: ActorId,
    by: ActorId,
  }),
  /** Approved, and not carried out: something decided meanwhile stands against it. */
  BulkDecisionRefused: event(1, 'refusedOn', {
    refusedOn: PlainDate,
    decision: BulkDecision,
    /** The code of the refusal. */
    code: ShortText,
    by: ActorId,
  }),
} as const
export type BulkDecisionEvent = EventOf<typeof bulkDecisionEvents>
