import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { assertClassOf, assertRollOf } from '../policy/admission.js'
import type { Policy } from '../policy/policy.js'
import { saysTheSame } from '../structural-equality.js'
import { openingOf } from './case.js'
import type { CaseCommand, CaseCommandOf } from './commands.js'
import { approveEntry, recordOpeningPosition } from './decide-entry.js'
import { approveExit, startGracePeriod } from './decide-exit.js'
import {
  assessIncome,
  changeHead,
  joinMember,
  leaveMember,
  recordCircumstances,
} from './decide-members.js'
import { reassessBenefit } from './decide-reassessment.js'
import {
  grantSupplement,
  liftHold,
  moveCase,
  placeHold,
  reclassifyCase,
  recordReview,
  recordStep,
  retractFact,
  withdrawContinuation,
} from './decide-records.js'
import { assertSeparateDuties } from './duties.js'
import type { CaseEvent } from './events.js'
import { type Case, evolveCase, factsOf, noCase } from './facts.js'

/** The case under a policy: the policy enters as a value and stays the same for one decision. */
export function caseDecider(policy: Policy): Decider<Case, CaseCommand, CaseEvent> {
  return {
    initial: noCase,
    evolve: evolveCase,
    decide: (command, state) => {
      const events = decide(command, { state, policy })
      if (events.length > 0) assertSeparateDuties(command, state)
      return events
    },
  }
}

/** What a decision looks at. */
export interface CaseContext {
  readonly state: Case
  readonly policy: Policy
}

function decide(command: CaseCommand, context: CaseContext): readonly CaseEvent[] {
  if (command.type === 'OpenCase') return openCase(command, context)
  if (!openingOf(context.state)) throw new DomainError('case-unknown')

  switch (command.type) {
    case 'JoinMember':
      return joinMember(command, context.state)
    case 'RecordCircumstances':
      return recordCircumstances(command, context.state)
    case 'LeaveMember':
      return leaveMember(command, context.state)
    case 'ChangeHead':
      return changeHead(command, context.state)
    case 'AssessIncome':
      return assessIncome(command, context.state)
    case 'RecordStep':
      return recordStep(command, context.state)
    case 'ApproveEntry':
      return approveEntry(command, context)
    case 'ReassessBenefit':
      return reassessBenefit(command, context)
    case 'GrantSupplement':
      return grantSupplement(command, context)
    case 'RecordReview':
      return recordReview(command, context.state)
    case 'PlaceHold':
      return placeHold(command, context.state)
    case 'LiftHold':
      return liftHold(command, context.state)
    case 'StartGracePeriod':
      return startGracePeriod(command, context)
    case 'ApproveExit':
      return approveExit(command, context.state)
    case 'WithdrawContinuation':
      return withdrawContinuation(command, context)
    case 'MoveCase':
      return moveCase(command, context)
    case 'ReclassifyCase':
      return reclassifyCase(command, context)
    case 'RetractFact':
      return retractFact(command, context)
    case 'RecordOpeningPosition':
      return recordOpeningPosition(command, context)
  }
}

function openCase(
  command: CaseCommandOf<'OpenCase'>,
  { state, policy }: CaseContext,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const opened = factsOf(state, 'CaseOpened')[0]?.data
  if (opened && saysTheSame({ ...opened, by: null }, { ...data, by: null })) return []
  if (opened) {
    const facts = { caseId: command.caseId, programme: opened.programme }
    throw new DomainError('case-already-opened', facts)
  }
  assertRollOf(policy, command)
  assertClassOf(policy, command)

  return [{ type: 'CaseOpened', data }]
}
