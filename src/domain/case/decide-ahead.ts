import { decisionsOf } from '../entitlement/timeline.js'
import { DomainError } from '../errors.js'
import { type Policy, programmeOf } from '../policy/policy.js'
import { type Month, nextMonth, previousMonth } from '../values/calendar.js'
import type { ActorId } from '../values/identifiers.js'
import { openingOf, settledThroughOf } from './case.js'
import { confirmedCase } from './confirmed.js'
import type { CaseContext } from './decide.js'
import {
  type Comparison,
  decidesItself,
  differencesIn,
  factMonthsOf,
  policyMonthsFor,
} from './differences.js'
import type { CaseEvent, Cause } from './events.js'
import { type Case, factsOf } from './facts.js'
import type { Workings } from './workings.js'

/**
 * What is known already of the months after the first one that an entry grants: a standard or a
 * rule of a later month, a known change of the household. Who approves the entry approves these.
 */
export function decidedAhead(
  after: Month,
  { by, policy, state }: CaseContext & { readonly by: ActorId },
): readonly CaseEvent[] {
  const months = [...factMonthsOf(state), ...policyMonthsFor(state, policy)]
  return differencesIn(inOrder(months, after), comparisonOf({ state, policy }, by))
}

/**
 * The standards and rules known for months after this one, for a case that was not in their place
 * when they were set: as far as the rule lets a standard decide itself. What takes the case off
 * the roll, or can't be assessed, is left for a reassessment.
 */
export function standardsAhead(
  after: Month,
  context: CaseContext,
  also: readonly Month[] = [],
): readonly CaseEvent[] {
  const { policy } = context
  const state = confirmedCase(context.state, policy)
  if (!isAssessable(state, policy)) return []
  const settled = settledThroughOf(state) ?? after
  const known = [...policyMonthsFor(state, policy), ...also]
  const months = inOrder(known, settled > after ? settled : after)
  try {
    const decided = months.filter((month) => decidesItself('standard', { state, policy, month }))
    return differencesIn(decided, comparisonOf({ state, policy }, null))
  } catch (error) {
    if (error instanceof DomainError) return []
    throw error
  }
}

/**
 * What the place gives in the month from which the case is in it, and in every later month for
 * which the standards of the place that it left had decided.
 */
export function standardsOfPlace(from: Month, context: CaseContext): readonly CaseEvent[] {
  const decided = decisionsOf(context.state).map((decision) => decision.from)
  return standardsAhead(previousMonth(from), context, [from, ...decided])
}

/** A household taken over without its income would get the whole standard. */
export function isAssessable(state: Case, policy: Policy): boolean {
  const opening = openingOf(state)
  if (!opening) return false
  const { kind } = programmeOf(policy, opening.programme)
  return kind !== 'one-off' && (kind !== 'top-up' || factsOf(state, 'IncomeAssessed').length > 0)
}

function inOrder(months: readonly Month[], after: Month): readonly Month[] {
  return [...new Set(months)].filter((month) => month > after).sort()
}

function comparisonOf({ policy, state }: CaseContext, by: ActorId | null): Comparison {
  const causeIn = (month: Month, workings: Workings | null) => causeOf(state, { month, workings })
  return { state, policy, by, confirmedBy: by, causeIn }
}

interface Compared {
  readonly month: Month
  readonly workings: Workings | null
}

/** The paper that begins with the month; else the fact that does; else what is applied then. */
function causeOf(state: Case, compared: Compared): Cause {
  const { month, workings } = compared
  const standard = workings?.standards.find(({ from }) => from === month)
  if (standard) return ofPolicy(`标准自${month}起调整`, standard.document)
  if (workings?.ruleFrom === month) return ofPolicy(`规则自${month}起调整`, workings.ruleDocument)
  const applied = workings?.standards[0]?.document ?? workings?.ruleDocument ?? null
  return ofFacts(state, month) ?? ofPolicy(`自${month}起按当地标准`, applied)
}

function ofPolicy(note: string, document: Cause['document']): Cause {
  return { kind: 'standard', note, document }
}

function ofFacts(state: Case, month: Month): Cause | null {
  const income = factsOf(state, 'IncomeAssessed').findLast(({ data }) => data.from === month)
  if (income) return { kind: 'income', note: income.data.basis, document: null }
  const change = [
    ...factsOf(state, 'MemberLeft').filter(({ data }) => nextMonth(data.lastMonth) === month),
    ...factsOf(state, 'MemberCircumstancesRecorded').filter(({ data }) => data.from === month),
  ].at(-1)
  if (change) return { kind: 'members', note: change.data.reason, document: null }
  const joined = factsOf(state, 'MemberJoined').findLast(({ data }) => data.from === month)
  if (joined) return { kind: 'members', note: `${joined.data.relation}加入`, document: null }
  const reclassified = factsOf(state, 'CaseReclassified').findLast(
    ({ data }) => data.from === month,
  )
  return reclassified ? { kind: 'class', note: reclassified.data.reason, document: null } : null
}
