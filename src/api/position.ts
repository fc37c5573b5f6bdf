import { z } from 'zod'
import { ordinalKnownAt } from '../application/known-at.js'
import { DomainError } from '../domain/errors.js'
import { Instant } from '../domain/values/calendar.js'
import { Ordinal, ordinal } from '../domain/values/identifiers.js'
import type { LedgerProgress } from './ports.js'

/** Where in the ledger an answer stands, and on which clock that ledger lives. */
export const AsOf = z.strictObject({
  ordinal: Ordinal,
  instant: Instant.nullable(),
  clock: z.enum(['real', 'simulated']),
  knownAt: Ordinal.optional().describe(
    '按此账序时所知 as known at this ordinal, where it was asked',
  ),
})
export type AsOf = z.infer<typeof AsOf>

/** What a read was asked as known at, where it was. */
export function knownAtIn(query: unknown): { readonly knownAt?: string } {
  const { data } = z.object({ knownAt: z.string() }).safeParse(query)
  return data ?? {}
}

/** The ordinal whose knowledge the figures are. */
export function figuresAt({ knownAt, ordinal }: AsOf): Ordinal {
  return knownAt ?? ordinal
}

/** A position as clients get it: opaque, to be handed back as `minPosition`. */
export function positionOf(at: Ordinal): string {
  return Buffer.from(`p1.${at}`).toString('base64url')
}

/** @throws DomainError position-malformed */
export function ordinalOfPosition(position: string): Ordinal {
  const match = /^p1\.(-1|\d{1,15})$/.exec(Buffer.from(position, 'base64url').toString('latin1'))
  if (!match) throw new DomainError('position-malformed')
  return ordinal(Number(match[1]))
}

/** How long a read waits for the read models to come to its `minPosition`. */
const longestWaitMilliseconds = 2000

/**
 * Where a read stands, once the read models have come to the position that it asks for. Read
 * before the data, so that the data is at least as new.
 *
 * @throws DomainError position-malformed, projection-behind, instant-not-reached
 */
export async function asOfFor(
  progress: LedgerProgress,
  {
    knownAt,
    minPosition,
  }: { readonly knownAt?: string; readonly minPosition?: string | undefined },
): Promise<AsOf> {
  if (minPosition !== undefined) {
    const wanted = ordinalOfPosition(minPosition)
    if (!(await progress.waitFor(wanted, longestWaitMilliseconds)))
      throw new DomainError('projection-behind', { wanted })
  }
  const asOf = { ...(await progress.asOf()), clock: progress.clock }
  if (knownAt === undefined) return asOf
  return { ...asOf, knownAt: await ordinalKnownAt(progress, knownAt) }
}
