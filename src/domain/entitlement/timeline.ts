import {
  benefitClassIn,
  byMonth,
  coveredIn,
  headIn,
  isCoveredIn,
  isOfSpell,
  isOnRoll,
  membershipsOf,
  openingOf,
  placeIn,
  type Spell,
  settledThroughOf,
  spellsOf,
  wasEverOnRoll,
} from '../case/case.js'
import { type Case, factsOf } from '../case/facts.js'
import type { BenefitComponent } from '../case/workings.js'
import { remembered } from '../remembered.js'
import { addMonths, endOfTime, type Month, nextMonth, previousMonth } from '../values/calendar.js'
import type { DivisionCode } from '../values/division.js'
import type { BenefitClass, ComponentName, Measure, UrbanRural } from '../values/document.js'
import type { PersonId, ProgrammeCode } from '../values/identifiers.js'
import { type Fen, sumFen } from '../values/money.js'

/** What a row of a roll or a total is counted under. */
export interface Cell {
  readonly programme: ProgrammeCode
  readonly division: DivisionCode
  readonly urbanRural: UrbanRural
  readonly benefitClass: BenefitClass
}

/** First and last month, both inside; open ends are `endOfTime`. */
export interface Span {
  readonly from: Month
  readonly to: Month
}

/** Months on the roll. `reported`: taken over, not proven by this ledger. */
export interface RollPeriod extends Span, Cell {
  readonly reported: boolean
  readonly grace: boolean
}

/** Months in which a covered person is on the roll. */
export interface MemberPeriod extends Span, Cell {
  readonly personId: PersonId
  readonly head: boolean
  readonly reported: boolean
}

/** Months for which an amount is owed; `reported` ones were settled elsewhere and never are. */
export interface OwedPeriod extends Span, Cell {
  readonly component: ComponentName
  readonly personId: PersonId | null
  /** Whom a supplement is for, none for the household as one; null for monthly money. */
  readonly grantedTo: readonly PersonId[] | null
  readonly amountFen: Fen
  readonly measure: Measure
  readonly monthly: boolean
  readonly reported: boolean
}

const cash: Measure = 'cash'

/** Months at which anything about the case changes, in order, each once. */
export const boundariesOf = remembered((state: Case): readonly Month[] => {
  const months = new Set<Month>()
  for (const spell of spellsOf(state)) months.add(spell.from).add(nextMonth(spell.to))
  for (const stay of membershipsOf(state)) months.add(stay.from).add(nextMonth(stay.to))
  for (const period of decisionsOf(state)) months.add(period.from)
  for (const fact of factsOf(state, 'CaseMoved')) months.add(fact.data.from)
  for (const fact of factsOf(state, 'CaseReclassified')) months.add(fact.data.from)
  for (const fact of factsOf(state, 'HeadChanged')) months.add(fact.data.from)
  for (const fact of factsOf(state, 'MemberCircumstancesRecorded')) months.add(fact.data.from)
  for (const { data } of factsOf(state, 'GracePeriodStarted'))
    months.add(data.from).add(addMonths(data.from, data.months))
  const settled = settledThroughOf(state)
  if (settled) months.add(nextMonth(settled))
  return [...months].filter((month) => month <= endOfTime).sort()
})

/** The case's stays on the roll, cut wherever something about it changes. */
const segmentsOf = remembered((state: Case): readonly Span[] => {
  const boundaries = boundariesOf(state)
  return spellsOf(state).flatMap((spell) => {
    if (spell.to < spell.from) return []
    const starts = [
      spell.from,
      ...boundaries.filter((month) => spell.from < month && month <= spell.to),
    ]
    return starts.map((from, at) => {
      const next = starts[at + 1]
      return { from, to: next ? previousMonth(next) : spell.to }
    })
  })
})

export function cellIn(state: Case, month: Month): Cell {
  const opening = openingOf(state)
  const place = placeIn(state, month)
  const benefitClass = benefitClassIn(state, month)
  if (!opening || !place || !benefitClass) throw new Error('a case on a roll that was never opened')
  const { division, urbanRural } = place
  return { programme: opening.programme, division, urbanRural, benefitClass }
}

export function rollPeriodsOf(state: Case): readonly RollPeriod[] {
  const settled = settledThroughOf(state)
  const graces = factsOf(state, 'GracePeriodStarted').map(({ data }) => data)
  return joined(
    segmentsOf(state).map((span) => ({
      ...span,
      ...cellIn(state, span.from),
      reported: settled !== undefined && span.from <= settled,
      grace: graces.some(
        ({ from, months }) => from <= span.from && span.from < addMonths(from, months),
      ),
    })),
  )
}

export function memberPeriodsOf(state: Case): readonly MemberPeriod[] {
  const settled = settledThroughOf(state)
  const periods = segmentsOf(state).flatMap((span) => {
    const head = headIn(state, span.from)
    return coveredIn(state, span.from).map(({ personId }) => ({
      ...span,
      ...cellIn(state, span.from),
      personId,
      head: personId === head,
      reported: settled !== undefined && span.from <= settled,
    }))
  })
  return joined(periods)
}

