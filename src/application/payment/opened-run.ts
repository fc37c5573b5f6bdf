import { DomainError } from '../../domain/errors.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import type { RunParameters } from '../../domain/payment-run/events.js'
import type { PaymentRun } from '../../domain/payment-run/payment-run.js'
import type { RunId } from '../../domain/values/identifiers.js'
import { assertWithinScope, type Caller } from '../caller.js'
import { paymentRunStream } from '../streams.js'
import type { PaymentParts } from './parts.js'

/** A run that was opened, as its own stream has it. */
export interface OpenedRun {
  readonly runId: RunId
  readonly parameters: RunParameters
  readonly state: PaymentRun
}

/**
 * Loads a run for somebody who may see it.
 *
 * @throws DomainError `run-unknown`, `division-outside-scope`
 */
export async function openedRun(
  { handler }: Pick<PaymentParts, 'handler'>,
  caller: Pick<Caller, 'actor'>,
  runId: RunId,
): Promise<OpenedRun> {
  const { state } = await handler.load(paymentRunStream(runId), paymentRunDecider)
  if (!state.opened) throw new DomainError('run-unknown', { runId })
  const { parameters } = state.opened
  assertWithinScope(caller.actor, parameters.division)
  return { runId, parameters, state }
}
