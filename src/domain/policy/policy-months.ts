import { firstDayOf, type Month, monthOf, nextMonth, type PlainDate } from '../values/calendar.js'
import { type DivisionCode, isWithin } from '../values/division.js'
import type { ProgrammeCode } from '../values/identifiers.js'
import { codeOn } from './divisions.js'
import type { Policy } from './policy.js'

/**
 * Months in which a rule or a standard of the programme begins in a place or above it, and those
 * in which the place comes under another's policy; each once, in order.
 */
export function policyMonthsOf(
  policy: Policy,
  { division, programme }: { readonly programme: ProgrammeCode; readonly division: DivisionCode },
): readonly Month[] {
  const known = policy.programmes.find((one) => one.programme === programme)
  const begin = [...(known?.rules ?? []), ...(known?.standards ?? [])]
    .filter(({ division: where, from }) =>
      isWithin(codeOn(policy, { division, on: firstDayOf(from) }), where),
    )
    .map(({ from }) => from)
  const merge = policy.mergers
    .filter(({ code }) => isWithin(division, code))
    .map(({ from }) => firstWholeMonth(from))
  return [...new Set([...begin, ...merge])].sort()
}

/** Policy is asked as of a month's first day. */
function firstWholeMonth(from: PlainDate): Month {
  const month = monthOf(from)
  return firstDayOf(month) < from ? nextMonth(month) : month
}
