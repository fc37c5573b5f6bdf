import type { MonthAmount, RecoveryMonth } from '../recovery/months.js'
import type { Month } from '../values/calendar.js'
import { ComponentName } from '../values/document.js'
import { addFen, type Fen, fen, subtractFen, sumFen, zeroFen } from '../values/money.js'
import type { LineItem } from './events.js'

/** One case as a run sees it; months and components may repeat and are added up. */
export interface OwedAndCommitted {
  readonly owed: readonly LineItem[]
  /** What the lines of every run not rejected say, less what came back. */
  readonly committed: readonly LineItem[]
  readonly recovery?: readonly RecoveryMonth[]
}

export interface LineOfCase {
  /** By month, then component; never empty when there is something to pay. */
  readonly items: readonly LineItem[]
  readonly amountFen: Fen
  /** By month, what was committed, is not owed and did not come back; above zero. */
  readonly overpaid: readonly MonthAmount[]
}

/** The part of a line that gives back what was repaid of a month and is owed after all. */
export const recoveryComponent = ComponentName.parse('recovery')

/**
 * What a run pays for one case: by month, owed − committed + repaid. Differences within a month
 * net. A month above zero goes to the line, a month below zero is an overpayment; months never net
 * against each other. So `amountFen − sum(overpaid)` is `sum(owed) − sum(committed) + sum(repaid)`.
 * What is still outstanding, or was written off, never came back: cash is not given for it.
 */
export function lineOf(input: OwedAndCommitted): LineOfCase {
  const months = differencesByMonth(input)
  const items: LineItem[] = []
  const overpaid: MonthAmount[] = []
  for (const monthFor of [...months.keys()].sort()) {
    const differences = months.get(monthFor) ?? []
    const net = sumFen(differences.map((item) => item.amountFen))
    if (net > 0) items.push(...differences)
    if (net < 0) overpaid.push({ monthFor, amountFen: subtractFen(zeroFen, net) })
  }
  return { items, amountFen: sumFen(items.map((item) => item.amountFen)), overpaid }
}

/** By month, committed − owed; nothing where both are equal. */
export function excessOf(input: Omit<OwedAndCommitted, 'recovery'>): readonly MonthAmount[] {
  const { committed, owed } = input
  return [...differencesByMonth({ committed, owed })].map(([monthFor, differences]) => ({
    monthFor,
    amountFen: subtractFen(zeroFen, sumFen(differences.map((item) => item.amountFen))),
  }))
}

/** By month, what each component lacks (or has too much, below zero); nothing where all is even. */
function differencesByMonth(input: OwedAndCommitted): ReadonlyMap<Month, readonly LineItem[]> {
  const sums = new Map<string, LineItem>()
  const add = (item: LineItem, sign: 1 | -1): void => {
    const key = `${item.monthFor} ${item.component}`
    const before = sums.get(key)?.amountFen ?? zeroFen
    sums.set(key, { ...item, amountFen: addFen(before, fen(sign * item.amountFen)) })
  }
  for (const item of input.owed) add(item, 1)
  for (const item of input.committed) add(item, -1)
  for (const { monthFor, repaidFen: amountFen } of input.recovery ?? [])
    add({ monthFor, component: recoveryComponent, amountFen }, 1)
  const uneven = [...sums.entries()].filter(([, item]) => item.amountFen !== 0)
  const byMonth = new Map<Month, LineItem[]>()
  for (const [, item] of uneven.sort(([left], [right]) => (left < right ? -1 : 1))) {
    byMonth.set(item.monthFor, [...(byMonth.get(item.monthFor) ?? []), item])
  }
  return byMonth
}
