import { DomainError } from '../../domain/errors.js'
import { type AskedDecision, isAsked, priceLinkDecider } from '../../domain/price-link/decide.js'
import {
  earlierDecisions,
  type PriceDecision,
  type PriceLink,
} from '../../domain/price-link/price-link.js'
import type { Caller } from '../caller.js'
import { priceLinkStream } from '../streams.js'
import type { BulkOptions, BulkParts } from './decide-on-roll.js'
import { approvalsOf, approveDecision, refuseDecision } from './two-hands.js'

export interface PriceLinkRequest extends BulkOptions {
  /** Its rolls are those that its preparer counted. */
  readonly decision: AskedDecision
  readonly caller: Caller
}

export interface Standing {
  readonly decision: PriceDecision
  readonly earlier: readonly PriceDecision[]
}

/**
 * The decision that stands in the stream of the province, or in a dry run the one that would. It is
 * approved first and recorded then; where another that was recorded meanwhile overlaps it, the
 * approval is taken back as refused. What a crash left approved is recorded when it is sent again,
 * as it was approved.
 */
export async function decided(
  parts: BulkParts,
  { caller, decision: asked, dryRun }: PriceLinkRequest,
): Promise<Standing> {
  const { policy } = await parts.policies.latest()
  const decider = priceLinkDecider(policy)
  const { state } = await parts.handler.load(priceLinkStream(asked.division), decider)
  const approved = await approvedAs(parts, asked, state)
  if (approved && !dryRun) return record(parts, { caller, decision: approved, asked })

  const events = approved
    ? decider.decide({ type: 'RecordPriceDecision', ...approved }, state)
    : decider.decide(
        { type: 'DecidePriceLink', ...asked, rollOrdinal: await parts.store.head() },
        state,
      )
  const would = standing(events.reduce(decider.evolve, state), asked.decisionId)
  if (dryRun) return would
  const { decision } = bulkDecisionOf(would.decision)
  const rollOrdinal = await approveDecision(parts, { caller, decision })
  return record(parts, { caller, decision: { ...would.decision, rollOrdinal }, asked })
}

/** What was asked for as it was approved and then neither recorded nor refused. */
async function approvedAs(
  parts: BulkParts,
  asked: AskedDecision,
  state: PriceLink,
): Promise<PriceDecision | undefined> {
  const { decisionId, division } = asked
  if (state.decisions.some((one) => one.decisionId === decisionId)) return undefined
  const name = { kind: 'price-link', name: decisionId, division } as const
  for (const { decision, rollOrdinal } of await approvalsOf(parts, name)) {
    if (decision.kind !== 'price-link') continue
    const { kind: _, ...said } = decision
    if (isAsked({ ...said, rollOrdinal }, asked)) return { ...said, rollOrdinal }
  }
  return undefined
}

interface Recording {
  readonly caller: Caller
  readonly decision: PriceDecision
  readonly asked: AskedDecision
}

async function record(parts: BulkParts, { asked, caller, decision }: Recording): Promise<Standing> {
  const { policy } = await parts.policies.latest()
  const decider = priceLinkDecider(policy)
  const stream = priceLinkStream(decision.division)
  const command = { type: 'RecordPriceDecision', ...decision } as const
  try {
    await parts.handler.handle({ stream, decider, command, caller, step: 'decide', request: asked })
  } catch (error) {
    if (error instanceof DomainError && error.code === 'price-already-decided')
      await refuseDecision(parts, { caller, code: error.code, ...bulkDecisionOf(decision) })
    throw error
  }
  return standing((await parts.handler.load(stream, decider)).state, decision.decisionId)
}

/** What two persons agree on is what it comes to by the indices of now, too. */
export function bulkDecisionOf({ rollOrdinal, ...decision }: PriceDecision) {
  return { decision: { kind: 'price-link' as const, ...decision }, rollOrdinal }
}

function standing(state: PriceLink, decisionId: string): Standing {
  const decision = state.decisions.find((one) => one.decisionId === decisionId)
  if (!decision) throw new DomainError('price-already-decided', { decisionId })
  return { decision, earlier: earlierDecisions(state, decision) }
}
