import { monthIndex } from '../../domain/values/calendar.js'
import type { RecordedEvent } from '../recorded-event.js'
import { plainText } from './difference.js'

const bigStreams = ['case-', 'person-', 'identity-', 'paymentRun']

/** The rows of `register_fact` and `recovery_entry` that one event makes. */
export function registerRowsOf(event: RecordedEvent): {
  readonly register_fact: readonly string[]
  readonly recovery_entry: readonly string[]
} {
  const isBig = bigStreams.some((prefix) => event.stream.startsWith(prefix))
  if (isBig && event.type !== 'BankAnswersRecorded')
    return { register_fact: [], recovery_entry: [] }
  const { ordinal, stream, version, type, effective, recorded, actor, data } = event
  const fact = { ordinal, stream, version, type, effective, recorded, actor, data }
  return { register_fact: [plainText(fact)], recovery_entry: recoveryRows(event).map(plainText) }
}

/** Each month of each kind of event is a row; what takes away is below zero. */
const signs = {
  OverpaymentFound: ['found', 1],
  OverpaymentWithdrawn: ['withdrawn', -1],
  RepaymentReceived: ['repaid', -1],
  OffsetApplied: ['offset', -1],
  RecoveryWrittenOff: ['written-off', -1],
} as const

function recoveryRows(event: RecordedEvent): readonly object[] {
  if (!isOfRecovery(event)) return []
  const [kind, sign] = signs[event.type]
  const rows = event.data.months.map(
    (part) => [kind, part.monthFor, sign * part.amountFen] as const,
  )
  const kept =
    event.type === 'OffsetApplied'
      ? [['kept-back', event.data.month, event.data.amountFen] as const]
      : []
  return [...rows, ...kept].map(([of, monthFor, amountFen], entry) => ({
    ordinal: event.ordinal,
    entry,
    case_id: event.stream.slice('recovery-'.length),
    kind: of,
    month_for: monthIndex(monthFor),
    amount_fen: amountFen,
  }))
}

type OfRecovery = Extract<RecordedEvent, { type: keyof typeof signs }>

function isOfRecovery(event: RecordedEvent): event is OfRecovery {
  return event.type in signs
}
