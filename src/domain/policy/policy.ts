import type { StandardUsed, WorkingStep } from '../case/workings.js'
import { DomainError } from '../errors.js'
import { endOfTime, firstDayOf, type Month } from '../values/calendar.js'
import { type DivisionCode, isWithin, subtreePrefix } from '../values/division.js'
import type { BenefitClass, PolicyDocument } from '../values/document.js'
import type { ProgrammeCode } from '../values/identifiers.js'
import { formatYuan, shareOfFen } from '../values/money.js'
import { codeOn, type Divisions, evolveDivisions } from './divisions.js'
import type {
  DivisionEvent,
  PriceTerms,
  ProgrammeDefinition,
  ProgrammeEvent,
  Rule,
  StandardEvent,
} from './events.js'

export type PolicyEvent = ProgrammeEvent | StandardEvent | DivisionEvent

type DataOf<Type extends PolicyEvent['type']> = Extract<PolicyEvent, { type: Type }>['data']

/** What one programme is and pays, by date and place; later entries are known later. */
export interface ProgrammePolicy {
  readonly programme: ProgrammeCode
  readonly definitions: readonly DataOf<'ProgrammeDefined'>[]
  readonly rules: readonly DataOf<'RuleSet'>[]
  readonly standards: readonly DataOf<'StandardSet'>[]
  readonly priceTerms: readonly DataOf<'PriceTermsSet'>[]
  readonly holds: readonly ProgrammeHold[]
}

/** The payments of a programme in a subtree wait, from a month until the month it is lifted. */
export interface ProgrammeHold {
  readonly holdId: string
  readonly division: DivisionCode
  readonly from: Month
  readonly reason: string
  readonly liftedFrom: Month | null
}

/**
 * All policy as known at one ordinal: an immutable value that goes through JSON unchanged. The
 * same events in log order make the same value; nothing else does.
 */
export interface Policy extends Divisions {
  readonly programmes: readonly ProgrammePolicy[]
}

export const noPolicy: Policy = { programmes: [], places: [], mergers: [] }

/** The policy that the events of programme, standard and division streams say, in log order. */
export function policyFrom(events: Iterable<PolicyEvent>): Policy {
  let policy = noPolicy
  for (const event of events) policy = evolvePolicy(policy, event)
  return policy
}

export function evolvePolicy(policy: Policy, event: PolicyEvent): Policy {
  switch (event.type) {
    case 'ProgrammeDefined':
      return changed(policy, event.data.definition.programme, (known) => ({
        ...known,
        definitions: [...known.definitions, event.data],
      }))
    case 'RuleSet':
      return changed(policy, event.data.programme, (known) => ({
        ...known,
        rules: [...known.rules, event.data],
      }))
    case 'StandardSet':
      return changed(policy, event.data.programme, (known) => ({
        ...known,
        standards: [...known.standards, event.data],
      }))
    case 'PriceTermsSet':
      return changed(policy, event.data.programme, (known) => ({
        ...known,
        priceTerms: [...known.priceTerms, event.data],
      }))
    case 'ProgrammeHoldPlaced': {
      const { programme, ...hold } = event.data
      return changed(policy, programme, (known) => ({
        ...known,
        holds: [...known.holds, { ...hold, liftedFrom: null }],
      }))
    }
    case 'ProgrammeHoldLifted':
      return changed(policy, event.data.programme, (known) => ({
        ...known,
        holds: known.holds.map((hold) =>
          hold.holdId === event.data.holdId ? { ...hold, liftedFrom: event.data.from } : hold,
        ),
      }))
    case 'DivisionDefined':
    case 'DivisionRenamed':
    case 'DivisionMerged':
      return { ...policy, ...evolveDivisions(policy, event) }
  }
}

function changed(
  policy: Policy,
  programme: ProgrammeCode,
  change: (known: ProgrammePolicy) => ProgrammePolicy,
): Policy {
  const nothing = {
    programme,
    definitions: [],
    rules: [],
    standards: [],
    priceTerms: [],
    holds: [],
  }
  const known = policy.programmes.find((one) => one.programme === programme)
  if (!known) return { ...policy, programmes: [...policy.programmes, change(nothing)] }
  const programmes = policy.programmes.map((one) => (one === known ? change(one) : one))
  return { ...policy, programmes }
}

/**
 * What a programme is in a month; by default as last defined, whatever its date.
 * Errors: 'programme-unknown'.
 */
export function programmeOf(
  policy: Policy,
  programme: ProgrammeCode,
  month: Month = endOfTime,
): ProgrammeDefinition {
  const inForce = policyOf(policy, programme).definitions.filter((one) => one.from <= month)
  const [first, ...others] = inForce
  if (!first) throw new DomainError('programme-unknown', { programme, month })
  const latest = others.reduce((best, next) => (next.from >= best.from ? next : best), first)
  return latest.definition
}

function policyOf(policy: Policy, programme: ProgrammeCode): ProgrammePolicy {
  const known = policy.programmes.find((one) => one.programme === programme)
  if (!known || known.definitions.length === 0) {
    throw new DomainError('programme-unknown', { programme })
  }
  return known
}

export interface RuleAsked {
  readonly programme: ProgrammeCode
  readonly division: DivisionCode
  readonly month: Month
}

export interface StandardAsked extends RuleAsked {
  readonly benefitClass: BenefitClass
}

/** A rule as it stands in a month, with the date and paper that a decision records. */
export interface RuleInForce {
  readonly from: Month
  readonly rule: Rule
  readonly document: PolicyDocument
}

