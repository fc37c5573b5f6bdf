import { assertHappened, assertInReach } from '../../application/dates-in-reach.js'
import { Month, monthOf, PlainDate } from '../../domain/values/calendar.js'

/** Days on which something happened, as the bodies of commands call them. */
const happened = ['on', 'verifiedOn'] as const

/** Days and months from which, or up to which, something is to hold. */
const planned = ['from', 'month', 'firstMonth', 'lastMonth', 'openedOn', 'mergedOn'] as const

/**
 * Refuses what a slip of a key makes of a date: a thing that happened after today, and a month
 * further ahead than anybody decides.
 *
 * @throws DomainError `fact-in-future`, `month-too-far-ahead`
 */
export function assertDatesOf(body: unknown, today: PlainDate): void {
  if (typeof body !== 'object' || body === null) return
  const values = new Map<string, unknown>(Object.entries(body))
  for (const field of happened) {
    const on = PlainDate.safeParse(values.get(field))
    if (on.success) assertHappened({ field, on: on.data }, today)
  }
  for (const field of planned) {
    const month = monthIn(values.get(field))
    if (month) assertInReach({ field, month }, today)
  }
}

function monthIn(value: unknown): Month | undefined {
  const day = PlainDate.safeParse(value)
  return day.success ? monthOf(day.data) : Month.safeParse(value).data
}
