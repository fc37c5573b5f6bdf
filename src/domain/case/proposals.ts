import { componentsIn, decisionIn, monthlyAmountIn } from '../entitlement/timeline.js'
import { DomainError } from '../errors.js'
import { type Month, nextMonth } from '../values/calendar.js'
import type { ActorId } from '../values/identifiers.js'
import { type Fen, sumFen } from '../values/money.js'
import { isOnRoll, openingOf } from './case.js'
import { changesWaiting, hasUnconfirmed } from './confirmed.js'
import type { CaseContext } from './decide.js'
import { proposedFor, reassessBenefit, requireIncome } from './decide-reassessment.js'
import { policyMonthsFor, sameComponents } from './differences.js'
import type { CaseEvent, Cause } from './events.js'
import { type Case, evolveCase, type FactOf, factsOf } from './facts.js'
import { groundlessExit, withoutExit } from './return-to-roll.js'
import type { BenefitComponent } from './workings.js'

/** What waits for a person's decision about the monthly benefit of one case. */
export interface CaseProposal {
  /**
   * `unchanged`: facts wait to be confirmed, and give what is paid already. `return`: an exit
   * stands that nothing supports any longer.
   */
  readonly what: 'adjustment' | 'exit' | 'unchanged' | 'return' | 'undecidable'
  /** The first month that it changes. */
  readonly from: Month
  /** What the decisions in force give in that month, and what the decision would. */
  readonly nowFen: Fen
  /** Null where it can't be decided. */
  readonly thenFen: Fen | null
  /** Every month from which the decision would say something else than those before it. */
  readonly months: readonly Month[]
  /** The last month on the roll, where the case would leave it. */
  readonly lastMonth: Month | null
  readonly reasons: readonly Cause['kind'][]
  /** The event of the case whose retraction decides a `return`; else a reassessment decides. */
  readonly retractsVersion: number | null
  /** Why it can't be decided. */
  readonly refusal: DomainError | null
}

interface Asked {
  readonly month: Month
  readonly by: ActorId
}

/** Decided by the next pass over the roll without a person, where the dated rule says so. */
const decidedByItself = ['standard', 'income', 'age'] as const

/**
 * What a confirmed reassessment from `month` on would decide beyond what the rules let decide
 * itself; null where nothing waits for a person.
 */
export function proposalFor(asked: Asked, { policy, state }: CaseContext): CaseProposal | null {
  const { month } = asked
  const exit = groundlessExit(state)
  if (exit) return returning(exit, { policy, state })
  if (!isOnRoll(state, month)) return null
  try {
    if (waiting(asked, { policy, state }).length === 0) return null
    const ahead = decidedAlone(asked, { policy, state })
    const events = waiting(asked, { policy, state: ahead })
    if (events.length === 0 || !isToBeSaid(month, { policy, state })) return null
    requireIncome(state, policy)
    return proposed(events, { policy, state })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return undecidable(error, { month, policy, state })
  }
}

const anyCause: Cause = { kind: 'review', note: '待核定', document: null }

function commandOf({ by, month }: Asked, mode: 'automatic' | 'confirmed') {
  return { type: 'ReassessBenefit', from: month, cause: anyCause, mode, by } as const
}

function waiting(asked: Asked, context: CaseContext): readonly CaseEvent[] {
  return proposedFor(commandOf(asked, 'confirmed'), context)
}

/**
 * The case after the decisions that nobody has to confirm. An exit by a standard is listed: a pass
 * decides one only for who was in the place when the standard was set, and not for who came later.
 */
function decidedAlone(asked: Asked, { policy, state }: CaseContext): Case {
  const command = commandOf(asked, 'automatic')
  return decidedByItself.reduce((decided, kind) => {
    try {
      const cause = { ...anyCause, kind }
      const events = reassessBenefit({ ...command, cause }, { policy, state: decided })
      const exit = kind === 'standard' ? events.findIndex(isExit) : -1
      return (exit < 0 ? events : events.slice(0, exit)).reduce(evolveCase, decided)
    } catch (error) {
      if (error instanceof DomainError) return decided
      throw error
    }
  }, state)
}

function isExit({ type }: CaseEvent): boolean {
  return type === 'ExitApproved'
}

/**
 * A household taken over without its income differs from what facts give as long as nobody says
 * what it earns: that waits for a person once a fact, a move or a standard came since.
 */
function isToBeSaid(month: Month, { policy, state }: CaseContext): boolean {
  try {
    requireIncome(state, policy)
    return true
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const since = decisionIn(state, month)?.from ?? month
    const moves = factsOf(state, 'CaseMoved').map(({ data }) => data.from)
    const later = [...policyMonthsFor(state, policy), ...moves].some((one) => one > since)
    return later || hasUnconfirmed(state, policy)
  }
}

function proposed(
  events: readonly CaseEvent[],
  { policy, state }: CaseContext,
): CaseProposal | null {
  const changes = events.flatMap(changeIn)
  const [first] = changes
  if (!first) return null
  const reasons = changesWaiting(state, policy)
  return {
    what: whatIs(first, state),
    from: first.from,
    nowFen: monthlyAmountIn(state, first.from),
    thenFen: sumFen(first.components.map(({ amountFen }) => amountFen)),
    months: changes.map(({ from }) => from),
    lastMonth: changes.find(({ lastMonth }) => lastMonth !== null)?.lastMonth ?? null,
    reasons: reasons.length > 0 ? reasons : ['standard'],
    retractsVersion: null,
    refusal: null,
  }
}

function returning(exit: FactOf<'ExitApproved'>, context: CaseContext): CaseProposal {
  const { from, thenFen } = withoutExit(exit, context)
  return {
    what: 'return',
    from,
    nowFen: sumFen([]),
    thenFen,
    months: [from],
    lastMonth: null,
    reasons: ['correction'],
    retractsVersion: exit.version,
    refusal: null,
  }
}

interface Change {
  readonly from: Month
  readonly components: readonly BenefitComponent[]
  /** Where it is an exit. */
  readonly lastMonth: Month | null
}

function changeIn(event: CaseEvent): readonly Change[] {
  if (event.type === 'ExitApproved') {
    const { lastMonth } = event.data
    return [{ from: nextMonth(lastMonth), components: [], lastMonth }]
  }
  if (event.type !== 'BenefitAdjusted') return []
  const { components, from } = event.data
  return [{ from, components, lastMonth: null }]
}

function whatIs({ components, from, lastMonth }: Change, state: Case): CaseProposal['what'] {
  if (lastMonth !== null) return 'exit'
  return sameComponents(components, componentsIn(state, from)) ? 'unchanged' : 'adjustment'
}

function undecidable(
  refusal: DomainError,
  { month, policy, state }: CaseContext & { readonly month: Month },
): CaseProposal | null {
  if (!openingOf(state)) return null
  const nowFen = monthlyAmountIn(state, month)
  const reasons = changesWaiting(state, policy)
  const none = { thenFen: null, months: [], lastMonth: null, retractsVersion: null }
  return { what: 'undecidable', from: month, nowFen, ...none, reasons, refusal }
}
