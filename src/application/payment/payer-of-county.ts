import { fold } from '../../domain/decider.js'
import { DomainError } from '../../domain/errors.js'
import { payerDecider } from '../../domain/fund/decide.js'
import type { PayerEvent } from '../../domain/fund/events.js'
import { type AdmittedRun, type Payer, reservationOf } from '../../domain/fund/payer.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import type { RunParameters } from '../../domain/payment-run/events.js'
import type { PaymentRun } from '../../domain/payment-run/payment-run.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import { ancestorAt, type DivisionCode, levelOf } from '../../domain/values/division.js'
import { beforeFirst, type Ordinal, type RunId } from '../../domain/values/identifiers.js'
import { codec } from '../../event-store/codec.js'
import type { Caller } from '../caller.js'
import { payerStream, paymentRunStream } from '../streams.js'
import type { PaymentParts } from './parts.js'

/** The county whose payer decides. A run for more than one county has no payer. */
export function countyOf(division: DivisionCode): DivisionCode {
  const level = levelOf(division)
  if (level === 'province' || level === 'city')
    throw new DomainError('run-above-county', { division })
  return ancestorAt(division, 'county')
}

/** A payer at one version of its stream. */
export interface PayerSeen {
  readonly state: Payer
  readonly version: number
  readonly ordinal: Ordinal
}

export async function payerOf(
  { store }: Pick<PaymentParts, 'store'>,
  division: DivisionCode,
): Promise<PayerSeen> {
  const stream = payerStream(countyOf(division))
  const stored = await store.readStream(stream.name)
  return {
    state: fold(
      payerDecider,
      stored.map((event) => codec.eventOf(stream.kind, event)),
    ),
    version: stored.length - 1,
    ordinal: stored.at(-1)?.ordinal ?? beforeFirst,
  }
}

type Outcome = Extract<PayerEvent, { type: 'RunSettled' }>['data']['outcome']

/** What became of a run, told to its payer: it decides by that which runs may open. */
export async function settleWithPayer(
  { handler, clock }: Pick<PaymentParts, 'handler' | 'clock'>,
  caller: Caller,
  of: { readonly parameters: RunParameters; readonly outcome: Outcome },
): Promise<void> {
  const { outcome, parameters } = of
  const { division, runId } = parameters
  await handler.handle({
    stream: payerStream(countyOf(division)),
    decider: payerDecider,
    command: { type: 'SettleRun', settledOn: shanghaiDateOf(clock.now()), runId, outcome },
    caller,
    step: `settle-${outcome}-${runId}`,
    request: { runId, outcome },
  })
}

/** After the payer knows of the rejection: it sets nothing aside for the run any more. */
export async function freeFunds(
  { clock, handler }: Pick<PaymentParts, 'handler' | 'clock'>,
  caller: Caller,
  of: { readonly parameters: RunParameters; readonly reason: string },
): Promise<void> {
  const { parameters, reason } = of
  const { division, runId } = parameters
  const stream = payerStream(countyOf(division))
  const { state } = await handler.load(stream, payerDecider)
  if (!reservationOf(state, runId)) return
  const releasedOn = shanghaiDateOf(clock.now())
  await handler.handle({
    stream,
    decider: payerDecider,
    command: { type: 'ReleaseFunds', releasedOn, runId, reason },
    caller,
    step: `free-funds-${runId}`,
    request: { runId, reason },
  })
}

/**
 * Tells a payer what became of its runs where a crash, or just this moment, came between. True when
 * there was something to tell: the payer has gone on.
 */
export async function catchUpPayer(
  parts: Pick<PaymentParts, 'handler' | 'clock'>,
  caller: Caller,
  payer: Payer,
): Promise<boolean> {
  let hasGoneOn = false
  for (const { parameters, standing } of payer.runs) {
    const { runId } = parameters
    if (!mayHaveNews(payer, { runId, standing })) continue
    const { state } = await parts.handler.load(paymentRunStream(runId), paymentRunDecider)
    const outcome = outcomeOf(state)
    if (outcome === null || (outcome === standing && outcome !== 'rejected')) continue
    await settleWithPayer(parts, caller, { parameters, outcome })
    const { rejected } = state
    if (rejected) await freeFunds(parts, caller, { parameters, reason: rejected.reason })
    hasGoneOn = true
  }
  return hasGoneOn
}

/** A rejected run has nothing more to tell, once its funds are free. */
function mayHaveNews(
  payer: Payer,
  { runId, standing }: Pick<AdmittedRun, 'standing'> & { readonly runId: RunId },
): boolean {
  if (standing === 'rejected') return reservationOf(payer, runId) !== undefined
  return standing !== 'released'
}

function outcomeOf({ prepared, rejected, released }: PaymentRun): Outcome | null {
  if (released) return 'released'
  if (rejected) return 'rejected'
  return prepared ? 'prepared' : null
}
