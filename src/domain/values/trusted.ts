import type { Instant } from './calendar.js'
import type { ActorId, EventId, Ordinal } from './identifiers.js'

/**
 * Values that were parsed before they were stored, read back without a second check: parsing every
 * event of the log again would halve the speed of a rebuild. For adapters of the log only.
 */
export const trusted = {
  ordinal: (value: number) => value as Ordinal,
  eventId: (text: string) => text as EventId,
  instant: (text: string) => text as Instant,
  actor: (text: string) => text as ActorId,
} as const
