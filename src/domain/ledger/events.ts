import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { PlainDate } from '../values/calendar.js'
import { ShortText } from '../values/document.js'

/** `ledger`: ordinal 0 of every ledger. It says which clock the ledger lives on, for ever. */
export const ledgerEvents = {
  LedgerFounded: event(1, 'foundedOn', {
    foundedOn: PlainDate,
    clock: z.enum(['real', 'simulated']),
    name: ShortText,
  }),
} as const
export type LedgerEvent = EventOf<typeof ledgerEvents>
