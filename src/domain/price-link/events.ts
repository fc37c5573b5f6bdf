import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { BulkCount } from '../values/bulk-count.js'
import { Month, PlainDate } from '../values/calendar.js'
import { DivisionCode } from '../values/division.js'
import { PolicyDocument, ShortText } from '../values/document.js'
import { ActorId, Ordinal, ProgrammeCode } from '../values/identifiers.js'
import { AmountFen, Rounding } from '../values/money.js'
import { PriceIndexData, PriceWorkings } from './workings.js'

export const PriceRegime = z.enum(['2011', '2016', '2021', '2022'])
export type PriceRegime = z.infer<typeof PriceRegime>

/** An amount a month fixed by a document, or standard × rise with a local floor. */
export const PriceMethod = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed-monthly'), amountFen: AmountFen }),
  z.strictObject({
    kind: z.literal('standard-times-rise'),
    standardFen: AmountFen,
    floorFen: AmountFen,
    rounding: Rounding,
  }),
])
export type PriceMethod = z.infer<typeof PriceMethod>

/** A decision and its place, and why it is to count no longer. */
const retracted = { decisionId: ShortText, division: DivisionCode, reason: ShortText }

/** `priceLink-<province>`: the indices of its places and what was decided on them. */
export const priceLinkEvents = {
  PriceIndexPublished: event(1, 'month', PriceIndexData.shape),
  PriceLinkDecided: event(1, 'from', {
    decisionId: ShortText,
    from: Month,
    to: Month,
    division: DivisionCode,
    regime: PriceRegime,
    /** `document`: decided by a document, without a trigger computed here. */
    trigger: z.enum(['cpi', 'food', 'both', 'none', 'document']),
    method: PriceMethod,
    /** What one person gets for each month of the period. */
    amountFen: AmountFen,
    /** Null of a decision by a document. */
    workings: PriceWorkings.nullable(),
    /** Rolls that get it, in order: a person on two of them is paid through the first. */
    programmes: z.array(ProgrammeCode).min(1),
    reference: z.enum(['on-roll-at-end', 'month-by-month']),
    rollOrdinal: Ordinal,
    document: PolicyDocument,
  }),
  /** Somebody stands for it that a decision was a mistake; somebody else has it taken back. */
  PriceRetractionPrepared: event(1, 'preparedOn', {
    preparedOn: PlainDate,
    ...retracted,
    counted: BulkCount,
    by: ActorId,
  }),
  /** The decision counts no longer, and its grants are retracted case by case. */
  PriceLinkRetracted: event(1, 'retractedOn', {
    retractedOn: PlainDate,
    ...retracted,
    preparedBy: ActorId,
    by: ActorId,
  }),
} as const
export type PriceLinkEvent = EventOf<typeof priceLinkEvents>
