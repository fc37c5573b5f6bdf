import { type Month, monthsOf } from '../../../src/domain/values/calendar.js'
import type { MonthPlan, PlannedAction } from './plan.js'

/** Actions by month and date; those of one day stay in the order in which they came. */
export function monthsFrom(
  actions: readonly PlannedAction[],
  span: { readonly from: Month; readonly to: Month },
): readonly MonthPlan[] {
  const sorted = [...actions].sort((left, right) =>
    left.on < right.on ? -1 : left.on > right.on ? 1 : 0,
  )
  return monthsOf(span).map((month) => ({
    month,
    actions: sorted.filter((action) => action.on.startsWith(month)),
  }))
}
