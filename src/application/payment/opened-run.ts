import { DomainError } from '../../domain/errors.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import type { RunParameters } from '../../domain/payment-run/events.js'
import type { PaymentRun } from '../../domain/payment-run/payment-run.js'
import type { RunId } from '../../domain/values/identifiers.js'
import { codec } from '../../event-store/codec.js'
import { assertWithinScope, type Caller } from '../caller.js'
import { payerStream, paymentRunStream } from '../streams.js'
import type { DerivedRun } from './derive-lines.js'
import type { PaymentParts } from './parts.js'
import { countyOf } from './payer-of-county.js'

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

/**
 * An opened run with the place in the log at which its payer admitted it, known to the read model.
 *
 * @throws DomainError `run-unknown`, `projection-behind`
 */
export async function admittedRun(
  { progress, store }: Pick<PaymentParts, 'progress' | 'store'>,
  parameters: RunParameters,
): Promise<DerivedRun> {
  const { kind, name } = payerStream(countyOf(parameters.division))
  const admission = (await store.readStream(name)).find((stored) => {
    const event = codec.eventOf(kind, stored)
    return event.type === 'RunAdmitted' && event.data.parameters.runId === parameters.runId
  })
  if (!admission) throw new DomainError('run-unknown', { runId: parameters.runId })
  await progress.knownOrdinal(admission.ordinal)
  return { parameters, admitted: admission.ordinal }
}
