import type { ComponentName } from '../values/document.js'
import { sumFen } from '../values/money.js'
import type { LineItem, RunKind } from './events.js'

/** The component of the price-linked subsidy, which has runs of its own. */
const priceSubsidy = 'price-subsidy'

/** Whether runs of a kind are there to pay a component; an emergency run pays all that is due. */
export function isPaidBy(kind: RunKind, component: ComponentName): boolean {
  switch (kind) {
    case 'price-subsidy':
      return component === priceSubsidy
    case 'regular':
    case 'one-off':
      return component !== priceSubsidy
    case 'emergency':
      return true
  }
}

/**
 * Of what is due by month and component, the items that a run of one kind pays. What other kinds
 * paid too much of a month is taken off it, since differences within a month net; what other kinds
 * have yet to pay is left to them. A month of which nothing is left stays for another run.
 */
export function itemsOfKind(kind: RunKind, due: readonly LineItem[]): readonly LineItem[] {
  const months = [...new Set(due.map((item) => item.monthFor))]
  return months.flatMap((month) =>
    paidOfMonth(
      kind,
      due.filter((item) => item.monthFor === month),
    ),
  )
}

function paidOfMonth(kind: RunKind, items: readonly LineItem[]): readonly LineItem[] {
  const taken = items.filter((item) => isPaidBy(kind, item.component) || item.amountFen < 0)
  const isOwn = taken.some((item) => isPaidBy(kind, item.component) && item.amountFen > 0)
  const total = sumFen(taken.map((item) => item.amountFen))
  return isOwn && total > 0 ? taken : []
}
