import { type Assessment, assess } from '../entitlement/assess.js'
import { componentsIn, decisionIn } from '../entitlement/timeline.js'
import { DomainError } from '../errors.js'
import type { Policy } from '../policy/policy.js'
import { type Month, nextMonth } from '../values/calendar.js'
import { AmountFen, sumFen } from '../values/money.js'
import { coveredIn, settledThroughOf, spellIn } from './case.js'
import type { CaseCommandOf } from './commands.js'
import { confirmedCase, hasUnconfirmed } from './confirmed.js'
import type { CaseContext } from './decide.js'
import { isAssessable } from './decide-ahead.js'
import {
  decidesItself,
  differencesIn,
  factMonthsOf,
  isDecidedIn,
  policyMonthsFor,
  ruleFor,
} from './differences.js'
import type { CaseEvent, Cause } from './events.js'
import { type Case, factsOf } from './facts.js'
import type { BenefitComponent, Workings } from './workings.js'

type Reassess = CaseCommandOf<'ReassessBenefit'>

/**
 * Compares what the facts and the policy give with what the decisions say, from `from` on and at
 * every later month in which a known fact or the known policy changes, and appends the differences
 * with their cause. `automatic` decides only what the dated rule lets decide itself, on the facts
 * that a person decided on; `confirmed` is a person's word on all of them, also where they change
 * nothing.
 */
export function reassessBenefit(command: Reassess, context: CaseContext): readonly CaseEvent[] {
  const { policy, state } = context
  if (!spellIn(state, command.from)) {
    throw new DomainError('case-not-on-roll-in-month', { month: command.from })
  }
  if (command.mode === 'confirmed') return proposedFor(command, context)
  if (!decidesItself(command.cause.kind, { state, policy, month: command.from })) return []
  const confirmed = confirmedCase(state, policy)
  requireIncome(confirmed, policy)
  return differencesFrom(command, { state: confirmed, policy })
}

/** What was granted to a household taken over says nothing of its income. */
export function requireIncome(state: Case, policy: Policy): void {
  const wasTakenOver = factsOf(state, 'OpeningPositionRecorded').length > 0
  if (wasTakenOver && !isAssessable(state, policy)) throw new DomainError('income-unconfirmed')
}

/** What a confirmed reassessment would append: what waits for a person. */
export function proposedFor(command: Reassess, context: CaseContext): readonly CaseEvent[] {
  if (!spellIn(context.state, command.from)) return []
  const confirmed = { ...command, mode: 'confirmed' } as const
  const differences = differencesFrom(confirmed, context)
  return differences.length > 0 ? differences : unchanged(confirmed, context)
}

/** Said, so that later decisions that nobody confirms rest on the facts that this one saw. */
function unchanged(command: Reassess, { policy, state }: CaseContext): readonly CaseEvent[] {
  const { by } = command
  const from = firstOpenMonth(command.from, state)
  if (!hasUnconfirmed(state, policy) || !isDecidedIn(state, from)) return []
  if (coveredIn(state, from).length === 0) return []
  const { workings } = assess({ state, policy, month: from })
  const components = [...componentsIn(state, from)]
  const cause = causeOfChangeIn(state, from) ?? command.cause
  return [{ type: 'BenefitAdjusted', data: { from, components, cause, workings, by } }]
}

function differencesFrom(command: Reassess, { state, policy }: CaseContext): readonly CaseEvent[] {
  const { by, cause, mode } = command
  const months = monthsToCompare(command, { state, policy })
  const confirmedBy = mode === 'confirmed' ? by : null
  const differences = differencesIn(months, {
    state,
    policy,
    by,
    confirmedBy,
    causeIn: () => cause,
  })
  return differences.map((event) => withCauseOfMonth(event, { state, first: months[0] }))
}

/** A standard of a later month goes on being why that month differs, whatever is decided before. */
function withCauseOfMonth(
  event: CaseEvent,
  { first, state }: { readonly state: Case; readonly first: Month | undefined },
): CaseEvent {
  if (event.type !== 'BenefitAdjusted' || event.data.from === first) return event
  const cause = causeOfChangeIn(state, event.data.from) ?? event.data.cause
  return { ...event, data: { ...event.data, cause } }
}

/** Why the decision in force changes the benefit in that month; undefined where it does not. */
function causeOfChangeIn(state: Case, month: Month): Cause | undefined {
  const decided = decisionIn(state, month)?.version
  const adjusted = factsOf(state, 'BenefitAdjusted').find(({ version }) => version === decided)
  return adjusted?.data.from === month ? adjusted.data.cause : undefined
}

function monthsToCompare(command: Reassess, { state, policy }: CaseContext): readonly Month[] {
  const from = firstOpenMonth(command.from, state)
  const ofPolicy = policyMonthsFor(state, policy)
    .filter((month) => month > from)
    .filter((month) => mayReachPolicyOf(month, command, { state, policy }))
  const later = [...factMonthsOf(state).filter((month) => month > from), ...ofPolicy]
  return [from, ...new Set(later.sort())]
}

/** A standard that waits for a person does not come into force by another cause's leave. */
function mayReachPolicyOf(month: Month, command: Reassess, { state, policy }: CaseContext) {
  if (command.mode === 'confirmed' || command.cause.kind === 'standard') return true
  return decidesItself('standard', { state, policy, month })
}

/** Months that were settled before the cut-over are reported, and nobody decides them again. */
function firstOpenMonth(from: Month, state: Case): Month {
  const settled = settledThroughOf(state)
  return settled && from <= settled ? nextMonth(settled) : from
}

/** Workings of a decision that takes over parts of the one before, as in a grace period. */
export function workingsOfDecision(decision: {
  readonly state: Case
  readonly policy: Policy
  readonly month: Month
  readonly components: readonly BenefitComponent[]
}): Workings {
  const { state, policy, month, components } = decision
  const { from, document } = ruleFor(state, { policy, month })
  const assessment: Assessment | undefined =
    coveredIn(state, month).length > 0 ? assess({ state, policy, month }) : undefined
  return {
    month,
    standards: assessment?.workings.standards ?? [],
    ruleFrom: from,
    ruleDocument: document,
    coveredMembers: coveredIn(state, month).length,
    assessedMembers: assessment?.workings.assessedMembers ?? 0,
    householdIncomeFen: assessment?.workings.householdIncomeFen ?? AmountFen.parse(0),
    steps: [
      {
        what: '渐退期只发补差，不含分类施保',
        amountFen: sumFen(components.map((part) => part.amountFen)),
      },
    ],
  }
}
