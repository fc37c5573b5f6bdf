import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import type { Rule } from '../policy/events.js'
import { saysTheSame } from '../structural-equality.js'
import { lastDayOf, type PlainDate } from '../values/calendar.js'
import type { Fen } from '../values/money.js'
import type { RecoveryCommand } from './commands.js'
import type { RecoveryEvent } from './events.js'
import { evolveRecovery, noRecovery, type Recovery } from './recovery.js'

type Command<Type extends RecoveryCommand['type']> = CommandOf<RecoveryCommand, Type>
type Events = readonly RecoveryEvent[]

/** What the rule in force says of taking a recovery out of later payments. */
export type OffsetRule = Pick<Rule, 'offsetAllowed'>

/** The recoveries of one case, under the rule of its programme and place. */
export function recoveryDecider(
  rule: OffsetRule,
): Decider<Recovery, RecoveryCommand, RecoveryEvent> {
  return {
    initial: noRecovery,
    evolve: evolveRecovery,
    decide: (command, state) => {
      switch (command.type) {
        case 'FindOverpayment':
          return findOverpayment(command, state)
        case 'AgreeRecovery':
          return agreeRecovery(command, state)
        case 'ReceiveRepayment':
          return receiveRepayment(command, state)
        case 'ApplyOffset':
          return applyOffset(command, state, rule)
        case 'WriteOff':
          return writeOff(command, state)
      }
    },
  }
}

/** A run finds once: a retry of it, whatever it says, adds nothing to what it found. */
function findOverpayment(command: Command<'FindOverpayment'>, state: Recovery): Events {
  if (state.found.some((one) => one.runId === command.runId)) return []
  const recoveryId = state.open ?? command.recoveryId

  return [{ type: 'OverpaymentFound', data: { ...dataOf(command), recoveryId } }]
}

function agreeRecovery(command: Command<'AgreeRecovery'>, state: Recovery): Events {
  assertOpen(state)
  if (saysTheSame(state.agreed, dataOf(command))) return []

  return [{ type: 'RecoveryAgreed', data: dataOf(command) }]
}

function receiveRepayment(command: Command<'ReceiveRepayment'>, state: Recovery): Events {
  const data = dataOf(command)
  const { receipt, amountFen, receivedOn } = data
  const known = state.repayments.find((one) => one.receipt === receipt)
  if (saysTheSame(known, data)) return []
  if (known) {
    const facts = { receipt, amountFen: known.amountFen, receivedOn: known.receivedOn }
    throw new DomainError('receipt-already-recorded', facts)
  }
  assertOutstanding(state, amountFen)

  return [
    { type: 'RepaymentReceived', data },
    ...closing({ state, amountFen, on: receivedOn, reason: 'repaid' }),
  ]
}

function applyOffset(command: Command<'ApplyOffset'>, state: Recovery, rule: OffsetRule): Events {
  const data = dataOf(command)
  const { runId, month, amountFen } = data
  const known = state.offsets.find((one) => one.runId === runId && one.month === month)
  if (saysTheSame(known, data)) return []
  if (known) {
    throw new DomainError('offset-already-applied', { runId, amountFen: known.amountFen })
  }
  if (!rule.offsetAllowed) throw new DomainError('offset-not-allowed')
  assertOutstanding(state, amountFen)

  return [
    { type: 'OffsetApplied', data },
    ...closing({ state, amountFen, on: lastDayOf(month), reason: 'repaid' }),
  ]
}

function writeOff(command: Command<'WriteOff'>, state: Recovery): Events {
  const data = dataOf(command)
  if (state.writeOffs.some((one) => saysTheSame(one, data))) return []
  assertOutstanding(state, data.amountFen)

  return [
    { type: 'RecoveryWrittenOff', data },
    ...closing({ state, amountFen: data.amountFen, on: data.writtenOffOn, reason: 'none-left' }),
  ]
}

function assertOpen(state: Recovery): void {
  if (state.open === null) throw new DomainError('recovery-not-open')
}

function assertOutstanding(state: Recovery, amountFen: Fen): void {
  assertOpen(state)
  if (amountFen <= state.outstandingFen) return
  const facts = { outstandingFen: state.outstandingFen, amountFen }
  throw new DomainError('repayment-exceeds-recovery', facts)
}

/** A recovery closes with what takes the last of it. */
function closing(last: {
  readonly state: Recovery
  readonly amountFen: Fen
  readonly on: PlainDate
  readonly reason: 'repaid' | 'none-left'
}): Events {
  if (last.amountFen < last.state.outstandingFen) return []
  return [{ type: 'RecoveryClosed', data: { closedOn: last.on, reason: last.reason } }]
}
