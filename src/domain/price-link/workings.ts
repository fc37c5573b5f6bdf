import { z } from 'zod'
import { PriceTerms } from '../policy/events.js'
import { Month, PlainDate } from '../values/calendar.js'
import { DivisionCode } from '../values/division.js'
import { PolicyDocument, ShortText } from '../values/document.js'
import { AmountFen } from '../values/money.js'

export const PriceIndexData = z.strictObject({
  month: Month,
  division: DivisionCode,
  /** Year-on-year rise in hundredths of a per cent: 350 is 3.5 %. */
  cpiRiseBasisPoints: z.int(),
  foodRiseBasisPoints: z.int().nullable(),
  publishedOn: PlainDate,
  source: ShortText,
})

/** How standard × rise came to its amount: nothing has to be worked out again to check it. */
export const PriceArithmetic = z.strictObject({
  /** The rise applied of each month of the period, in their order. */
  rises: z.array(z.strictObject({ month: Month, riseBasisPoints: z.int() })),
  /** Standard × rises ÷ (10 000 × months), in fen, before rounding: 525 × 4.5 % is 2362.5. */
  exactFen: z.strictObject({ numerator: z.int(), denominator: z.int().positive() }),
  /** Rounded as the method says, before the floor. */
  roundedFen: AmountFen,
})
export type PriceArithmetic = z.infer<typeof PriceArithmetic>

/** What a decision by indices went by; today's indices and terms may be others. */
export const PriceWorkings = z.strictObject({
  /** Of each month that the trigger or the rise was read from, in their order. */
  indices: z.array(PriceIndexData),
  termsFrom: Month,
  terms: PriceTerms,
  termsDocument: PolicyDocument,
  /** Null where nothing was due, or where the method is a fixed amount. */
  arithmetic: PriceArithmetic.nullable(),
})
export type PriceWorkings = z.infer<typeof PriceWorkings>
