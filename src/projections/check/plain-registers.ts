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

function recoveryRows(event: RecordedEvent): readonly object[] {
  const row = (kind: string, monthFor: number | null, amountFen: number) => ({
    ordinal: event.ordinal,
    entry: 0,
    case_id: event.stream.slice('recovery-'.length),
    kind,
    month_for: monthFor,
    amount_fen: amountFen,
  })
  if (event.type === 'OverpaymentFound')
    return event.data.months.map((month, entry) => ({
      ...row('found', monthIndex(month.monthFor), month.amountFen),
      entry,
      case_id: event.data.caseId,
    }))
  if (event.type === 'RepaymentReceived') return [row('repaid', null, -event.data.amountFen)]
  if (event.type === 'OffsetApplied')
    return [row('offset', monthIndex(event.data.month), -event.data.amountFen)]
  if (event.type === 'RecoveryWrittenOff') return [row('written-off', null, -event.data.amountFen)]
  return []
}
