import { isOnRoll, openingOf, placeIn } from '../../domain/case/case.js'
import type { CaseCommandOf } from '../../domain/case/commands.js'
import { proposedFor } from '../../domain/case/decide-reassessment.js'
import type { CaseEvent } from '../../domain/case/events.js'
import { DomainError } from '../../domain/errors.js'
import { type Policy, ruleOn } from '../../domain/policy/policy.js'
import type { CaseId } from '../../domain/values/identifiers.js'
import type { Caller } from '../caller.js'
import {
  type BulkOptions,
  type BulkOutcome,
  type BulkParts,
  decideOnRoll,
} from './decide-on-roll.js'
import type { Roll, RollCase } from './roll-reader.js'

export interface RollReassessment extends BulkOptions {
  /** Whom it concerns; `from` is the roll's month. */
  readonly roll: Roll
  readonly caller: Caller
  /** Why: a raised standard with its document, a census, an age reached. */
  readonly cause: CaseCommandOf<'ReassessBenefit'>['cause']
  /** `automatic` decides what each case's rule lets decide itself, and proposes the rest. */
  readonly mode: 'automatic' | 'confirmed'
  /** Told of each case that a person has to decide. */
  readonly onProposal?: (proposal: Proposal) => void
}

/** What a confirmed reassessment would decide. */
export interface Proposal {
  readonly caseId: CaseId
  readonly events: readonly CaseEvent[]
}

export interface ReassessmentOutcome extends BulkOutcome {
  readonly adjusted: number
  readonly exited: number
  readonly proposed: number
}

/**
 * Reassesses every case of a roll: adjustments and exits are events of their own with the cause.
 * Sent again with its key it adds nothing.
 */
export async function reassessRoll(
  parts: BulkParts,
  reassessment: RollReassessment,
): Promise<ReassessmentOutcome> {
  const { caller, cause, mode, onProposal, roll, ...options } = reassessment
  const { policy } = await parts.policies.latest()
  const counts = { adjusted: 0, exited: 0, proposed: 0 }
  const command = {
    type: 'ReassessBenefit',
    from: roll.month,
    cause,
    mode,
    by: caller.actor.sub,
  } as const

  function propose(on: RollCase): null {
    const events = proposalOn(on, command, policy)
    if (events.length === 0) return null
    counts.proposed += 1
    onProposal?.({ caseId: on.caseId, events })
    return null
  }

  const outcome = await decideOnRoll(parts, {
    ...options,
    roll,
    caller,
    step: 'reassess',
    commandsFor: async (cases) =>
      cases.map((on) => {
        if (!isOnRoll(on.state, roll.month)) return null
        const decides = mode === 'confirmed' || decidesItself(on, command, policy)
        return decides ? command : propose(on)
      }),
    onDecided: ({ events }) => {
      if (events.some(({ type }) => type === 'BenefitAdjusted')) counts.adjusted += 1
      if (events.some(({ type }) => type === 'ExitApproved')) counts.exited += 1
    },
  })
  return { ...outcome, ...counts }
}

type Reassess = CaseCommandOf<'ReassessBenefit'>

function decidesItself({ state }: RollCase, { cause, from }: Reassess, policy: Policy): boolean {
  const opening = openingOf(state)
  const place = placeIn(state, from)
  if (!opening || !place) return true
  try {
    const asked = { programme: opening.programme, division: place.division, month: from }
    return ruleOn(policy, asked).rule.automatic.some((kind) => kind === cause.kind)
  } catch (error) {
    // Without a rule the case refuses, and is listed with the reason.
    if (error instanceof DomainError) return true
    throw error
  }
}

function proposalOn({ state }: RollCase, command: Reassess, policy: Policy): readonly CaseEvent[] {
  try {
    return proposedFor(command, { state, policy })
  } catch (error) {
    if (error instanceof DomainError) return []
    throw error
  }
}
