import type { Month } from '../values/calendar.js'
import { addFen, type Fen, subtractFen, sumFen, zeroFen } from '../values/money.js'

export interface MonthAmount {
  readonly monthFor: Month
  readonly amountFen: Fen
}

/** How one month of a case stands in its recovery. */
export interface RecoveryMonth {
  readonly monthFor: Month
  /** What came back of it, less what an offset kept of its own payment. */
  readonly repaidFen: Fen
  readonly writtenOffFen: Fen
  /** Found, and neither withdrawn nor repaid nor written off. */
  readonly outstandingFen: Fen
}

export interface RecoveryChanges {
  readonly found: readonly MonthAmount[]
  readonly withdrawn: readonly MonthAmount[]
}

/**
 * What must be found or withdrawn so that of each month that much is outstanding which was paid,
 * is not owed, did not come back and was not written off. `excess` is committed − owed by month,
 * nought where it says nothing. What was written off is never found again.
 */
export function recoveryChanges(
  excess: readonly MonthAmount[],
  recovery: readonly RecoveryMonth[],
): RecoveryChanges {
  const months = [...new Set([...excess, ...recovery].map((one) => one.monthFor))].sort()
  const changes = months.map((monthFor) => {
    const isOf = (one: { readonly monthFor: Month }) => one.monthFor === monthFor
    const excessFen = sumFen(excess.filter(isOf).map((one) => one.amountFen))
    const state = recovery.find(isOf)
    const settledFen = addFen(state?.repaidFen ?? zeroFen, state?.writtenOffFen ?? zeroFen)
    const dueFen = atLeastZero(subtractFen(excessFen, settledFen))
    const outstandingFen = state?.outstandingFen ?? zeroFen
    return { monthFor, missingFen: subtractFen(dueFen, outstandingFen) }
  })
  return {
    found: partsOf(changes.map((one) => ({ ...one, amountFen: one.missingFen }))),
    withdrawn: partsOf(
      changes.map((one) => ({ ...one, amountFen: subtractFen(zeroFen, one.missingFen) })),
    ),
  }
}

/** An amount spread over what is outstanding, the oldest month first. */
export function oldestFirst(
  recovery: readonly RecoveryMonth[],
  amountFen: Fen,
): readonly MonthAmount[] {
  let left: Fen = amountFen
  const parts: MonthAmount[] = []
  for (const { monthFor, outstandingFen } of [...recovery].sort(byMonth)) {
    const part = outstandingFen < left ? outstandingFen : left
    parts.push({ monthFor, amountFen: part })
    left = subtractFen(left, part)
  }
  return partsOf(parts)
}

function byMonth(left: RecoveryMonth, right: RecoveryMonth): number {
  return left.monthFor < right.monthFor ? -1 : 1
}

function atLeastZero(amountFen: Fen): Fen {
  return amountFen > 0 ? amountFen : zeroFen
}

function partsOf(amounts: readonly MonthAmount[]): readonly MonthAmount[] {
  return amounts
    .filter(({ amountFen }) => amountFen > 0)
    .map(({ monthFor, amountFen }) => ({ monthFor, amountFen }))
}
