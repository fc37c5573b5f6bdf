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

/** A row that says something else of a line than what is recorded, and which of both counts. */
export interface Contradiction {
  readonly row: number
  readonly line: number
  readonly recorded: Answered
  readonly recordedFen: Fen
  readonly says: Answered
  readonly saysFen: Fen
  /** Of two words that by which more has arrived, so that nobody is paid twice. */
  readonly counts: 'recorded' | 'file'
}

export type Answered = 'credited' | 'partial' | 'returned'

export type Match =
  | {
      readonly answer: BankAnswer
      /** What of the line is due again by this answer. */
      readonly comesBackFen: Fen
      readonly contradiction: Contradiction | null
    }
  | { readonly unknown: UnknownAnswer }

const codes = { open: 1, credited: 2, partial: 3, returned: 4 } as const
const notSent = 0

/** What no row of this run's own file would say. */
const misfits: ReadonlySet<UnknownAnswer['why']> = new Set([
  'line-not-in-run',
  'line-was-held',
  'amount-differs',
])

/**
 * Where each line of a run stands with the bank. A line that was credited may come back later, and
 * is due again then. Any other word that differs from the one before is a contradiction: the one by
 * which more has arrived counts, and it is told. Of what one file says of a line in two ways,
 * neither counts. Twenty-five bytes a line are kept in memory, since a bank answers in any order.
 */
export class LineStandings {
  readonly #amounts: Float64Array
  readonly #credited: Float64Array
  readonly #standings: Uint8Array
  readonly #said: Float64Array
  readonly #saidTwice = new Set<number>()
  readonly #contradicted = new Map<number, Omit<Contradiction, 'row' | 'line'>>()

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
    const { line, outcome } = answer
    const contradiction = this.#contradictionBy(answer)
    if (contradiction) this.#contradicted.set(line, contradiction)
    if (outcome === 'duplicate' || outcome === 'contradiction') return
    this.#standings[line] = codes[outcome]
    this.#credited[line] = answer.creditedFen
  }

  /** Every row of a file is looked at before the first is matched; whether it fits this run. */
  lookAt(row: AnswerRow): 'fits' | 'misfit' {
    const says = this.#wordOf(row)
    if (typeof says === 'string') return misfits.has(says) ? 'misfit' : 'fits'
    const word = says.creditedFen * 8 + codes[says.outcome]
    const before = this.#said[says.line] ?? 0
    if (before !== 0 && before !== word) this.#saidTwice.add(says.line)
    this.#said[says.line] = word
    return 'fits'
  }

  /** Lines of which files said two things, in their order, with the last such word. */
  contradicted(): readonly Omit<Contradiction, 'row'>[] {
    const lines = [...this.#contradicted].map(([line, rest]) => ({ line, ...rest }))
    return lines.sort((left, right) => left.line - right.line)
  }

  /** What a row of the bank's file means; its answer is applied. */
  match(row: AnswerRow): Match {
    const answer = this.#answerTo(row)
    if (typeof answer === 'string')
      return { unknown: { row: row.row, line: row.line, why: answer } }
    const { line } = answer
    const before = this.#arrivingFen(line)
    const found = this.#contradictionBy(answer)
    this.apply(answer)
    return {
      answer,
      comesBackFen: fen(before - this.#arrivingFen(line)),
      contradiction: found && { row: row.row, line, ...found },
    }
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

  /** What came back of a line that was sent to the bank. */
  cameBackFen(line: number): Fen {
    const isSent = this.#standings[line] !== notSent
    return fen(isSent ? (this.#amounts[line] ?? 0) - this.#arrivingFen(line) : 0)
  }

  /** What has arrived or may still arrive of a line. */
  #arrivingFen(line: number): number {
    const isOpen = this.#standings[line] === codes.open
    return (isOpen ? this.#amounts : this.#credited)[line] ?? 0
  }

  #answerTo(row: AnswerRow): BankAnswer | UnknownAnswer['why'] {
    const says = this.#wordOf(row)
    if (typeof says === 'string') return says
    const { line, outcome } = says
    if (this.#saidTwice.has(line)) return 'contradicted-in-file'
    const creditedFen = AmountFen.parse(says.creditedFen)
    const { recorded, recordedFen } = this.#recordedOf(line)
    if (recorded === outcome && recordedFen === creditedFen) {
      const reason = `${outcome} after ${recorded}`
      return { line, outcome: 'duplicate', creditedFen: AmountFen.parse(zeroFen), reason }
    }
    const counts = recorded === null || outcome === 'returned' || creditedFen > recordedFen
    return { line, outcome: counts ? outcome : 'contradiction', creditedFen, reason: row.reason }
  }

  /** What a row says of a line that was sent to the bank, or why it says nothing. */
  #wordOf(row: AnswerRow): Word | UnknownAnswer['why'] {
    const { line, outcome } = row
    if (line === null) return 'line-number-unreadable'
    if (!Number.isInteger(line) || line < 1 || line >= this.#standings.length)
      return 'line-not-in-run'
    if (this.#standings[line] === notSent) return 'line-was-held'
    if (outcome === null) return 'outcome-unreadable'
    const creditedFen = this.#creditedBy(row, line)
    return creditedFen === null ? 'amount-differs' : { line, outcome, creditedFen }
  }

  #creditedBy({ outcome, creditedFen }: AnswerRow, line: number): Fen | null {
    const amountFen = fen(this.#amounts[line] ?? 0)
    const isWhole = creditedFen === null || creditedFen === amountFen
    if (outcome === 'returned') return isWhole || creditedFen === 0 ? zeroFen : null
    if (outcome === 'credited') return isWhole ? amountFen : null
    const isPart = creditedFen !== null && 0 < creditedFen && creditedFen < amountFen
    return isPart ? creditedFen : null
  }

  #recordedOf(line: number): { readonly recorded: Answered | null; readonly recordedFen: Fen } {
    const standing = nameOf(this.#standings[line] ?? notSent)
    const recorded = standing === undefined || standing === 'open' ? null : standing
    return { recorded, recordedFen: fen(this.#credited[line] ?? 0) }
  }

  #contradictionBy(answer: BankAnswer): Omit<Contradiction, 'row' | 'line'> | null {
    const { recorded, recordedFen } = this.#recordedOf(answer.line)
    if (recorded === null || answer.outcome === 'duplicate' || answer.outcome === 'returned')
      return null
    const saysFen = answer.creditedFen
    const isWhole = saysFen === this.#amounts[answer.line]
    const counts = answer.outcome === 'contradiction' ? 'recorded' : 'file'
    return { recorded, recordedFen, says: isWhole ? 'credited' : 'partial', saysFen, counts }
  }
}

interface Word {
  readonly line: number
  readonly outcome: Answered
  readonly creditedFen: Fen
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
