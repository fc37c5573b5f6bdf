import { componentsIn, decisionsOf } from '../entitlement/timeline.js'
import { DomainError } from '../errors.js'
import { ruleOn } from '../policy/policy.js'
import { addMonths, type Month, previousMonth } from '../values/calendar.js'
import { isOnRoll, openingOf, placeIn, spellIn, spellsOf } from './case.js'
import type { CaseCommandOf } from './commands.js'
import type { CaseContext } from './decide.js'
import { workingsOfDecision } from './decide-reassessment.js'
import type { CaseEvent, Cause } from './events.js'
import { type Case, factsOf } from './facts.js'

export function approveExit(
  command: CaseCommandOf<'ApproveExit'>,
  state: Case,
): readonly CaseEvent[] {
  const { lastMonth, reason, continuedBy, by } = command
  const exit = factsOf(state, 'ExitApproved').at(-1)
  const spell = spellsOf(state).at(-1)
  const ended = spell?.end?.version === exit?.version ? exit?.data : undefined
  if (ended?.lastMonth === lastMonth && ended.reason === reason) return []
  if (ended) {
    throw new DomainError('case-already-exited', {
      lastMonth: ended.lastMonth,
      correctWith: 'RetractFact',
    })
  }
  if (!spell) throw new DomainError('case-not-on-roll')
  if (lastMonth < previousMonth(spell.from)) {
    throw new DomainError('exit-before-entry', { firstMonth: spell.from, lastMonth })
  }
  // A re-entry that paid no month is retracted: an exit before it would lengthen the stay before.
  if (lastMonth < spell.from && spellsOf(state).length > 1) {
    throw new DomainError('re-entry-to-be-retracted', { retract: spell.start.version })
  }

  return [{ type: 'ExitApproved', data: { lastMonth, reason, continuedBy, by } }]
}

/** Grace pays the base alone, for the rule's months, and then the case is off the roll. */
export function startGracePeriod(
  command: CaseCommandOf<'StartGracePeriod'>,
  { state, policy }: CaseContext,
): readonly CaseEvent[] {
  const { from, reason, by } = command
  const started = factsOf(state, 'GracePeriodStarted').at(-1)?.data
  if (started?.from === from) return []
  const opening = openingOf(state)
  const place = placeIn(state, from)
  const spell = spellIn(state, from)
  if (!opening || !place || !spell)
    throw new DomainError('case-not-on-roll-in-month', { month: from })
  if (spell.end) {
    const facts = { lastMonth: spell.to, correctWith: 'RetractFact' }
    throw new DomainError('case-already-exited', facts)
  }
  if (!isOnRoll(state, previousMonth(from))) {
    throw new DomainError('case-not-on-roll-in-month', { month: previousMonth(from) })
  }
  const { programme } = opening
  const { rule, document } = ruleOn(policy, { programme, division: place.division, month: from })
  if (rule.graceMonths === 0) throw new DomainError('rule-without-grace', { programme })

  const months = rule.graceMonths
  const base = componentsIn(state, previousMonth(from)).filter(
    (part) => part.component === rule.component,
  )
  const lastMonth = addMonths(from, months - 1)
  const cause: Cause = { kind: 'review', note: `渐退期：${reason}`.slice(0, 200), document }
  return [
    { type: 'GracePeriodStarted', data: { from, months, reason, document, by } },
    ...[from, ...decidedWithin(state, { after: from, lastMonth })].map(
      (month): CaseEvent => ({
        type: 'BenefitAdjusted',
        data: {
          from: month,
          components: base,
          cause,
          workings: workingsOfDecision({ state, policy, month, components: base }),
          by,
        },
      }),
    ),
    { type: 'ExitApproved', data: { lastMonth, reason, continuedBy: null, by } },
  ]
}

/** Months of grace for which another amount was decided ahead. */
function decidedWithin(
  state: Case,
  { after, lastMonth }: { readonly after: Month; readonly lastMonth: Month },
): readonly Month[] {
  return decisionsOf(state)
    .map(({ from }) => from)
    .filter((month) => after < month && month <= lastMonth)
}
