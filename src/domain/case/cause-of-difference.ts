import type { ProgrammeKind } from '../policy/events.js'
import { type Case, type CaseFact, factsOf } from './case.js'
import type { Cause } from './events.js'

/**
 * What a difference between facts and decisions comes from: the first fact recorded since the last
 * decision, and, where there is none, a policy that changed or an age that was reached. What
 * follows from a death is decided when the death is recorded.
 */
export function causeOfDifference(state: Case, kind: ProgrammeKind): Cause['kind'] {
  const decided = lastDecisionOf(state)
  const since = state.facts.filter((fact) => fact.version > decided)
  const [first] = since.flatMap((fact) => causeOf(fact) ?? [])
  return first ?? (kind === 'age-band' ? 'age' : 'standard')
}

function lastDecisionOf(state: Case): number {
  const decisions = [
    ...factsOf(state, 'OpeningPositionRecorded'),
    ...factsOf(state, 'BenefitGranted'),
    ...factsOf(state, 'BenefitAdjusted'),
  ]
  return Math.max(-1, ...decisions.map((decision) => decision.version))
}

function causeOf(fact: CaseFact): Cause['kind'] | undefined {
  switch (fact.type) {
    case 'IncomeAssessed':
      return 'income'
    case 'MemberLeft':
    case 'MemberJoined':
    case 'MemberCircumstancesRecorded':
      return 'members'
    case 'CaseReclassified':
    case 'CaseMoved':
      return 'class'
    default:
      return undefined
  }
}
