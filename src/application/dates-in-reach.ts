import { DomainError } from '../domain/errors.js'
import { addMonths, type Month, monthOf, type PlainDate } from '../domain/values/calendar.js'

/** How far ahead anything is decided: next year is planned for, a slip of a key is not. */
const monthsAheadAtMost = 24

/** A thing that is said to have happened has: nobody can know it before its day. */
export function assertHappened(
  said: { readonly field: string; readonly on: PlainDate },
  today: PlainDate,
): void {
  if (said.on > today) throw new DomainError('fact-in-future', { ...said, today })
}

/** A month from which something is to hold may lie ahead, but not beyond what is planned. */
export function assertInReach(
  said: { readonly field: string; readonly month: Month },
  today: PlainDate,
  monthsAhead: number = monthsAheadAtMost,
): void {
  const latest = addMonths(monthOf(today), monthsAhead)
  if (said.month > latest) throw new DomainError('month-too-far-ahead', { ...said, latest })
}
