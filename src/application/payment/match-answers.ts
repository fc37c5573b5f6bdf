import type { BankAnswer, PaymentLine } from '../../domain/payment-run/events.js'
import { AmountFen, type Fen, fen, zeroFen } from '../../domain/values/money.js'
import type { AnswerRow } from './read-answers.js'

/** A row of the bank's file that answers no line of the run, and why. */
export interface UnknownAnswer {
  readonly row: number
  readonly line: number | null
  readonly why:
    | 'line-number-unreadable'
    | 'line-not-in-run'
    | 'line-was-held'
    | 'outcome-unreadable'
    | 'amount-differs'
    | 'contradicted-in-file'
}

export type Match =
  | {
      readonly answer: BankAnswer
      /** What of the line is due again by this answer. */
      readonly comesBackFen: Fen
    }
  | { readonly unknown: UnknownAnswer }

const codes = { open: 1, credited: 2, partial: 3, returned: 4 } as const
const notSent = 0

/**
 * Where each line of a run stands with the bank. A line's money becomes due again once: whatever
 * the bank says of a line after it came back is a duplicate, listed and without effect. Of what one
 * file says of a line in two ways, neither counts. Twenty-five bytes a line are kept in memory,
 * since a bank answers in any order.
 */
export class LineStandings {
  readonly #amounts: Float64Array
  readonly #credited: Float64Array
  readonly #standings: Uint8Array
  readonly #said: Float64Array
  readonly #contradicted = new Set<number>()

  /** `lines`: how many lines the run has, held ones too. */
  constructor(lines: number) {
    this.#amounts = new Float64Array(lines + 1)
    this.#credited = new Float64Array(lines + 1)
    this.#standings = new Uint8Array(lines + 1)
    this.#said = new Float64Array(lines + 1)
  }

  addLine(line: PaymentLine): void {
    this.#amounts[line.line] = line.amountFen
    this.#standings[line.line] = line.heldFor === null ? codes.open : notSent
  }

  /** An answer that an earlier file recorded. */
  apply(answer: BankAnswer): void {
    if (answer.outcome === 'duplicate') return
    this.#standings[answer.line] = codes[answer.outcome]
    this.#credited[answer.line] = answer.creditedFen
  }

  /** Every row of a file is looked at before the first is matched. */
  lookAt(row: AnswerRow): void {
    const { line, outcome } = row
    if (line === null || outcome === null || this.#standings[line] === undefined) return
    const creditedFen = this.#creditedBy(row, line)
    if (creditedFen === null) return
    const says = creditedFen * 8 + codes[outcome]
    const before = this.#said[line] ?? 0
    if (before !== 0 && before !== says) this.#contradicted.add(line)
    this.#said[line] = says
  }

  /** What a row of the bank's file means; its answer is applied. */
  match(row: AnswerRow): Match {
    const answer = this.#answerTo(row)
    if (typeof answer === 'string')
      return { unknown: { row: row.row, line: row.line, why: answer } }
    const before = this.#arrivingFen(answer.line)
    this.apply(answer)
    return { answer, comesBackFen: fen(before - this.#arrivingFen(answer.line)) }
  }

  /** Counts and sums of the lines sent to the bank, by where they stand. */
  totals(): StandingTotals {
    const totals = { open: nothing(), credited: nothing(), partial: nothing(), returned: nothing() }
    let arrivedFen = 0
    for (const [line, code] of this.#standings.entries()) {
      const standing = nameOf(code)
      if (!standing) continue
      totals[standing].lines += 1
      totals[standing].amountFen += this.#amounts[line] ?? 0
      arrivedFen += this.#credited[line] ?? 0
    }
    return { ...totals, arrivedFen: fen(arrivedFen) }
  }

  /** What has arrived or may still arrive of a line. */
  #arrivingFen(line: number): number {
    const isOpen = this.#standings[line] === codes.open
    return (isOpen ? this.#amounts : this.#credited)[line] ?? 0
  }

  #answerTo(row: AnswerRow): BankAnswer | UnknownAnswer['why'] {
    const { line, outcome } = row
    if (line === null) return 'line-number-unreadable'
    if (!Number.isInteger(line) || line < 1 || line >= this.#standings.length)
      return 'line-not-in-run'
    if (this.#standings[line] === notSent) return 'line-was-held'
    if (outcome === null) return 'outcome-unreadable'
    const isFinal = this.#standings[line] === codes.returned
    if (this.#contradicted.has(line) && !isFinal) return 'contradicted-in-file'
    const creditedFen = this.#creditedBy(row, line)
    if (creditedFen === null) return 'amount-differs'

    const amount = AmountFen.parse(creditedFen)
    if (this.#mayBecome(line, outcome))
      return { line, outcome, creditedFen: amount, reason: row.reason }
    const reason = `${outcome} after ${nameOf(this.#standings[line] ?? notSent) ?? 'open'}`
    return { line, outcome: 'duplicate', creditedFen: AmountFen.parse(zeroFen), reason }
  }

  #creditedBy({ outcome, creditedFen }: AnswerRow, line: number): Fen | null {
    const amountFen = fen(this.#amounts[line] ?? 0)
    if (outcome === 'returned') return zeroFen
    if (outcome === 'credited')
      return creditedFen === null || creditedFen === amountFen ? amountFen : null
    const isPart = creditedFen !== null && 0 < creditedFen && creditedFen < amountFen
    return isPart ? creditedFen : null
  }

  #mayBecome(line: number, outcome: 'credited' | 'returned' | 'partial'): boolean {
    const standing = this.#standings[line]
    if (standing === codes.open) return true
    return outcome === 'returned' && standing !== codes.returned
  }
}

export interface StandingTotal {
  lines: number
  amountFen: number
}

export interface StandingTotals {
  readonly open: StandingTotal
  readonly credited: StandingTotal
  readonly partial: StandingTotal
  readonly returned: StandingTotal
  readonly arrivedFen: Fen
}

function nothing(): StandingTotal {
  return { lines: 0, amountFen: 0 }
}

function nameOf(code: number): keyof typeof codes | undefined {
  switch (code) {
    case codes.open:
      return 'open'
    case codes.credited:
      return 'credited'
    case codes.partial:
      return 'partial'
    case codes.returned:
      return 'returned'
    default:
      return undefined
  }
}
