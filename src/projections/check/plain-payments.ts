import type { BankAnswer, PaymentLine } from '../../domain/payment-run/events.js'
import { monthIndex, monthOf } from '../../domain/values/calendar.js'
import type { RecordedEvent } from '../recorded-event.js'
import { plainText } from './difference.js'
import { cellText } from './plain-totals.js'

/** Every row of the payment tables for one run, as text, and what it adds to the paid totals. */
export interface PlainRun {
  readonly rows: Readonly<Record<PaymentTable, readonly string[]>>
  readonly paid: readonly PlainPaid[]
}

export interface PlainPaid {
  readonly ordinal: number
  readonly cell: string
  readonly sums: [households: number, persons: number, amountFen: number]
}

export const paymentTables = [
  'payment_run',
  'payment_line',
  'payment_item',
  'payment_answer',
  'payment_return',
  'payment_paid',
] as const
export type PaymentTable = (typeof paymentTables)[number]

const decisions = {
  PaymentRunPrepared: 'prepared',
  PaymentRunSubmitted: 'submitted',
  PaymentRunApproved: 'approved',
  PaymentRunRejected: 'rejected',
  PaymentRunReleased: 'released',
  PaymentRunClosed: 'closed',
} as const

/** Reads all events of one run, in log order, by hand. */
export function readRun(events: readonly RecordedEvent[]): PlainRun {
  const reading = new RunReading()
  for (const event of events) reading.take(event)
  return reading.result()
}

type PaidRow = ReturnType<typeof paidRow>

class RunReading {
  #run: Record<string, unknown> | undefined
  readonly #lines = new Map<number, { readonly line: PaymentLine; readonly ordinal: number }>()
  readonly #answers: object[] = []
  readonly #returns: object[] = []
  readonly #paid: PaidRow[] = []
  /** What is back of each item of each line. */
  readonly #back = new Map<number, readonly number[]>()
  #runId = ''

  take(event: RecordedEvent): void {
    switch (event.type) {
      case 'PaymentRunOpened':
        this.#opened(event.ordinal, event.data)
        break
      case 'PaymentLinesFrozen':
        this.#frozen(event.ordinal, event.data)
        break
      case 'PaymentRunReleased':
        this.#decided(event)
        this.#released(event.ordinal, monthIndex(monthOf(event.data.releasedOn)))
        break
      case 'PaymentRunPrepared':
      case 'PaymentRunSubmitted':
      case 'PaymentRunApproved':
      case 'PaymentRunRejected':
      case 'PaymentRunClosed':
        this.#decided(event)
        break
      case 'BankAnswersFiled':
        this.#answered(event.ordinal, event.data)
    }
  }

