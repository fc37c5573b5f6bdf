import { assess } from '../entitlement/assess.js'
import { boundariesOf, componentsIn } from '../entitlement/timeline.js'
import { DomainError } from '../errors.js'
import { type Policy, type RuleInForce, ruleOn } from '../policy/policy.js'
import { policyMonthsOf } from '../policy/policy-months.js'
import { addMonths, type Month, previousMonth } from '../values/calendar.js'
import type { ActorId } from '../values/identifiers.js'
import { coveredIn, membershipsOf, openingOf, placeIn, spellIn } from './case.js'
import type { CaseEvent, Cause } from './events.js'
import { type Case, evolveCase, factsOf } from './facts.js'
import type { BenefitComponent, Workings } from './workings.js'

/** Decisions compared with what facts and policy give: by whom, and why a month may differ. */
export interface Comparison {
  readonly state: Case
  readonly policy: Policy
  /** Who approves an exit that is due; null leaves it, and every month after it, undecided. */
  readonly by: ActorId | null
  /** Who confirms another amount; null where the rule lets it decide itself. */
  readonly confirmedBy: ActorId | null
  /** `workings` of the month, unless nobody is left to assess. */
  readonly causeIn: (month: Month, workings: Workings | null) => Cause
}

/** What makes the decisions of these months, in their order, what the facts and policy give. */
export function differencesIn(
  months: readonly Month[],
  comparison: Comparison,
): readonly CaseEvent[] {
  const events: CaseEvent[] = []
  let state = comparison.state
  for (const month of months) {
    if (!isDecidedIn(state, month)) continue
    const decided = differenceIn(month, { ...comparison, state })
    if (decided === 'exit-waits') return events
    state = decided.reduce(evolveCase, state)
    events.push(...decided)
  }
  return events
}

/** Months at which a known fact of the case changes. */
export function factMonthsOf(state: Case): readonly Month[] {
  return [...boundariesOf(state), ...factsOf(state, 'IncomeAssessed').map(({ data }) => data.from)]
}

/** Months at which the policy changes in the place where the case is then. */
export function policyMonthsFor(state: Case, policy: Policy): readonly Month[] {
  const opening = factsOf(state, 'CaseOpened')[0]?.data
  if (!opening) return []
  const { programme } = opening
  const moved = factsOf(state, 'CaseMoved').map(({ data }) => data.division)
  return [...new Set([opening.division, ...moved])].flatMap((division) =>
    policyMonthsOf(policy, { programme, division }).filter(
      (month) => placeIn(state, month)?.division === division,
    ),
  )
}

/** Whether the months of a decision are the case's to have: on the roll, and not in grace. */
export function isDecidedIn(state: Case, month: Month): boolean {
  return spellIn(state, month) !== undefined && !isInGrace(state, month)
}

function isInGrace(state: Case, month: Month): boolean {
  return factsOf(state, 'GracePeriodStarted').some(
    ({ data }) => data.from <= month && month < addMonths(data.from, data.months),
  )
}

type Decided = readonly CaseEvent[] | 'exit-waits'

function differenceIn(month: Month, comparison: Comparison): Decided {
  const { causeIn, confirmedBy, policy, state } = comparison
  if (coveredIn(state, month).length === 0) {
    // An exit that stands already says how long is paid after the last one left.
    return spellIn(state, month)?.end ? [] : emptied(month, comparison)
  }
  const { components, eligible, workings } = assess({ state, policy, month })
  const cause = causeIn(month, workings)
  if (!eligible) return exitAfter(previousMonth(month), { cause, by: comparison.by })
  if (sameComponents(components, componentsIn(state, month))) return []
  return [
    {
      type: 'BenefitAdjusted',
      data: { from: month, components: [...components], cause, workings, by: confirmedBy },
    },
  ]
}

/** Nobody is left: the case ends, after the months that the rule still pays after a death. */
function emptied(month: Month, comparison: Comparison): Decided {
  const { by, causeIn, policy, state } = comparison
  const cause = causeIn(month, null)
  const before = previousMonth(month)
  if (cause.kind !== 'death') return exitAfter(before, { cause, by })
  const { rule } = ruleFor(state, { policy, month })
  const ends = membershipsOf(state).map((stay) => stay.to)
  const left =
    ends
      .filter((end) => end < month)
      .sort()
      .at(-1) ?? before
  const lastMonth = addMonths(left, rule.monthsAfterDeath)
  return exitAfter(lastMonth < month ? before : lastMonth, { cause, by })
}

function exitAfter(
  lastMonth: Month,
  { by, cause }: { readonly by: ActorId | null; readonly cause: Cause },
): Decided {
  if (by === null) return 'exit-waits'
  return [{ type: 'ExitApproved', data: { lastMonth, reason: cause.note, continuedBy: null, by } }]
}

/** The rule of the case's programme where the case is in that month. */
export function ruleFor(
  state: Case,
  at: { readonly policy: Policy; readonly month: Month },
): RuleInForce {
  const opening = openingOf(state)
  const place = placeIn(state, at.month)
  if (!opening || !place) throw new DomainError('case-unknown')
  const { programme } = opening
  return ruleOn(at.policy, { programme, division: place.division, month: at.month })
}

/** Whether the rule of that month lets this kind of cause decide itself. */
export function decidesItself(
  kind: Cause['kind'],
  { state, ...at }: { readonly state: Case; readonly policy: Policy; readonly month: Month },
): boolean {
  return ruleFor(state, at).rule.automatic.some((automatic) => automatic === kind)
}

export function sameComponents(
  left: readonly BenefitComponent[],
  right: readonly BenefitComponent[],
): boolean {
  const key = (part: BenefitComponent) => `${part.component}|${part.personId}|${part.amountFen}`
  return left.map(key).sort().join() === right.map(key).sort().join()
}