/** Months of one stay in the household, on the roll or not, through which one is covered or not. */
export interface HouseholdPeriod extends Span {
  readonly personId: PersonId
  readonly joinedVersion: number
  readonly covered: boolean
}

export function householdPeriodsOf(state: Case): readonly HouseholdPeriod[] {
  const changes = factsOf(state, 'MemberCircumstancesRecorded').map(({ data }) => data.from)
  const periods = membershipsOf(state).flatMap((stay) => {
    const within = changes.filter((month) => stay.from < month && month <= stay.to)
    const starts = [stay.from, ...new Set(within.sort())]
    return starts.map((from, at) => {
      const next = starts[at + 1]
      const { personId, joinedVersion } = stay
      const covered = isCoveredIn(state, { membership: stay, month: from })
      return { from, to: next ? previousMonth(next) : stay.to, personId, joinedVersion, covered }
    })
  })
  return joined(periods)
}

export interface DecisionPeriod {
  readonly from: Month
  readonly components: readonly BenefitComponent[]
  readonly version: number
}

/**
 * The decisions about the monthly amount by first month; of two on one month, the later one. A
 * stay has only its own: what was decided ahead for the one before ended with it.
 */
export const decisionsOf = remembered((state: Case): readonly DecisionPeriod[] => {
  const opening = factsOf(state, 'OpeningPositionRecorded').flatMap(({ data, version }) =>
    data.history.map(({ from, components }) => ({ from, components, version })),
  )
  const decided = [...factsOf(state, 'BenefitGranted'), ...factsOf(state, 'BenefitAdjusted')]
    .map(({ data, version }) => ({ from: data.from, components: data.components, version }))
    .filter((decision) => isInForce(state, decision))
  const ordered = byMonth([...opening, ...decided], (decision) => decision.from)
  return ordered.filter((decision, at) => ordered[at + 1]?.from !== decision.from)
})

/** Of a position that is put right, what was decided before it of its settled months is past. */
function isInForce(state: Case, { from, version }: DecisionPeriod): boolean {
  const start = spellBegunBy(state, from)?.start
  if (!start) return true
  if (start.kind === 'taken-over' && version < start.version)
    return from > (settledThroughOf(state) ?? '')
  return isOfSpell(start, version)
}

function spellBegunBy(state: Case, month: Month): Spell | undefined {
  return spellsOf(state).findLast((spell) => spell.from <= month)
}

/** The monthly components in force in a month, on the roll or not. */
export function componentsIn(state: Case, month: Month): readonly BenefitComponent[] {
  return decisionIn(state, month)?.components ?? []
}

/** The decision in force in a month: of the stay that has begun by then. */
export function decisionIn(state: Case, month: Month): DecisionPeriod | undefined {
  const since = spellBegunBy(state, month)?.from
  const decision = decisionsOf(state).findLast((one) => one.from <= month)
  return decision && since && decision.from < since ? undefined : decision
}

export function monthlyAmountIn(state: Case, month: Month): Fen {
  return sumFen(componentsIn(state, month).map((component) => component.amountFen))
}

/** What the decisions in force owe, and what was reported as paid before the cut-over. */
export function owedPeriodsOf(state: Case): readonly OwedPeriod[] {
  const settled = settledThroughOf(state)
  const monthly = segmentsOf(state).flatMap((span) =>
    componentsIn(state, span.from).map(({ component, personId, amountFen }) => ({
      ...span,
      ...cellIn(state, span.from),
      component,
      personId,
      grantedTo: null,
      amountFen,
      measure: cash,
      monthly: true,
      reported: settled !== undefined && span.from <= settled,
    })),
  )
  return [...joined(monthly), ...supplementsOf(state)].filter((period) => period.amountFen !== 0)
}

/** Supplements, as long as their month is on the roll: what ends the month ends them too. */
function supplementsOf(state: Case): readonly OwedPeriod[] {
  const standing = factsOf(state, 'SupplementGranted').filter(({ data }) =>
    isSupplementOwedIn(state, data.month),
  )
  return standing.map(({ data }) => ({
    from: data.month,
    to: data.month,
    ...cellIn(state, data.month),
    component: data.component,
    personId: null,
    grantedTo: data.persons,
    amountFen: data.amountFen,
    measure: data.measure,
    monthly: false,
    reported: false,
  }))
}

/** Whether a supplement for a month is owed: on the roll, or by a case that needs none. */
export function isSupplementOwedIn(state: Case, month: Month): boolean {
  return isOnRoll(state, month) || !wasEverOnRoll(state)
}

/** Puts together neighbours that differ in nothing but their months. */
function joined<Period extends Span>(periods: readonly Period[]): readonly Period[] {
  const open = new Map<string, Period>()
  const done: Period[] = []
  for (const period of periods) {
    const key = keyOf(period)
    const before = open.get(key)
    if (before && nextMonth(before.to) === period.from) {
      open.set(key, { ...before, to: period.to })
    } else {
      if (before) done.push(before)
      open.set(key, period)
    }
  }
  return [...done, ...open.values()].sort((a, b) =>
    a.from < b.from ? -1 : a.from > b.from ? 1 : 0,
  )
}

function keyOf(period: Span): string {
  const { from: _from, to: _to, ...rest } = period
  return JSON.stringify(rest)
}
