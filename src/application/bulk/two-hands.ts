import {
  approvalOf,
  bulkDecisionDecider,
  nameOf,
  placeOf,
} from '../../domain/bulk-decision/bulk-decision.js'
import type { BulkDecision } from '../../domain/bulk-decision/events.js'
import type { ErrorCode } from '../../domain/error-codes.js'
import { DomainError } from '../../domain/errors.js'
import type { BulkCount } from '../../domain/values/bulk-count.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import { ancestorAt, type DivisionCode } from '../../domain/values/division.js'
import type { Ordinal } from '../../domain/values/identifiers.js'
import { canonicalJson } from '../../integrity/canonical-json.js'
import type { Caller } from '../caller.js'
import { bulkDecisionStream } from '../streams.js'
import type { BulkParts } from './decide-on-roll.js'

export interface OfDecision {
  readonly decision: BulkDecision
  readonly caller: Caller
}

/** A decision with what its rolls were read to come to, and as of when. */
interface Counted extends OfDecision {
  readonly rollOrdinal: Ordinal
  readonly counted: BulkCount
}

type Parts = Pick<BulkParts, 'clock' | 'handler' | 'hashes' | 'store'>

/** The ordinal at which a decision's rolls are read: its approval's, or that of now. */
export async function rollOrdinalOf(parts: Parts, decision: BulkDecision): Promise<Ordinal> {
  return (await approvalOfNow(parts, decision))?.rollOrdinal ?? parts.store.head()
}

/** Puts on record that the caller counted the rolls at an ordinal and stands for the decision. */
export async function prepareDecision(
  parts: Parts,
  { caller, counted, decision, rollOrdinal }: Counted,
): Promise<void> {
  await parts.handler.handle({
    stream: streamOf(parts, decision),
    decider: bulkDecisionDecider,
    command: {
      type: 'PrepareBulkDecision',
      preparedOn: shanghaiDateOf(parts.clock.now()),
      decision,
      rollOrdinal,
      counted,
      by: caller.actor.sub,
    },
    caller,
    step: 'prepare',
    request: decision,
  })
}

/**
 * Approves what somebody else prepared, for the rolls as they counted them. What is approved
 * already stays so, whoever sends it again.
 *
 * @throws DomainError `bulk-decision-not-prepared`, `same-person-prepares-and-approves`
 */
export async function approveDecision(
  parts: Parts,
  { caller, decision }: OfDecision,
): Promise<Ordinal> {
  await parts.handler.handle({
    stream: streamOf(parts, decision),
    decider: bulkDecisionDecider,
    command: {
      type: 'ApproveBulkDecision',
      approvedOn: shanghaiDateOf(parts.clock.now()),
      decision,
      by: caller.actor.sub,
    },
    caller,
    step: 'approve',
    request: decision,
  })
  const approved = await approvalOfNow(parts, decision)
  if (!approved) throw new DomainError('bulk-decision-not-prepared')
  return approved.rollOrdinal
}

/** Puts on record that what was approved is not carried out, and why. */
export async function refuseDecision(
  parts: Parts,
  { caller, code, decision }: OfDecision & { readonly code: ErrorCode },
): Promise<void> {
  await parts.handler.handle({
    stream: streamOf(parts, decision),
    decider: bulkDecisionDecider,
    command: {
      type: 'RefuseBulkDecision',
      refusedOn: shanghaiDateOf(parts.clock.now()),
      decision,
      code,
      by: caller.actor.sub,
    },
    caller,
    step: 'refuse',
    request: decision,
  })
}

/** What is approved under a name. */
export async function approvalsOf(parts: Parts, name: DecisionName) {
  const { state } = await parts.handler.load(streamNamed(parts, name), bulkDecisionDecider)
  return state.approved
}

async function approvalOfNow(parts: Parts, decision: BulkDecision) {
  const { state } = await parts.handler.load(streamOf(parts, decision), bulkDecisionDecider)
  return approvalOf(state, decision)
}

interface DecisionName {
  readonly kind: BulkDecision['kind']
  readonly name: string
  readonly division: DivisionCode
}

function streamOf(parts: Parts, decision: BulkDecision) {
  const { kind } = decision
  return streamNamed(parts, { kind, name: nameOf(decision), division: placeOf(decision) })
}

function streamNamed({ hashes }: Parts, { division, kind, name }: DecisionName) {
  // A campaign has its name in the whole ledger, a price subsidy in its province.
  const place = kind === 'campaign' ? null : ancestorAt(division, 'province')
  return bulkDecisionStream(hashes.request(canonicalJson({ kind, name, place })))
}
