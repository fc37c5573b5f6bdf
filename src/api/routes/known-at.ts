import { z } from 'zod'
import type { Clock } from '../../application/clock.js'
import { ordinalKnownAt } from '../../application/known-at.js'
import type { Ordinal } from '../../domain/values/identifiers.js'
import type { EventStore } from '../../event-store/event-store.js'

/** A read "as known at": a ledger ordinal, or a time that the ledger's order resolves. */
export const knownAtParameter = z.strictObject({
  knownAt: z
    .string()
    .max(40)
    .optional()
    .describe(
      '按当时所知：账序 697、日期 2012-06-06（至当日终）或时刻 2012-06-06T10:00:00+08:00 ' +
        'an ordinal, a day or a moment; absent: now',
    ),
})

export async function knownAtOf(
  { clock, store }: { readonly clock: Clock; readonly store: EventStore },
  given: string | undefined,
): Promise<Ordinal | undefined> {
  if (given === undefined) return undefined
  const parts = { ordinalAt: store.ordinalAt.bind(store), now: () => clock.now() }
  return ordinalKnownAt(parts, given)
}
