import { DomainError } from '../errors.js'
import type { Policy } from '../policy/policy.js'
import type { Month } from '../values/calendar.js'
import { decidesItself } from './differences.js'
import type { Cause } from './events.js'
import { type Case, type CaseFact, factsOf, type Retraction } from './facts.js'

/** The version of the last decision that a person made about the monthly benefit; -1 for none. */
export function lastDecision(state: Case): number {
  const confirmed = factsOf(state, 'BenefitAdjusted').filter(({ data }) => data.by !== null)
  const decisions: readonly CaseFact[] = [
    ...factsOf(state, 'EntryApproved'),
    ...factsOf(state, 'GracePeriodStarted'),
    ...factsOf(state, 'OpeningPositionRecorded'),
    ...confirmed,
  ]
  return Math.max(-1, ...decisions.map(({ version }) => version))
}

/** What changes the benefit and was said, or said to count no longer, since the last decision. */
interface Unconfirmed {
  readonly said: readonly CaseFact[]
  readonly retracted: readonly CaseFact[]
}

/** Whether facts of the benefit wait for a person's word. */
export function hasUnconfirmed(state: Case, policy: Policy): boolean {
  const { said, retracted } = unconfirmedOf(state, policy)
  return said.length + retracted.length > 0
}

/** What kinds of facts wait for a person's word, each once; a fact that counts no longer is one. */
export function changesWaiting(state: Case, policy: Policy): readonly Cause['kind'][] {
  const { retracted, said } = unconfirmedOf(state, policy)
  const kinds = said.map(kindOf)
  return [...new Set(retracted.length > 0 ? [...kinds, 'correction' as const] : kinds)]
}

function kindOf(fact: CaseFact): Cause['kind'] {
  switch (fact.type) {
    case 'IncomeAssessed':
      return 'income'
    case 'CaseReclassified':
      return 'class'
    case 'MemberLeft':
      return fact.data.died ? 'death' : 'members'
    default:
      return 'members'
  }
}

/**
 * The case as far as a person decided on its facts or its rule lets them decide themselves: what a
 * decision that nobody confirms may rest on. A move counts as soon as it is recorded: the standards
 * of the place that was left hold no longer.
 */
export function confirmedCase(state: Case, policy: Policy): Case {
  const { said, retracted } = unconfirmedOf(state, policy)
  if (said.length + retracted.length === 0) return state
  const kept = state.facts.filter((fact) => !said.includes(fact))
  const facts = [...kept, ...retracted].sort((left, right) => left.version - right.version)
  return { ...state, facts }
}

function unconfirmedOf(state: Case, policy: Policy): Unconfirmed {
  const decided = lastDecision(state)
  const waits = (fact: CaseFact) => waitsForPerson(fact, { state, policy })
  return {
    said: state.facts.filter((fact) => fact.version > decided && waits(fact)),
    retracted: state.retractions
      .filter((one) =>
        one.fact.type === 'MemberLeft'
          ? one.version > Math.max(decided, lastReturn(state)) && hadEffect(one, { decided, waits })
          : one.version > decided && one.fact.version <= decided && waits(one.fact),
      )
      .map(({ fact }) => fact),
  }
}

/** Who brings a household back by retracting its exit says who belongs to it; -1 for nobody. */
function lastReturn(state: Case): number {
  const returns = state.retractions.filter(({ fact }) => fact.type === 'ExitApproved')
  return Math.max(-1, ...returns.map(({ version }) => version))
}

/** A person decided on the leaving, or the rule let it decide itself as a death. */
function hadEffect(
  { fact }: Retraction,
  by: { readonly decided: number; readonly waits: (fact: CaseFact) => boolean },
): boolean {
  return fact.version <= by.decided || !by.waits(fact)
}

function waitsForPerson(
  fact: CaseFact,
  context: { readonly state: Case; readonly policy: Policy },
): boolean {
  switch (fact.type) {
    case 'MemberJoined':
    case 'MemberCircumstancesRecorded':
    case 'CaseReclassified':
      return true
    case 'MemberLeft':
      return !fact.data.died || waitsByRule('death', fact.data.lastMonth, context)
    case 'IncomeAssessed':
      return waitsByRule('income', fact.data.from, context)
    default:
      return false
  }
}

function waitsByRule(
  kind: 'death' | 'income',
  month: Month,
  context: { readonly state: Case; readonly policy: Policy },
): boolean {
  try {
    return !decidesItself(kind, { ...context, month })
  } catch (error) {
    // No rule lets anything decide itself in a month that has none.
    if (error instanceof DomainError) return true
    throw error
  }
}
