import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PaymentLine, RunParameters } from '../../domain/payment-run/events.js'
import { itemsOfKind } from '../../domain/payment-run/items-of-kind.js'
import { excessOf, lineOf } from '../../domain/payment-run/line.js'
import { personsOfLine } from '../../domain/payment-run/persons-of-line.js'
import { type RecoveryChanges, recoveryChanges } from '../../domain/recovery/months.js'
import type { Ordinal } from '../../domain/values/identifiers.js'
import { sumFen } from '../../domain/values/money.js'
import type { OwedCase, OwedReader } from './ports.js'

/** The version of what this file and the rules it calls make of the same events. */
export const calculationVersion = 1

/** Cases that are read at once. */
const casesPerPage = 2000

/** Cases between which the process sees to what else has come: requests, and the next page. */
const casesPerTurn = 100

export interface LineSources {
  readonly owed: OwedReader
}

/** A run whose lines can be derived: what it was opened with, and when its payer admitted it. */
export interface DerivedRun {
  readonly parameters: RunParameters
  readonly admitted: Ordinal
}

/** What a run makes of some cases. */
export interface DerivedPage {
  readonly cases: number
  /** Numbered from 1 through the whole run, held ones too. */
  readonly lines: readonly PaymentLine[]
  /** Of which an approval would find something overpaid that no recovery has yet. */
  readonly overpaidCases: number
}

/**
 * A run's lines in the order of division and case id: a function of the parameters and of the
 * events up to their ordinal, and of nothing else but the runs of other counties that were admitted
 * before this one. A page of cases is in memory at a time.
 */
export async function* deriveLines(
  sources: LineSources,
  run: DerivedRun,
): AsyncGenerator<DerivedPage> {
  const { parameters } = run
  let next = 1
  for await (const page of owedPages(sources.owed, run)) {
    for (let from = 0; from < page.length; from += casesPerTurn) {
      const due = page.slice(from, from + casesPerTurn).map((owed) => dueOf(owed, parameters))
      const lines = due
        .filter(({ items }) => items.length > 0)
        .map((one, at) => lineFrom(one, next + at))
      next += lines.length
      const overpaidCases = due.filter(({ isOverpaid }) => isOverpaid).length
      yield { cases: due.length, lines, overpaidCases }
      await nextTurn()
    }
  }
}

/** What a recovery lacks of what was paid and is not owed, or has too much. */
export function changesOf(owed: OwedCase): RecoveryChanges {
  return recoveryChanges(excessOf(owed), owed.recovery)
}

/** The next page is read while the one before is being worked on. */
export async function* owedPages(
  reader: OwedReader,
  run: DerivedRun,
): AsyncGenerator<readonly OwedCase[]> {
  let reading = pageAfter(reader, run, null)
  try {
    for (;;) {
      const page = await reading
      const last = page.at(-1)
      if (!last) return
      reading = pageAfter(reader, run, last)
      yield page
    }
  } finally {
    // Who stops early must not be ended by a page that nobody waits for any more.
    await reading.catch(() => undefined)
  }
}

function pageAfter(
  reader: OwedReader,
  { admitted, parameters }: DerivedRun,
  last: OwedCase | null,
): Promise<readonly OwedCase[]> {
  const { programmes, division, period, kind, ordinal } = parameters
  return reader.owedAndCommitted({
    admitted,
    programmes,
    division,
    throughMonth: period,
    kind,
    ordinal,
    after: last && { division: last.division, caseId: last.caseId },
    limit: casesPerPage,
  })
}

interface DueCase {
  readonly owed: OwedCase
  readonly items: PaymentLine['items']
  readonly isOverpaid: boolean
}

function dueOf(owed: OwedCase, { kind }: RunParameters): DueCase {
  const { items, overpaid } = lineOf(owed)
  // Where no recovery has anything yet, it would find what the line says is overpaid.
  const isOverpaid =
    owed.recovery.length === 0 ? overpaid.length > 0 : changesOf(owed).found.length > 0
  return { owed, items: [...itemsOfKind(kind, items)], isOverpaid }
}

function lineFrom({ owed, items }: DueCase, number: number): PaymentLine {
  return {
    line: number,
    caseId: owed.caseId,
    programme: owed.programme,
    division: owed.division,
    urbanRural: owed.urbanRural,
    payee: owed.payee?.payee ?? null,
    accountVersion: owed.payee?.accountVersion ?? null,
    persons: personsOfLine({ ...owed, items }),
    items,
    amountFen: sumFen(items.map((item) => item.amountFen)),
    heldFor: heldFor(owed),
  }
}

/** Reasons that the process itself has are stable words; those of a hold are its officer's. */
function heldFor(owed: OwedCase): string | null {
  const reasons = [
    ...(owed.payee === null ? ['no-payee'] : []),
    ...(owed.payee?.accountVersion === null ? ['no-account'] : []),
    ...(owed.lifeVerificationOverdue ? ['life-verification-overdue'] : []),
    ...(owed.reviewOverdue ? ['review-overdue'] : []),
    ...owed.holds,
  ]
  return reasons.length === 0 ? null : [...new Set(reasons)].sort().join('; ').slice(0, 200)
}
