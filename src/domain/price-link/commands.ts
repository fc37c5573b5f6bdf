import { z } from 'zod'
import { ProgrammeCode } from '../values/identifiers.js'
import { priceLinkEvents } from './events.js'

/** By the published indices and the price terms of a programme, or by a document alone. */
export const PriceBasis = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('document') }),
  z.strictObject({ kind: z.literal('indices'), termsOf: ProgrammeCode }),
])
export type PriceBasis = z.infer<typeof PriceBasis>

/** Commands of a `priceLink-<province>` stream. */
export const PriceLinkCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('PublishPriceIndex'),
    ...priceLinkEvents.PriceIndexPublished.data.shape,
  }),
  z.strictObject({
    type: z.literal('DecidePriceLink'),
    ...priceLinkEvents.PriceLinkDecided.data.omit({
      regime: true,
      trigger: true,
      amountFen: true,
      workings: true,
    }).shape,
    basis: PriceBasis,
  }),
  /** As it was worked out and then approved: an index published since changes nothing of it. */
  z.strictObject({
    type: z.literal('RecordPriceDecision'),
    ...priceLinkEvents.PriceLinkDecided.data.shape,
  }),
  z.strictObject({
    type: z.literal('PreparePriceRetraction'),
    ...priceLinkEvents.PriceRetractionPrepared.data.shape,
  }),
  z.strictObject({
    type: z.literal('RetractPriceLink'),
    ...priceLinkEvents.PriceLinkRetracted.data.omit({ preparedBy: true }).shape,
  }),
])
export type PriceLinkCommand = z.infer<typeof PriceLinkCommand>
