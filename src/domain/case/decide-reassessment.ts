import { type Assessment, assess } from '../entitlement/assess.js'
import { boundariesOf, componentsIn } from '../entitlement/timeline.js'
import { DomainError } from '../errors.js'
import { type Policy, ruleOn } from '../policy/policy.js'
import { addMonths, type Month, nextMonth, previousMonth } from '../values/calendar.js'
import { AmountFen, sumFen } from '../values/money.js'
import {
  type Case,
  coveredIn,
  evolveCase,
  factsOf,
  membershipsOf,
  openingOf,
  placeIn,
  settledThroughOf,
  spellIn,
} from './case.js'
import type { CaseCommandOf } from './commands.js'
import type { CaseContext } from './decide.js'
import type { CaseEvent } from './events.js'
import type { BenefitComponent, Workings } from './workings.js'

type Reassess = CaseCommandOf<'ReassessBenefit'>

/**
 * Compares what the facts and the policy give with what the decisions say, from `from` on and at
 * every later month in which a known fact changes, and appends the differences with their cause.
 * `automatic` decides only what the dated rule lets decide itself; nothing otherwise.
 */
export function reassessBenefit(command: Reassess, context: CaseContext): readonly CaseEvent[] {
  if (!spellIn(context.state, command.from)) {
    throw new DomainError('case-not-on-roll-in-month', { month: command.from })
  }
  if (command.mode === 'automatic' && !maySelfDecide(command, context)) return []
  if (command.mode === 'confirmed' && hasAssessed(command.by, context.state)) {
    throw new DomainError('same-person-prepares-and-approves')
  }

  return differencesFrom(command, context)
}

/** Whether somebody assessed an income on which nobody has decided yet. */
function hasAssessed(by: Reassess['by'], state: Case): boolean {
  const decisions = [...factsOf(state, 'BenefitGranted'), ...factsOf(state, 'BenefitAdjusted')]
  const decided = Math.max(-1, ...decisions.map(({ version }) => version))
  return factsOf(state, 'IncomeAssessed').some(
    ({ data, version }) => version > decided && data.by === by,
  )
}

/** What a confirmed reassessment would append: the proposals that wait for a person. */
export function proposedFor(command: Reassess, context: CaseContext): readonly CaseEvent[] {
  return spellIn(context.state, command.from) ? differencesFrom(command, context) : []
}

function maySelfDecide({ from, cause }: Reassess, { state, policy }: CaseContext): boolean {
  const { rule } = ruleFor(state, { policy, month: from })
  return rule.automatic.some((kind) => kind === cause.kind)
}

function differencesFrom(command: Reassess, { state, policy }: CaseContext): readonly CaseEvent[] {
  const events: CaseEvent[] = []
  let current = state
  for (const month of monthsToCompare(state, firstOpenMonth(command.from, state))) {
    const spell = spellIn(current, month)
    if (!spell || isInGrace(current, month)) continue
    const decided = differenceIn(month, { command, state: current, policy })
    for (const event of decided) current = evolveCase(current, event)
    events.push(...decided)
  }
  return events
}

/** Months that were settled before the cut-over are reported, and nobody decides them again. */
function firstOpenMonth(from: Month, state: Case): Month {
  const settled = settledThroughOf(state)
  return settled && from <= settled ? nextMonth(settled) : from
}

function monthsToCompare(state: Case, from: Month): readonly Month[] {
  const income = factsOf(state, 'IncomeAssessed').map((fact) => fact.data.from)
  const later = [...boundariesOf(state), ...income].filter((month) => month > from)
  return [from, ...new Set(later.sort())]
}

function isInGrace(state: Case, month: Month): boolean {
  return factsOf(state, 'GracePeriodStarted').some(
    ({ data }) => data.from <= month && month < addMonths(data.from, data.months),
  )
}

function differenceIn(
  month: Month,
  at: { readonly command: Reassess; readonly state: Case; readonly policy: Policy },
): readonly CaseEvent[] {
  const { command, state, policy } = at
  if (coveredIn(state, month).length === 0) {
    // An exit that stands already says how long is paid after the last one left.
    return spellIn(state, month)?.end ? [] : emptied(month, at)
  }
  const assessment = assess({ state, policy, month })
  if (!assessment.eligible) return [exitBefore(month, command)]
  if (sameComponents(assessment.components, componentsIn(state, month))) return []
  return [
    {
      type: 'BenefitAdjusted',
      data: {
        from: month,
        components: [...assessment.components],
        cause: command.cause,
        workings: assessment.workings,
      },
    },
  ]
}

/** Nobody is left: the case ends, after the months that the rule still pays after a death. */
function emptied(
  month: Month,
  at: { readonly command: Reassess; readonly state: Case; readonly policy: Policy },
): readonly CaseEvent[] {
  const { command, state, policy } = at
  if (command.cause.kind !== 'death') return [exitBefore(month, command)]
  const { rule } = ruleFor(state, { policy, month })
  const ends = membershipsOf(state).map((stay) => stay.to)
  const left =
    ends
      .filter((end) => end < month)
      .sort()
      .at(-1) ?? previousMonth(month)
  const lastMonth = addMonths(left, rule.monthsAfterDeath)
  return lastMonth < month
    ? [exitWith(previousMonth(month), command)]
    : [exitWith(lastMonth, command)]
}

function exitBefore(month: Month, command: Reassess): CaseEvent {
  return exitWith(previousMonth(month), command)
}

function exitWith(lastMonth: Month, { cause, by }: Reassess): CaseEvent {
  return {
    type: 'ExitApproved',
    data: { lastMonth, reason: cause.note, continuedBy: null, by },
  }
}

function ruleFor(state: Case, at: { readonly policy: Policy; readonly month: Month }) {
  const opening = openingOf(state)
  const place = placeIn(state, at.month)
  if (!opening || !place) throw new DomainError('case-unknown')
  const { programme } = opening
  return ruleOn(at.policy, { programme, division: place.division, month: at.month })
}

function sameComponents(
  left: readonly BenefitComponent[],
  right: readonly BenefitComponent[],
): boolean {
  const key = (part: BenefitComponent) => `${part.component}|${part.personId}|${part.amountFen}`
  return left.map(key).sort().join() === right.map(key).sort().join()
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
