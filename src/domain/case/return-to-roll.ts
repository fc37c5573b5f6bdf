import { monthlyAmountIn } from '../entitlement/timeline.js'
import { type Month, nextMonth } from '../values/calendar.js'
import type { Fen } from '../values/money.js'
import { coveredIn, spellsOf } from './case.js'
import type { CaseContext } from './decide.js'
import { standardsAhead } from './decide-ahead.js'
import { type Case, evolveCase, type FactOf, factsOf } from './facts.js'

/**
 * The exit of a household in which nobody was left, where somebody is again: their leaving was
 * retracted since, as when a death was recorded wrongly. It stands until a person retracts it.
 */
export function groundlessExit(state: Case): FactOf<'ExitApproved'> | undefined {
  const end = spellsOf(state).at(-1)?.end
  if (end?.kind !== 'exit') return undefined
  const exit = factsOf(state, 'ExitApproved').find(({ version }) => version === end.version)
  const leavings = state.retractions
    .filter(({ fact, version }) => fact.type === 'MemberLeft' && version > end.version)
    .map(({ fact }) => fact)
    .filter(({ version }) => version < end.version)
  if (!exit || leavings.length === 0) return undefined
  const facts = [...state.facts, ...leavings].sort((left, right) => left.version - right.version)
  const next = nextMonth(exit.data.lastMonth)
  const wasEmpty = coveredIn({ ...state, facts }, next).length === 0
  return wasEmpty && coveredIn(state, next).length > 0 ? exit : undefined
}

/** The first month that comes back when the exit is retracted, and what is owed for it then. */
export function withoutExit(
  exit: FactOf<'ExitApproved'>,
  { policy, state }: CaseContext,
): { readonly from: Month; readonly thenFen: Fen } {
  const { lastMonth } = exit.data
  const facts = state.facts.filter(({ version }) => version !== exit.version)
  const retraction = { version: state.version, by: exit.data.by, fact: exit }
  const back = { ...state, facts, retractions: [...state.retractions, retraction] }
  const after = standardsAhead(lastMonth, { policy, state: back }).reduce(evolveCase, back)
  const from = nextMonth(lastMonth)
  return { from, thenFen: monthlyAmountIn(after, from) }
}
