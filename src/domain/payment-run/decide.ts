import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { saysTheSame } from '../structural-equality.js'
import type { PaymentRunCommand } from './commands.js'
import type { PaymentRunEvent } from './events.js'
import {
  evolvePaymentRun,
  nextAnswerFile,
  noRun,
  type PaymentRun,
  unansweredFen,
} from './payment-run.js'

type Command<Type extends PaymentRunCommand['type']> = CommandOf<PaymentRunCommand, Type>
type Events = readonly PaymentRunEvent[]

/** The steps of one run: prepared, checked by somebody else, released, answered, closed. */
export const paymentRunDecider: Decider<PaymentRun, PaymentRunCommand, PaymentRunEvent> = {
  initial: noRun,
  evolve: evolvePaymentRun,
  decide: (command, state) => {
    switch (command.type) {
      case 'OpenPaymentRun':
        return openRun(command, state)
      case 'PreparePaymentRun':
        return prepareRun(command, state)
      case 'SubmitPaymentRun':
        return submitRun(command, state)
      case 'ApprovePaymentRun':
        return approveRun(command, state)
      case 'RejectPaymentRun':
        return rejectRun(command, state)
      case 'ReleasePaymentRun':
        return releaseRun(command, state)
      case 'RecordBankAnswers':
        return recordAnswers(command, state)
      case 'ClosePaymentRun':
        return closeRun(command, state)
    }
  },
}

function openRun(command: Command<'OpenPaymentRun'>, state: PaymentRun): Events {
  const { parameters, by } = command
  if (saysTheSame(state.opened?.parameters, parameters)) return []
  if (state.opened) throw new DomainError('run-already-opened', { runId: parameters.runId })

  return [{ type: 'PaymentRunOpened', data: { period: parameters.period, parameters, by } }]
}

function prepareRun(command: Command<'PreparePaymentRun'>, state: PaymentRun): Events {
  assertOpened(state)
  const data = dataOf(command)
  const { prepared } = state
  if (prepared) {
    const again = { ...data, preparedOn: prepared.preparedOn, by: prepared.by }
    if (saysTheSame(prepared, again)) return []
    throw new DomainError('run-already-prepared', { linesDigest: prepared.linesDigest })
  }
  assertNotRejected(state)

  return [{ type: 'PaymentRunPrepared', data }]
}

function submitRun(command: Command<'SubmitPaymentRun'>, state: PaymentRun): Events {
  assertOpened(state)
  if (state.submitted) return []
  assertNotRejected(state)
  if (!state.prepared) throw new DomainError('run-not-prepared')

  return [{ type: 'PaymentRunSubmitted', data: dataOf(command) }]
}

function approveRun(command: Command<'ApprovePaymentRun'>, state: PaymentRun): Events {
  const { by } = command
  assertOpened(state)
  if (state.approved?.by === by) return []
  if (state.approved) throw new DomainError('run-already-approved', { by: state.approved.by })
  assertNotRejected(state)
  if (!state.submitted) throw new DomainError('run-not-submitted')
  if (by === state.prepared?.by || by === state.submitted.by) {
    throw new DomainError('same-person-prepares-and-approves', { by, step: 'approve' })
  }

  return [{ type: 'PaymentRunApproved', data: dataOf(command) }]
}

/** Until the money is on its way; an approved run not by a person who made it. */
function rejectRun(command: Command<'RejectPaymentRun'>, state: PaymentRun): Events {
  const { by } = command
  assertOpened(state)
  if (state.rejected) return []
  if (state.released) {
    throw new DomainError('run-already-released', {
      bankFileDigest: state.released.bankFileDigest,
    })
  }
  if (state.approved && (by === state.prepared?.by || by === state.submitted?.by)) {
    throw new DomainError('same-person-prepares-and-approves', { by, step: 'reject' })
  }

  return [{ type: 'PaymentRunRejected', data: dataOf(command) }]
}

function releaseRun(command: Command<'ReleasePaymentRun'>, state: PaymentRun): Events {
  const { by, bankFileDigest, lineCount, totalFen } = command
  const { prepared } = state
  assertOpened(state)
  if (state.released?.bankFileDigest === bankFileDigest) return []
  if (state.released) {
    throw new DomainError('run-already-released', {
      bankFileDigest: state.released.bankFileDigest,
    })
  }
  assertNotRejected(state)
  if (!state.approved || !prepared) throw new DomainError('run-not-approved')
  if (by === prepared.by || by === state.submitted?.by) {
    throw new DomainError('same-person-prepares-and-approves', { by, step: 'release' })
  }
  if (lineCount !== prepared.lineCount || totalFen !== prepared.totalFen) {
    throw new DomainError('run-total-mismatch', {
      preparedCount: prepared.lineCount,
      preparedFen: prepared.totalFen,
      lineCount,
      totalFen,
    })
  }

  return [{ type: 'PaymentRunReleased', data: dataOf(command) }]
}

function recordAnswers(command: Command<'RecordBankAnswers'>, state: PaymentRun): Events {
  assertOpened(state)
  if (state.answers.some((one) => one.fileDigest === command.fileDigest)) return []
  // Also after the closing: what the bank sends back then is due again all the same.
  assertReleased(state)

  return [
    { type: 'BankAnswersRecorded', data: { ...dataOf(command), file: nextAnswerFile(state) } },
  ]
}

function closeRun(command: Command<'ClosePaymentRun'>, state: PaymentRun): Events {
  assertOpened(state)
  if (saysTheSame(state.closed?.differences, command.differences)) return []
  if (state.closed) throw new DomainError('run-closed', { closedOn: state.closed.closedOn })
  assertReleased(state)
  const openFen = unansweredFen(state)
  if (openFen !== 0 && command.differences.length === 0) {
    throw new DomainError('run-differences-unlisted', { unansweredFen: openFen })
  }

  return [{ type: 'PaymentRunClosed', data: dataOf(command) }]
}

function assertOpened(state: PaymentRun): void {
  if (!state.opened) throw new DomainError('run-unknown')
}

function assertNotRejected(state: PaymentRun): void {
  if (state.rejected) throw new DomainError('run-rejected', { reason: state.rejected.reason })
}

function assertReleased(state: PaymentRun): void {
  assertNotRejected(state)
  if (!state.released) throw new DomainError('run-not-released')
}
