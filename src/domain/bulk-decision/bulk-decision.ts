import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { saysTheSame } from '../structural-equality.js'
import type { BulkDecisionCommand } from './commands.js'
import type { BulkDecision, BulkDecisionEvent } from './events.js'

type DataOf<Type extends BulkDecisionEvent['type']> = Extract<
  BulkDecisionEvent,
  { type: Type }
>['data']

/** What was prepared and approved under one name: a campaign, a price subsidy of a province. */
export interface BulkDecisionState {
  /** As each dry run counted the rolls; the latest of a person counts. */
  readonly prepared: readonly DataOf<'BulkDecisionPrepared'>[]
  readonly approved: readonly DataOf<'BulkDecisionApproved'>[]
}

/**
 * Prepared by one person, approved by another; what was approved is only carried on with. A name
 * stands for one set of terms: who got it once must not get it again under others.
 */
export const bulkDecisionDecider: Decider<
  BulkDecisionState,
  BulkDecisionCommand,
  BulkDecisionEvent
> = {
  initial: { prepared: [], approved: [] },
  evolve: (state, event) => {
    switch (event.type) {
      case 'BulkDecisionPrepared':
        return { ...state, prepared: [...state.prepared, event.data] }
      case 'BulkDecisionApproved':
        return { ...state, approved: [...state.approved, event.data] }
    }
  },
  decide: (command, state) => {
    if (approvalOf(state, command.decision)) return []
    for (const { decision } of state.approved)
      if (!saysTheSame(termsOf(decision), termsOf(command.decision)))
        throw new DomainError('bulk-decision-differs', { name: nameOf(decision) })
    switch (command.type) {
      case 'PrepareBulkDecision':
        return [{ type: 'BulkDecisionPrepared', data: dataOf(command) }]
      case 'ApproveBulkDecision':
        return approve(command, state)
    }
  },
}

/** The approval of a decision as it is said here. */
export function approvalOf(
  { approved }: BulkDecisionState,
  decision: BulkDecision,
): DataOf<'BulkDecisionApproved'> | undefined {
  return approved.find((one) => saysTheSame(one.decision, decision))
}

/** By what it is named in its own documents. */
export function nameOf(decision: BulkDecision): string {
  return decision.kind === 'campaign' ? decision.campaign.campaignId : decision.decisionId
}

/** What of a decision makes its money; a campaign is carried out again for who came later. */
function termsOf(decision: BulkDecision): unknown {
  if (decision.kind === 'price-link') return decision
  const { campaign, tiers, unit } = decision
  return { programme: campaign.programme, month: campaign.month, tiers, unit }
}

function approve(
  { approvedOn, by, decision }: CommandOf<BulkDecisionCommand, 'ApproveBulkDecision'>,
  { prepared }: BulkDecisionState,
): readonly BulkDecisionEvent[] {
  const same = prepared.filter((one) => saysTheSame(one.decision, decision))
  if (same.length === 0) throw new DomainError('bulk-decision-not-prepared')
  const other = same.findLast((one) => one.by !== by)
  if (!other)
    throw new DomainError('same-person-prepares-and-approves', { by, step: 'bulk-decision' })
  const { by: preparedBy, counted, rollOrdinal } = other
  const data = { approvedOn, decision, rollOrdinal, counted, preparedBy, by }

  return [{ type: 'BulkDecisionApproved', data }]
}
