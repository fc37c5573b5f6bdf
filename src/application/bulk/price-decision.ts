import { DomainError } from '../../domain/errors.js'
import type { PriceLinkCommand } from '../../domain/price-link/commands.js'
import { priceLinkDecider } from '../../domain/price-link/decide.js'
import {
  earlierDecisions,
  type PriceDecision,
  type PriceLink,
} from '../../domain/price-link/price-link.js'
import type { Caller } from '../caller.js'
import { priceLinkStream } from '../streams.js'
import type { BulkOptions, BulkParts } from './decide-on-roll.js'
import { approveDecision } from './two-hands.js'

type Decide = Extract<PriceLinkCommand, { type: 'DecidePriceLink' }>

export interface PriceLinkRequest extends BulkOptions {
  /** Its rolls are those that its preparer counted. */
  readonly decision: Omit<Decide, 'type' | 'rollOrdinal'>
  readonly caller: Caller
}

export interface Standing {
  readonly decision: PriceDecision
  readonly earlier: readonly PriceDecision[]
}

/** The decision that stands in the stream, or in a dry run the one that would. */
export async function decided(
  parts: BulkParts,
  { caller, decision: asked, dryRun }: PriceLinkRequest,
): Promise<Standing> {
  const { handler, policies, store } = parts
  const { policy } = await policies.latest()
  const decider = priceLinkDecider(policy)
  const stream = priceLinkStream(asked.division)
  const command = { type: 'DecidePriceLink', ...asked } as const
  const { state } = await handler.load(stream, decider)
  const events = decider.decide({ ...command, rollOrdinal: await store.head() }, state)
  const after = events.reduce(decider.evolve, state)
  const worked = standing(after, asked.decisionId)
  if (dryRun) return worked
  const { decision } = bulkDecisionOf(worked.decision)
  const rollOrdinal = await approveDecision(parts, { caller, decision })
  const decide = { ...command, rollOrdinal }
  await handler.handle({ stream, decider, command: decide, caller, step: 'decide', request: asked })
  return standing((await handler.load(stream, decider)).state, asked.decisionId)
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
