import { DomainError } from '../../domain/errors.js'
import { payerDecider } from '../../domain/fund/decide.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { RunId } from '../../domain/values/identifiers.js'
import { assertWithinScope, type Caller } from '../caller.js'
import { payerStream, paymentRunStream } from '../streams.js'
import { compareRecoveries } from './compare-recoveries.js'
import { openedRun } from './opened-run.js'
import type { PaymentParts } from './parts.js'
import { countyOf, freeFunds, settleWithPayer } from './payer-of-county.js'
import type { OnProgress } from './ports.js'

/** Hands a prepared run on to be checked. */
export async function submitRun(parts: PaymentParts, caller: Caller, runId: RunId): Promise<void> {
  await openedRun(parts, caller, runId)
  await parts.handler.handle({
    stream: paymentRunStream(runId),
    decider: paymentRunDecider,
    command: {
      type: 'SubmitPaymentRun',
      submittedOn: shanghaiDateOf(parts.clock.now()),
      by: caller.actor.sub,
    },
    caller,
    step: 'submit',
    request: { runId },
  })
}

/**
 * Approves a run, and then brings the recoveries of its cases to what is overpaid by now: here and
 * not at the preparation, so that a rejected run leaves none behind. Sent again after a
 * crash, it goes on with the cases that are left.
 *
 * @throws DomainError `same-person-prepares-and-approves`, `run-not-submitted`, `run-rejected`
 */
export async function approveRun(
  parts: PaymentParts,
  caller: Caller,
  asked: { readonly runId: RunId; readonly onProgress?: OnProgress },
): Promise<{ readonly recoveries: number }> {
  const { runId, onProgress } = asked
  const { parameters } = await openedRun(parts, caller, runId)
  await parts.handler.handle({
    stream: paymentRunStream(runId),
    decider: paymentRunDecider,
    command: {
      type: 'ApprovePaymentRun',
      approvedOn: shanghaiDateOf(parts.clock.now()),
      by: caller.actor.sub,
    },
    caller,
    step: 'approve',
    request: { runId },
  })
  return { recoveries: await compareRecoveries(parts, caller, { parameters, onProgress }) }
}

/**
 * Rejects a run whose money has not left, approved or not. Its lines stay in the log and commit
 * nothing from here on; the funds set aside for it are free again, and what was found to be
 * overpaid because of it is withdrawn. A run that its payer admitted and that a crash kept from
 * opening can be rejected too.
 *
 * @throws DomainError `run-already-released`, `same-person-prepares-and-approves`
 */
export async function rejectRun(
  parts: PaymentParts,
  caller: Caller,
  asked: { readonly runId: RunId; readonly reason: string; readonly division?: DivisionCode },
): Promise<void> {
  const { runId, reason, division } = asked
  if (division) await openWhatWasAdmitted(parts, caller, { runId, division })
  const { parameters } = await openedRun(parts, caller, runId)
  await parts.handler.handle({
    stream: paymentRunStream(runId),
    decider: paymentRunDecider,
    command: {
      type: 'RejectPaymentRun',
      rejectedOn: shanghaiDateOf(parts.clock.now()),
      reason,
      by: caller.actor.sub,
    },
    caller,
    step: 'reject',
    request: { runId, reason },
  })
  await settleWithPayer(parts, caller, { parameters, outcome: 'rejected' })
  await freeFunds(parts, caller, { parameters, reason })
  await compareRecoveries(parts, caller, { parameters, withdrawOnly: true })
}

async function openWhatWasAdmitted(
  { handler }: PaymentParts,
  caller: Caller,
  asked: { readonly runId: RunId; readonly division: DivisionCode },
): Promise<void> {
  const { runId, division } = asked
  assertWithinScope(caller.actor, division)
  const payer = await handler.load(payerStream(countyOf(division)), payerDecider)
  const admitted = payer.state.runs.find((run) => run.parameters.runId === runId)
  if (!admitted) throw new DomainError('run-unknown', { runId })
  await handler.handle({
    stream: paymentRunStream(runId),
    decider: paymentRunDecider,
    command: { type: 'OpenPaymentRun', parameters: admitted.parameters, by: caller.actor.sub },
    caller,
    step: 'open-to-reject',
    request: { runId },
  })
}
