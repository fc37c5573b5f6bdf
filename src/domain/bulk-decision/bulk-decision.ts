import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import type { BulkDecisionCommand } from './commands.js'
import type { BulkDecisionEvent } from './events.js'

type DataOf<Type extends BulkDecisionEvent['type']> = Extract<
  BulkDecisionEvent,
  { type: Type }
>['data']

/** One decision about whole rolls, on its way through two hands. */
export interface BulkDecisionState {
  /** As each dry run counted the rolls; the latest of a person counts. */
  readonly prepared: readonly DataOf<'BulkDecisionPrepared'>[]
  readonly approved: DataOf<'BulkDecisionApproved'> | null
}

/** Prepared by one person, approved by another; what was approved is only carried on with. */
export const bulkDecisionDecider: Decider<
  BulkDecisionState,
  BulkDecisionCommand,
  BulkDecisionEvent
> = {
  initial: { prepared: [], approved: null },
  evolve: (state, event) => {
    switch (event.type) {
      case 'BulkDecisionPrepared':
        return { ...state, prepared: [...state.prepared, event.data] }
      case 'BulkDecisionApproved':
        return { ...state, approved: event.data }
    }
  },
  decide: (command, state) => {
    if (state.approved) return []
    switch (command.type) {
      case 'PrepareBulkDecision':
        return [{ type: 'BulkDecisionPrepared', data: dataOf(command) }]
      case 'ApproveBulkDecision':
        return approve(command, state)
    }
  },
}

function approve(
  { approvedOn, by }: CommandOf<BulkDecisionCommand, 'ApproveBulkDecision'>,
  { prepared }: BulkDecisionState,
): readonly BulkDecisionEvent[] {
  if (prepared.length === 0) throw new DomainError('bulk-decision-not-prepared')
  const other = prepared.findLast((one) => one.by !== by)
  if (!other)
    throw new DomainError('same-person-prepares-and-approves', { by, step: 'bulk-decision' })
  const { by: preparedBy, rollOrdinal } = other

  return [{ type: 'BulkDecisionApproved', data: { approvedOn, rollOrdinal, preparedBy, by } }]
}