/**
 * The rule of a programme in a place and month: the most specific jurisdiction that has one wins,
 * then the latest from-month that is not after `month`, then what was known last.
 * Errors: 'programme-unknown', 'rule-missing-for-month'.
 */
export function ruleOn(policy: Policy, asked: RuleAsked): RuleInForce {
  const found = inForce(policyOf(policy, asked.programme).rules, placed(policy, asked))
  if (!found) throw new DomainError('rule-missing-for-month', { ...asked })
  return { from: found.from, rule: found.rule, document: found.document }
}

/** Price terms as they stand in a month, with the date and paper behind them. */
export interface PriceTermsInForce {
  readonly from: Month
  readonly terms: PriceTerms
  readonly document: PolicyDocument
}

/**
 * When a price subsidy is due in a place and month; chosen as `ruleOn` chooses.
 * Errors: 'programme-unknown', 'price-terms-missing-for-month'.
 */
export function priceTermsOn(policy: Policy, asked: RuleAsked): PriceTermsInForce {
  const found = inForce(policyOf(policy, asked.programme).priceTerms, placed(policy, asked))
  if (!found) throw new DomainError('price-terms-missing-for-month', { ...asked })
  return { from: found.from, terms: found.terms, document: found.document }
}

/**
 * The standard of a class in a place and month, a month's figure; chosen as `ruleOn` chooses. A
 * yearly figure is divided by 12, half-up to the fen: `yearlyStepOf` shows it.
 * Errors: 'programme-unknown', 'standard-missing-for-month'.
 */
export function standardOn(policy: Policy, asked: StandardAsked): StandardUsed {
  const { programme, benefitClass } = asked
  const { division, from, document, ...figure } = standardSetOn(policy, asked)
  return { programme, division, benefitClass, from, monthlyFen: monthlyOf(figure), document }
}

/** The arithmetic from a yearly standard to a month's; null when it was set by the month. */
export function yearlyStepOf(policy: Policy, asked: StandardAsked): WorkingStep | null {
  const set = standardSetOn(policy, asked)
  if (set.per === 'month') return null
  const amountFen = monthlyOf(set)
  const rounded = amountFen * 12 === set.amountFen ? '' : ', half-up to the fen'
  return { what: `${formatYuan(set.amountFen)} a year ÷ 12${rounded}`, amountFen }
}

function monthlyOf(
  set: Pick<DataOf<'StandardSet'>, 'amountFen' | 'per'>,
): WorkingStep['amountFen'] {
  if (set.per === 'month') return set.amountFen
  return shareOfFen(set.amountFen, { numerator: 1, denominator: 12 }, 'half-up-to-fen')
}

/** As it was set: for a month or for a year. Errors as of `standardOn`. */
export function standardSetOn(policy: Policy, asked: StandardAsked): DataOf<'StandardSet'> {
  const standards = policyOf(policy, asked.programme).standards.filter(
    (one) => one.benefitClass === asked.benefitClass,
  )
  const found = inForce(standards, placed(policy, asked))
  if (!found) throw new DomainError('standard-missing-for-month', { ...asked })
  return found
}

interface PlacedMonth {
  readonly division: DivisionCode
  readonly month: Month
}

/** A place that has merged into another lives under the other's policy from then on. */
function placed(policy: Policy, asked: PlacedMonth): PlacedMonth {
  const on = firstDayOf(asked.month)
  return { month: asked.month, division: codeOn(policy, { division: asked.division, on }) }
}

function inForce<Dated extends { readonly from: Month; readonly division: DivisionCode }>(
  entries: readonly Dated[],
  at: PlacedMonth,
): Dated | undefined {
  let best: Dated | undefined
  for (const entry of entries) {
    if (entry.from > at.month || !isWithin(at.division, entry.division)) continue
    if (!best || !givesWayTo(entry, best)) best = entry
  }
  return best
}

/** Whether `entry` gives way to `best`: it is less specific, or as specific and older. */
function givesWayTo(
  entry: { readonly from: Month; readonly division: DivisionCode },
  best: { readonly from: Month; readonly division: DivisionCode },
): boolean {
  const depth = subtreePrefix(entry.division).length - subtreePrefix(best.division).length
  return depth < 0 || (depth === 0 && entry.from < best.from)
}

/** The holds on a programme's payments in a place and month; empty when it may be paid. */
export function programmeHoldsIn(policy: Policy, asked: RuleAsked): readonly ProgrammeHold[] {
  const at = placed(policy, asked)
  return policyOf(policy, asked.programme).holds.filter(
    (hold) =>
      hold.from <= at.month &&
      (hold.liftedFrom === null || at.month < hold.liftedFrom) &&
      isWithin(at.division, hold.division),
  )
}

/** Every programme that may not run beside this one in one month, whichever of the two says so. */
export function excludedBy(policy: Policy, programme: ProgrammeCode): readonly ProgrammeCode[] {
  const own = programmeOf(policy, programme).excludes
  const others = policy.programmes
    .filter((one) => one.definitions.length > 0)
    .filter((one) => programmeOf(policy, one.programme).excludes.includes(programme))
    .map((one) => one.programme)
  return [...new Set([...own, ...others])].sort()
}

/** Whether one person may have both in one month; a programme beside itself only if repeatable. */
export function areCompatible(policy: Policy, a: ProgrammeCode, b: ProgrammeCode): boolean {
  const [left, right] = [programmeOf(policy, a), programmeOf(policy, b)]
  if (a === b) return left.repeatable
  return !left.excludes.includes(b) && !right.excludes.includes(a)
}
