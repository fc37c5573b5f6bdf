import { z } from 'zod'
import { AmountFen } from './money.js'

/**
 * What carrying out a decision about whole rolls would give, or take back, as a dry run counted it.
 * A case, and a person, counts once for each month whose roll it is given by: 户次, 人次.
 */
export const BulkCount = z.strictObject({
  grants: z.int().nonnegative(),
  persons: z.int().nonnegative(),
  amountFen: AmountFen,
  /** Cases that refused it. */
  refused: z.int().nonnegative(),
})
export type BulkCount = z.infer<typeof BulkCount>
