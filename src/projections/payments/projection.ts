import type { PoolClient } from '../../database/copy-rows.js'
import type { LedgerEventUnion } from '../../domain/events.js'
import { monthIndex, monthOf } from '../../domain/values/calendar.js'
import type { Projection } from '../projection.js'
import type { RecordedEvent } from '../recorded-event.js'
import { insertRows, type Table, type TableRow } from '../tables.js'
import { fileReturns, payReleased, returnsAsPaid } from './statements.js'
import {
  paymentAnswer,
  paymentItem,
  paymentLine,
  paymentPaid,
  paymentReturn,
  paymentRun,
} from './tables.js'

type EventOfType<Type extends LedgerEventUnion['type']> = Extract<RecordedEvent, { type: Type }>

/** Runs, their lines, the bank's answers, and the money that left and came back. */
export const paymentsProjection: Projection = {
  name: 'payments',
  version: 1,
  tables: [paymentRun, paymentLine, paymentItem, paymentAnswer, paymentReturn, paymentPaid],
  open: () => ({
    async fold(batch, client) {
      const waiting = new WaitingRows()
      for (const event of batch) await take(event, waiting, client)
      await waiting.write(client)
    },
    async finish() {},
    forget() {},
  }),
}

/** Rows of this batch not yet written; what reads the tables writes them first. */
class WaitingRows {
  readonly #rows = new Map<Table, TableRow[]>()

  add(table: Table, rows: readonly TableRow[]): void {
    const waiting = this.#rows.get(table) ?? []
    this.#rows.set(table, waiting)
    for (const row of rows) waiting.push(row)
  }

  async write(client: PoolClient): Promise<void> {
    for (const [table, rows] of this.#rows) await insertRows(client, table, rows)
    this.#rows.clear()
  }
}

async function take(event: RecordedEvent, waiting: WaitingRows, client: PoolClient): Promise<void> {
  switch (event.type) {
    case 'PaymentRunOpened':
      return waiting.add(paymentRun, [openedRun(event)])
    case 'PaymentLinesFrozen':
      waiting.add(
        paymentLine,
        event.data.lines.map((line) => lineRow(event, line)),
      )
      return waiting.add(
        paymentItem,
        event.data.lines.flatMap((line) => itemRows(event, line)),
      )
    case 'PaymentRunPrepared':
    case 'PaymentRunSubmitted':
    case 'PaymentRunApproved':
    case 'PaymentRunRejected':
    case 'PaymentRunClosed':
      await waiting.write(client)
      return decided(event, client)
    case 'PaymentRunReleased':
      await waiting.write(client)
      return released(event, client)
    case 'BankAnswersFiled':
      await waiting.write(client)
      return answered(event, client)
    default:
      return
  }
}

type Decided = EventOfType<
  | 'PaymentRunPrepared'
  | 'PaymentRunSubmitted'
  | 'PaymentRunApproved'
  | 'PaymentRunRejected'
  | 'PaymentRunReleased'
  | 'PaymentRunClosed'
>

const columnOf = {
  PaymentRunPrepared: 'prepared',
  PaymentRunSubmitted: 'submitted',
  PaymentRunApproved: 'approved',
  PaymentRunRejected: 'rejected',
  PaymentRunReleased: 'released',
  PaymentRunClosed: 'closed',
} as const satisfies Readonly<Record<Decided['type'], string>>

async function decided(event: Decided, client: PoolClient): Promise<void> {
  const column = columnOf[event.type]
  await client.query(
    `UPDATE payment_run SET ${column} = $2, ${column}_ordinal = $3 WHERE run_id = $1`,
    [runIdOf(event), JSON.stringify(event.data), event.ordinal],
  )
}

async function released(
  event: EventOfType<'PaymentRunReleased'>,
  client: PoolClient,
): Promise<void> {
  await decided(event, client)
  const monthIn = monthIndex(monthOf(event.data.releasedOn))
  await client.query(payReleased, [runIdOf(event), event.ordinal, monthIn])
}

async function answered(event: EventOfType<'BankAnswersFiled'>, client: PoolClient): Promise<void> {
  const { runId, file, answeredOn, answers } = event.data
  const rows = answers.map((answer, at) => [
    runId,
    answer.line,
    at,
    event.ordinal,
    file,
    answer.outcome,
    answer.creditedFen,
    answer.reason,
    answeredOn,
  ])
  await insertRows(client, paymentAnswer, rows)
  await client.query(fileReturns, [runId, event.ordinal])
  const monthIn = monthIndex(monthOf(answeredOn))
  await client.query(returnsAsPaid, [runId, event.ordinal, monthIn])
}

function runIdOf(event: Decided): string {
  return event.stream.slice('paymentRun-'.length)
}

function openedRun({ data, ordinal }: EventOfType<'PaymentRunOpened'>): TableRow {
  const { parameters, by } = data
  const opened = [
    parameters.runId,
    parameters.kind,
    parameters.programmes,
    parameters.division,
    monthIndex(parameters.period),
    parameters.number,
    parameters.ordinal,
    parameters.calculationVersion,
    by,
    ordinal,
  ]
  const undecided = Object.keys(paymentRun.columns).length - opened.length
  return [...opened, ...Array.from({ length: undecided }, () => null)]
}

type FrozenLine = EventOfType<'PaymentLinesFrozen'>['data']['lines'][number]

function lineRow({ data, ordinal }: EventOfType<'PaymentLinesFrozen'>, line: FrozenLine): TableRow {
  return [
    data.runId,
    line.line,
    line.caseId,
    line.programme,
    line.division,
    line.urbanRural,
    line.payee,
    line.accountVersion,
    line.persons,
    line.amountFen,
    line.heldFor,
    ordinal,
  ]
}

function itemRows(
  { data, ordinal }: EventOfType<'PaymentLinesFrozen'>,
  line: FrozenLine,
): readonly TableRow[] {
  return line.items.map((item, at) => [
    data.runId,
    line.line,
    at,
    line.caseId,
    item.component,
    monthIndex(item.monthFor),
    item.amountFen,
    line.heldFor !== null,
    ordinal,
  ])
}
