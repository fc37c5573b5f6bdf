import { DomainError } from '../errors.js'
import { type Policy, programmeOf } from '../policy/policy.js'
import { isOnRoll, membersIn, openingOf } from './case.js'
import type { CaseCommandOf } from './commands.js'
import type { Case } from './facts.js'

/**
 * A supplement is some money for a month in which the case had its benefit, or, of a programme
 * that has no roll, for its one grant; those it names belonged to the household then, each once.
 */
export function requireRecipients(
  { amountFen, month, persons }: CaseCommandOf<'GrantSupplement'>,
  { policy, state }: { readonly policy: Policy; readonly state: Case },
): void {
  if (amountFen === 0) throw new DomainError('supplement-without-amount', { amountFen })
  const twice = persons.find((person, at) => persons.indexOf(person) !== at)
  if (twice) throw new DomainError('supplement-person-twice', { personId: twice })
  const members = membersIn(state, month).map(({ personId }) => personId)
  const stranger = persons.find((person) => !members.includes(person))
  if (stranger) throw new DomainError('supplement-person-not-member', { personId: stranger, month })
  const opening = openingOf(state)
  if (!opening || programmeOf(policy, opening.programme).kind === 'one-off') return
  if (!isOnRoll(state, month)) throw new DomainError('supplement-off-roll', { month })
}