  #frozen(
    ordinal: number,
    data: Extract<RecordedEvent, { type: 'PaymentLinesFrozen' }>['data'],
  ): void {
    this.#runId = data.runId
    for (const line of data.lines) this.#lines.set(line.line, { line, ordinal })
  }

  #opened(
    ordinal: number,
    data: Extract<RecordedEvent, { type: 'PaymentRunOpened' }>['data'],
  ): void {
    const { parameters } = data
    this.#runId = parameters.runId
    this.#run = {
      run_id: parameters.runId,
      kind: parameters.kind,
      programmes: parameters.programmes,
      division: parameters.division,
      period: monthIndex(parameters.period),
      number: parameters.number,
      frozen_ordinal: parameters.ordinal,
      calculation_version: parameters.calculationVersion,
      opened_by: data.by,
      opened_ordinal: ordinal,
    }
    for (const name of Object.values(decisions)) {
      this.#run[name] = null
      this.#run[`${name}_ordinal`] = null
    }
  }

  #decided(event: Extract<RecordedEvent, { type: keyof typeof decisions }>): void {
    if (!this.#run) return
    this.#run[decisions[event.type]] = event.data
    this.#run[`${decisions[event.type]}_ordinal`] = event.ordinal
  }

  #released(ordinal: number, monthIn: number): void {
    for (const { line } of this.#lines.values()) {
      if (line.heldFor !== null) continue
      for (const [item, { amountFen }] of line.items.entries()) {
        const times = item === 0 ? 1 : 0
        this.#paid.push(paidRow(this.#runId, line, { item, ordinal, monthIn, times, amountFen }))
      }
    }
  }

  #answered(
    ordinal: number,
    data: Extract<RecordedEvent, { type: 'BankAnswersFiled' }>['data'],
  ): void {
    const lastWord = new Map<number, BankAnswer>()
    for (const [at, answer] of data.answers.entries()) {
      this.#answers.push({
        run_id: data.runId,
        line: answer.line,
        answer_no: at,
        ordinal,
        file: data.file,
        outcome: answer.outcome,
        credited_fen: answer.creditedFen,
        reason: answer.reason,
        answered_on: data.answeredOn,
      })
      const hasEffect = answer.outcome !== 'duplicate' && answer.outcome !== 'contradiction'
      if (hasEffect) lastWord.set(answer.line, answer)
    }
    const monthIn = monthIndex(monthOf(data.answeredOn))
    for (const answer of lastWord.values()) this.#cameBack(answer, { ordinal, monthIn })
  }

  #cameBack(answer: BankAnswer, at: { readonly ordinal: number; readonly monthIn: number }): void {
    const found = this.#lines.get(answer.line)
    if (!found || found.line.heldFor !== null) return
    const { line } = found
    const was = this.#back.get(line.line) ?? line.items.map(() => 0)
    const now = backOf(line, answer)
    this.#back.set(line.line, now)
    const whole = (parts: readonly number[]) => sum(parts) === line.amountFen
    const changed = line.items.flatMap((_, item) => (now[item] === was[item] ? [] : [item]))
    for (const item of changed) {
      const difference = (now[item] ?? 0) - (was[item] ?? 0)
      const { monthFor, component } = line.items[item] ?? {}
      if (!monthFor || !component) continue
      this.#returns.push({
        run_id: this.#runId,
        line: line.line,
        item,
        ordinal: at.ordinal,
        case_id: line.caseId,
        component,
        month_for: monthIndex(monthFor),
        amount_fen: difference,
      })
      const times = item === changed[0] ? Number(whole(was)) - Number(whole(now)) : 0
      const amountFen = -difference
      this.#paid.push(paidRow(this.#runId, line, { ...at, item, times, amountFen }))
    }
  }

  result(): PlainRun {
    const lines = [...this.#lines.values()]
    const rows = {
      payment_run: this.#run ? [this.#run] : [],
      payment_line: lines.map(({ line, ordinal }) => lineRow(this.#runId, line, ordinal)),
      payment_item: lines.flatMap(({ line, ordinal }) => itemRows(this.#runId, line, ordinal)),
      payment_answer: this.#answers,
      payment_return: this.#returns,
      payment_paid: this.#paid,
    }
    const paid = this.#paid.map((row): PlainPaid => {
      const cell = cellText({
        ...row,
        topic: 'paid',
        benefit_class: '',
        detail: row.component,
        qualifier: row.measure,
        reported: false,
        month: row.month_for,
      })
      return { ordinal: row.ordinal, cell, sums: [row.households, row.persons, row.amount_fen] }
    })
    return {
      rows: {
        payment_run: rows.payment_run.map(plainText),
        payment_line: rows.payment_line.map(plainText),
        payment_item: rows.payment_item.map(plainText),
        payment_answer: rows.payment_answer.map(plainText),
        payment_return: rows.payment_return.map(plainText),
        payment_paid: rows.payment_paid.map(plainText),
      },
      paid,
    }
  }
}

function sum(parts: readonly number[]): number {
  return parts.reduce((total, part) => total + part, 0)
}

/** What an answer sends back of each item: all, nothing, or the last ones first. */
function backOf(line: PaymentLine, answer: BankAnswer): readonly number[] {
  if (answer.outcome === 'credited') return line.items.map(() => 0)
  if (answer.outcome === 'returned') return line.items.map((item) => item.amountFen)
  let missing = Math.max(line.amountFen - answer.creditedFen, 0)
  const fromTheEnd = line.items.toReversed().map((item) => {
    const part = Math.min(Math.max(item.amountFen, 0), missing)
    missing -= part
    return part
  })
  return fromTheEnd.toReversed()
}

interface PaidAt {
  readonly item: number
  readonly ordinal: number
  readonly monthIn: number
  readonly times: number
  readonly amountFen: number
}

function paidRow(runId: string, line: PaymentLine, at: PaidAt) {
  const item = line.items[at.item]
  if (!item) throw new Error('an item that its line does not have')
  return {
    run_id: runId,
    line: line.line,
    item: at.item,
    ordinal: at.ordinal,
    case_id: line.caseId,
    programme: line.programme,
    division: line.division,
    urban_rural: line.urbanRural,
    component: item.component,
    measure: 'cash',
    month_for: monthIndex(item.monthFor),
    month_in: at.monthIn,
    households: at.times,
    persons: at.times * line.persons,
    // Zero has no sign in a table.
    amount_fen: at.amountFen + 0,
  }
}

function lineRow(runId: string, line: PaymentLine, ordinal: number): object {
  return {
    run_id: runId,
    line: line.line,
    case_id: line.caseId,
    programme: line.programme,
    division: line.division,
    urban_rural: line.urbanRural,
    payee: line.payee,
    account_version: line.accountVersion,
    persons: line.persons,
    amount_fen: line.amountFen,
    held_for: line.heldFor,
    ordinal,
  }
}

function itemRows(runId: string, line: PaymentLine, ordinal: number): readonly object[] {
  return line.items.map((item, at) => ({
    run_id: runId,
    line: line.line,
    item: at,
    case_id: line.caseId,
    component: item.component,
    month_for: monthIndex(item.monthFor),
    amount_fen: item.amountFen,
    held: line.heldFor !== null,
    ordinal,
  }))
}
