import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import type { Rule } from '../policy/events.js'
import { saysTheSame } from '../structural-equality.js'
import { addMonths, firstDayOf, lastDayOf, type PlainDate } from '../values/calendar.js'
import { type Fen, sumFen, zeroFen } from '../values/money.js'
import type { RecoveryCommand } from './commands.js'
import type { RecoveryEvent } from './events.js'
import { oldestFirst, recoveryChanges } from './months.js'
import { evolveRecovery, noRecovery, outstandingOf, type Recovery } from './recovery.js'

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
        case 'CompareWithPaid':
          return compareWithPaid(command, state)
        case 'AgreeRecovery':
          return agreeRecovery(command, state)
        case 'ReceiveRepayment':
          return receiveRepayment(command, state)
        case 'ApplyOffset':
          return applyOffset(command, state, rule)
        case 'ProposeWriteOff':
          return proposeWriteOff(command, state)
        case 'WriteOff':
          return writeOff(command, state)
      }
    },
  }
}

/**
 * Finds what was paid and is not owed, withdraws what was found and is owed after all. Compared
 * again it finds nothing, by which run ever.
 */
function compareWithPaid(command: Command<'CompareWithPaid'>, state: Recovery): Events {
  const { caseId, cause, comparedOn, excess, runId, throughMonth } = command
  const recovery = state.months.filter((one) => one.monthFor <= throughMonth)
  const changes = recoveryChanges(excess, recovery)
  const [found, withdrawn] = [[...changes.found], [...changes.withdrawn]]
  const recoveryId = state.open ?? command.recoveryId
  const of = { caseId, runId, cause }
  const finding: Events =
    found.length === 0
      ? []
      : [
          {
            type: 'OverpaymentFound',
            data: { ...of, foundOn: comparedOn, recoveryId, months: found },
          },
        ]
  if (withdrawn.length === 0) return finding
  const data = { ...of, withdrawnOn: comparedOn, months: withdrawn }
  const amountFen = sumFen(withdrawn.map((one) => one.amountFen))
  return [
    ...finding,
    { type: 'OverpaymentWithdrawn', data },
    ...(found.length > 0 ? [] : closing({ state, amountFen, on: comparedOn, reason: 'none-left' })),
  ]
}

function agreeRecovery(command: Command<'AgreeRecovery'>, state: Recovery): Events {
  assertOpen(state)
  if (saysTheSame(state.agreed, dataOf(command))) return []
  assertOutstanding(state, command.instalmentFen, 'instalment-exceeds-recovery')

  return [{ type: 'RecoveryAgreed', data: dataOf(command) }]
}

function receiveRepayment(command: Command<'ReceiveRepayment'>, state: Recovery): Events {
  const data = dataOf(command)
  const { receipt, amountFen, receivedOn } = data
  const known = state.repayments.find((one) => one.receipt === receipt)
  if (known && saysTheSame({ ...data, months: known.months }, known)) return []
  if (known) {
    const facts = { receipt, amountFen: known.amountFen, receivedOn: known.receivedOn }
    throw new DomainError('receipt-already-recorded', facts)
  }
  assertOutstanding(state, amountFen, 'repayment-exceeds-recovery')
  assertPaidBefore(state, receivedOn)

  return [
    { type: 'RepaymentReceived', data: { ...data, months: monthsFor(state, amountFen) } },
    ...closing({ state, amountFen, on: receivedOn, reason: 'repaid' }),
  ]
}

function applyOffset(command: Command<'ApplyOffset'>, state: Recovery, rule: OffsetRule): Events {
  const data = dataOf(command)
  const { runId, month, amountFen } = data
  const known = state.offsets.find((one) => one.runId === runId && one.month === month)
  if (known && saysTheSame({ ...data, months: known.months }, known)) return []
  if (known) {
    throw new DomainError('offset-already-applied', { runId, amountFen: known.amountFen })
  }
  if (!rule.offsetAllowed) throw new DomainError('offset-not-allowed')
  assertOutstanding(state, amountFen, 'repayment-exceeds-recovery')

  return [
    { type: 'OffsetApplied', data: { ...data, months: monthsFor(state, amountFen) } },
    ...closing({ state, amountFen, on: lastDayOf(month), reason: 'repaid' }),
  ]
}

/** Who proposes anew says whose proposal they replace, unless it is their own. */
function proposeWriteOff(command: Command<'ProposeWriteOff'>, state: Recovery): Events {
  const { replacesBy, ...data } = dataOf(command)
  if (saysTheSame(state.proposed, data)) return []
  assertOutstanding(state, data.amountFen, 'write-off-exceeds-recovery')
  const standing = state.proposed
  if (standing && standing.by !== data.by && standing.by !== replacesBy) {
    const facts = { by: standing.by, amountFen: standing.amountFen }
    throw new DomainError('write-off-already-proposed', facts)
  }

  return [{ type: 'WriteOffProposed', data }]
}

function writeOff(command: Command<'WriteOff'>, state: Recovery): Events {
  const data = dataOf(command)
  const { amountFen, by } = data
  const isSame = (one: (typeof state.writeOffs)[number]) =>
    saysTheSame({ ...data, months: one.months }, one)
  if (state.writeOffs.some(isSame)) return []
  assertOutstanding(state, amountFen, 'write-off-exceeds-recovery')
  if (state.proposed?.amountFen !== amountFen) {
    const proposedFen = state.proposed?.amountFen ?? zeroFen
    throw new DomainError('write-off-not-proposed', { amountFen, proposedFen })
  }
  if (by === state.proposed.by) throw new DomainError('same-person-proposes-and-writes-off', { by })
  if (by === state.agreed?.by) throw new DomainError('same-person-agrees-and-writes-off', { by })

  return [
    { type: 'RecoveryWrittenOff', data: { ...data, months: monthsFor(state, amountFen) } },
    ...closing({ state, amountFen, on: data.writtenOffOn, reason: 'none-left' }),
  ]
}

function assertOpen(state: Recovery): void {
  if (state.open === null) throw new DomainError('recovery-not-open')
}

type Exceeding =
  | 'repayment-exceeds-recovery'
  | 'write-off-exceeds-recovery'
  | 'instalment-exceeds-recovery'

function assertOutstanding(state: Recovery, amountFen: Fen, code: Exceeding): void {
  assertOpen(state)
  const outstandingFen = outstandingOf(state)
  if (amountFen > outstandingFen) throw new DomainError(code, { outstandingFen, amountFen })
}

/** Nobody gives back what they did not have: a month is paid a month before it at the soonest. */
function assertPaidBefore(state: Recovery, receivedOn: PlainDate): void {
  const [first] = state.months.filter((one) => one.outstandingFen > 0)
  const earliest = first && firstDayOf(addMonths(first.monthFor, -1))
  if (earliest && receivedOn < earliest)
    throw new DomainError('repayment-before-payment', { receivedOn, earliest })
}

function monthsFor(state: Recovery, amountFen: Fen) {
  return [...oldestFirst(state.months, amountFen)]
}

/** A recovery closes with what takes the last of it. */
function closing(last: {
  readonly state: Recovery
  readonly amountFen: Fen
  readonly on: PlainDate
  readonly reason: 'repaid' | 'none-left'
}): Events {
  if (last.amountFen < outstandingOf(last.state)) return []
  return [{ type: 'RecoveryClosed', data: { closedOn: last.on, reason: last.reason } }]
}
