import { z } from 'zod'
import { DomainError } from '../domain/errors.js'
import {
  addDays,
  Instant,
  instant,
  instantOfShanghai,
  PlainDate,
  shanghaiDateOf,
} from '../domain/values/calendar.js'
import { type Ordinal, ordinal } from '../domain/values/identifiers.js'

const OrdinalText = z.string().regex(/^\d{1,15}$/)
const Moment = z.iso.datetime({ offset: true })

/** "As known at", as people write it: an ordinal, a moment with its zone, or a day in China. */
export const KnownAt = z.union([OrdinalText, PlainDate, Instant, Moment], {
  error:
    '写作账序 697、日期 2012-06-06 或时刻 2012-06-06T10:00:00+08:00；an ordinal, a day or a moment',
})

export interface KnownAtParts {
  /** The last ordinal known at an instant. */
  ordinalAt(at: Instant): Promise<Ordinal>
  now(): Instant
}

/**
 * The ordinal up to which was known. A day counts to its end, or until now.
 *
 * @throws DomainError `known-at-malformed`, `instant-not-reached`
 */
export async function ordinalKnownAt(parts: KnownAtParts, given: string): Promise<Ordinal> {
  const text = given.trim()
  if (!KnownAt.safeParse(text).success) throw new DomainError('known-at-malformed', { given })
  if (OrdinalText.safeParse(text).success) return ordinal(Number(text))
  const now = parts.now()
  const day = PlainDate.safeParse(text)
  if (day.success && day.data === shanghaiDateOf(now)) return parts.ordinalAt(now)
  const at = day.success ? endOf(day.data) : momentOf(Date.parse(text))
  if (at > now) throw new DomainError('instant-not-reached', { asked: text, now })
  return parts.ordinalAt(at)
}

function endOf(day: PlainDate): Instant {
  return momentOf(Date.parse(instantOfShanghai(addDays(day, 1), '00:00:00')) - 1)
}

function momentOf(milliseconds: number): Instant {
  return instant(new Date(milliseconds).toISOString())
}
