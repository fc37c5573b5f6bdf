import { z } from 'zod'
import { Instant } from '../../domain/values/calendar.js'
import { type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type { EventStore } from '../../event-store/event-store.js'

/** A read "as known at": a ledger ordinal, or an instant that the ledger's order resolves. */
export const knownAtParameter = z.strictObject({
  knownAt: z
    .union([z.string().regex(/^\d{1,15}$/), Instant])
    .optional()
    .describe('按当时所知：账序或时刻 an ordinal or an instant; absent: now'),
})

export async function knownAtOf(
  store: EventStore,
  given: string | undefined,
): Promise<Ordinal | undefined> {
  if (given === undefined) return undefined
  const isOrdinal = /^\d+$/.test(given)
  return isOrdinal ? ordinal(Number(given)) : store.ordinalAt(Instant.parse(given))
}
