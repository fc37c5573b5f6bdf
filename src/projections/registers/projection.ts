import type { MonthAmount } from '../../domain/recovery/months.js'
import { type Month, monthIndex } from '../../domain/values/calendar.js'
import type { Projection } from '../projection.js'
import type { RecordedEvent } from '../recorded-event.js'
import { insertRows, type Table, type TableRow } from '../tables.js'

/**
 * The events of the small streams as they are: what they say at any ordinal is folded when asked.
 * Policy, places, price decisions, funds, imports, death lists, reported figures, the clock.
 */
const registerFact: Table = {
  name: 'register_fact',
  columns: {
    ordinal: 'bigint',
    stream: 'text',
    version: 'integer',
    type: 'text',
    effective: 'text',
    recorded: 'text',
    actor: 'text',
    data: 'jsonb',
  },
  key: ['ordinal'],
  indexes: ['(type, ordinal)', '(stream, version)'],
}

/**
 * What was found as overpaid (positive) and what came back of it (negative). `kept-back` is what an
 * offset kept of its own month's payment: it is not outstanding.
 */
const recoveryEntry: Table = {
  name: 'recovery_entry',
  columns: {
    ordinal: 'bigint',
    entry: 'integer',
    case_id: 'text',
    kind: 'text',
    month_for: 'integer',
    amount_fen: 'bigint',
  },
  key: ['ordinal', 'entry'],
  indexes: ['(case_id, ordinal)'],
}

/** The streams that have read models of their own, or are of use to deciders only. */
const otherStreams = /^(case|person|identity|paymentRun|paymentRunLines|paymentRunAnswers)-/

export const registersProjection: Projection = {
  name: 'registers',
  version: 1,
  tables: [registerFact, recoveryEntry],
  open: () => ({
    async fold(batch, client) {
      const facts = batch.filter(isRegistered)
      await insertRows(client, registerFact, facts.map(factRow))
      await insertRows(client, recoveryEntry, facts.flatMap(recoveryRows))
    },
    async finish() {},
    forget() {},
  }),
}

function isRegistered(event: RecordedEvent): boolean {
  return !otherStreams.test(event.stream) || event.type === 'BankAnswersRecorded'
}

function factRow(event: RecordedEvent): TableRow {
  const { ordinal, stream, version, type, effective, recorded, actor, data } = event
  return [ordinal, stream, version, type, effective, recorded, actor, data]
}

function recoveryRows(event: RecordedEvent): readonly TableRow[] {
  return recoveryParts(event).map(({ kind, monthFor, amountFen }, entry) => [
    event.ordinal,
    entry,
    event.stream.slice('recovery-'.length),
    kind,
    monthIndex(monthFor),
    amountFen,
  ])
}

interface RecoveryPart {
  readonly kind: string
  readonly monthFor: Month
  readonly amountFen: number
}

function recoveryParts(event: RecordedEvent): readonly RecoveryPart[] {
  switch (event.type) {
    case 'OverpaymentFound':
      return event.data.months.map((part) => ({ ...part, kind: 'found' }))
    case 'OverpaymentWithdrawn':
      return lessBy('withdrawn', event.data.months)
    case 'RepaymentReceived':
      return lessBy('repaid', event.data.months)
    case 'OffsetApplied': {
      const { amountFen, month: monthFor, months } = event.data
      return [...lessBy('offset', months), { kind: 'kept-back', monthFor, amountFen }]
    }
    case 'RecoveryWrittenOff':
      return lessBy('written-off', event.data.months)
    default:
      return []
  }
}

function lessBy(kind: string, months: readonly MonthAmount[]): readonly RecoveryPart[] {
  return months.map(({ monthFor, amountFen }) => ({ kind, monthFor, amountFen: -amountFen }))
}
