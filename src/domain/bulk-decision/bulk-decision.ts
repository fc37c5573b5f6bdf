import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { saysTheSame } from '../structural-equality.js'
import { type DivisionCode, isWithin } from '../values/division.js'
import type { ActorId } from '../values/identifiers.js'
import type { BulkDecisionCommand } from './commands.js'
import type { BulkDecision, BulkDecisionEvent } from './events.js'

type DataOf<Type extends BulkDecisionEvent['type']> = Extract<
  BulkDecisionEvent,
  { type: Type }
>['data']

interface Withdrawal extends DataOf<'BulkDecisionWithdrawn'> {
  /** What the words that it takes back were for. */
  readonly decisions: readonly BulkDecision[]
}

/** What was prepared and approved under one name: a campaign, a price subsidy of a province. */
export interface BulkDecisionState {
  /** As each dry run counted the rolls, while it waits; the latest of a person counts. */
  readonly prepared: readonly DataOf<'BulkDecisionPrepared'>[]
  readonly withdrawals: readonly Withdrawal[]
  /** What was approved and, if it was refused then, is not approved any more. */
  readonly approved: readonly DataOf<'BulkDecisionApproved'>[]
}

/**
 * Prepared by one person, approved by another; what was approved is only carried on with, or
 * refused for what was decided meanwhile, and then prepared anew. A name stands for one set of
 * terms: who got it once must not get it again under others.
 */
export const bulkDecisionDecider: Decider<
  BulkDecisionState,
  BulkDecisionCommand,
  BulkDecisionEvent
> = {
  initial: { prepared: [], withdrawals: [], approved: [] },
  evolve: (state, event) => {
    switch (event.type) {
      case 'BulkDecisionPrepared':
        return { ...state, prepared: [...state.prepared, event.data] }
      case 'BulkDecisionWithdrawn':
        return withoutWord(state, event.data)
      case 'BulkDecisionApproved':
        return {
          ...state,
          prepared: state.prepared.filter((one) => !isFor(one, event.data.decision)),
          approved: [...state.approved, event.data],
        }
      case 'BulkDecisionRefused':
        return {
          ...state,
          approved: state.approved.filter((one) => !isFor(one, event.data.decision)),
        }
    }
  },
  decide: (command, state) => {
    switch (command.type) {
      case 'PrepareBulkDecision':
        if (isApproved(command.decision, state)) return []
        return [{ type: 'BulkDecisionPrepared', data: dataOf(command) }]
      case 'WithdrawBulkDecision':
        return withdraw(command, state)
      case 'ApproveBulkDecision':
        return isApproved(command.decision, state) ? [] : approve(command, state)
      case 'RefuseBulkDecision':
        if (!approvalOf(state, command.decision)) return []
        return [{ type: 'BulkDecisionRefused', data: dataOf(command) }]
    }
  },
}

/** The approval of a decision as it is said here. */
export function approvalOf(
  { approved }: BulkDecisionState,
  decision: BulkDecision,
): DataOf<'BulkDecisionApproved'> | undefined {
  return approved.find((one) => isFor(one, decision))
}

/** By what it is named in its own documents. */
export function nameOf(decision: BulkDecision): string {
  return decision.kind === 'campaign' ? decision.campaign.campaignId : decision.decisionId
}

/** The place whose rolls it is for. */
export function placeOf(decision: BulkDecision): DivisionCode {
  return decision.kind === 'campaign' ? decision.campaign.division : decision.division
}

function isFor(one: { readonly decision: BulkDecision }, decision: BulkDecision): boolean {
  return saysTheSame(one.decision, decision)
}

function withoutWord(
  state: BulkDecisionState,
  withdrawn: DataOf<'BulkDecisionWithdrawn'>,
): BulkDecisionState {
  const isTheirs = ({ by }: { readonly by: ActorId }) => withdrawn.preparedBy.includes(by)
  const decisions = state.prepared.filter(isTheirs).map(({ decision }) => decision)
  return {
    ...state,
    prepared: state.prepared.filter((one) => !isTheirs(one)),
    withdrawals: [...state.withdrawals, { ...withdrawn, decisions }],
  }
}

/** Refuses `bulk-decision-differs` where the name was approved on other terms. */
function isApproved(decision: BulkDecision, state: BulkDecisionState): boolean {
  if (approvalOf(state, decision)) return true
  for (const one of state.approved)
    if (!saysTheSame(termsOf(one.decision), termsOf(decision)))
      throw new DomainError('bulk-decision-differs', { name: nameOf(decision) })
  return false
}

/** What of a decision makes its money; a campaign is carried out again for who came later. */
function termsOf(decision: BulkDecision): unknown {
  if (decision.kind === 'price-link') return decision
  const { campaign, tiers, unit } = decision
  return { programme: campaign.programme, month: campaign.month, tiers, unit }
}

/** Takes back their own word, and that of whoever prepared it for places they answer for. */
function withdraw(
  command: CommandOf<BulkDecisionCommand, 'WithdrawBulkDecision'>,
  { approved, prepared, withdrawals }: BulkDecisionState,
): readonly BulkDecisionEvent[] {
  const { division: scope, ...said } = dataOf(command)
  const { by } = said
  const isTheirs = (person: ActorId) =>
    person === by || prepared.every((one) => one.by !== person || liesWithin(one.decision, scope))
  const preparedBy = [...new Set(prepared.map((one) => one.by))].filter(isTheirs)
  if (preparedBy.length === 0) {
    if (prepared.length === 0 && approved[0])
      throw new DomainError('bulk-decision-already-approved', {
        name: nameOf(approved[0].decision),
      })
    if (withdrawals.some((one) => one.by === by || one.preparedBy.includes(by))) return []
    throw new DomainError(
      prepared.length === 0 ? 'bulk-decision-unknown' : 'bulk-decision-prepared-by-others',
    )
  }

  return [{ type: 'BulkDecisionWithdrawn', data: { ...said, preparedBy } }]
}

function liesWithin(decision: BulkDecision, scope: DivisionCode | null): boolean {
  return scope !== null && isWithin(placeOf(decision), scope)
}

function approve(
  { approvedOn, by, decision }: CommandOf<BulkDecisionCommand, 'ApproveBulkDecision'>,
  { prepared, withdrawals }: BulkDecisionState,
): readonly BulkDecisionEvent[] {
  const same = prepared.filter((one) => isFor(one, decision))
  if (same.length === 0) {
    const withdrawn = withdrawals.findLast(({ decisions }) =>
      decisions.some((one) => saysTheSame(one, decision)),
    )
    if (!withdrawn) throw new DomainError('bulk-decision-not-prepared')
    const { reason, withdrawnOn } = withdrawn
    const facts = { name: nameOf(decision), withdrawnOn, by: withdrawn.by, reason }
    throw new DomainError('bulk-decision-withdrawn', facts)
  }
  const other = same.findLast((one) => one.by !== by)
  if (!other)
    throw new DomainError('same-person-prepares-and-approves', { by, step: 'bulk-decision' })
  const { by: preparedBy, counted, rollOrdinal } = other
  const data = { approvedOn, decision, rollOrdinal, counted, preparedBy, by }

  return [{ type: 'BulkDecisionApproved', data }]
}
