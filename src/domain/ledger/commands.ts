import { z } from 'zod'
import { ledgerEvents } from './events.js'

/** Commands of the `ledger` stream. */
export const LedgerCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('FoundLedger'), ...ledgerEvents.LedgerFounded.data.shape }),
])
export type LedgerCommand = z.infer<typeof LedgerCommand>
