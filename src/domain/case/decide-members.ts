import { DomainError } from '../errors.js'
import { type Month, nextMonth } from '../values/calendar.js'
import {
  headIn,
  incomeFactIn,
  type Membership,
  membershipsOf,
  membersIn,
  openingOf,
  spellsOf,
} from './case.js'
import type { CaseCommandOf } from './commands.js'
import type { CaseEvent, Circumstances } from './events.js'
import { type Case, factsOf } from './facts.js'

export function joinMember(
  command: CaseCommandOf<'JoinMember'>,
  state: Case,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const stays = membershipsOf(state).filter((stay) => stay.personId === command.personId)
  const joined = factsOf(state, 'MemberJoined').find(
    (fact) => fact.data.personId === command.personId && fact.data.from === command.from,
  )
  if (joined && sameCircumstances(joined.data.circumstances, command.circumstances)) return []
  const overlapping = stays.find((stay) => stay.to >= command.from)
  if (overlapping) throw alreadyIn(overlapping, { state, from: command.from })

  return [{ type: 'MemberJoined', data }]
}

export function recordCircumstances(
  command: CaseCommandOf<'RecordCircumstances'>,
  state: Case,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const member = membersIn(state, command.from).find((each) => each.personId === command.personId)
  if (!member) throw notAMember(command.personId, command.from)
  if (sameCircumstances(member.circumstances, command.circumstances)) return []

  return [{ type: 'MemberCircumstancesRecorded', data }]
}

export function leaveMember(
  command: CaseCommandOf<'LeaveMember'>,
  state: Case,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const { lastMonth, personId, reason } = command
  const stay = membershipsOf(state).findLast((each) => each.personId === personId)
  if (stay?.leftReason === reason && stay.to === lastMonth) return []
  if (stay?.leftReason) throw new DomainError('member-already-left', { lastMonth: stay.to })
  if (!stay || nextMonth(lastMonth) < stay.from) throw notAMember(personId, lastMonth)

  return [{ type: 'MemberLeft', data }]
}

/** The household goes on under another head: neither an entry nor an exit. */
export function changeHead(
  command: CaseCommandOf<'ChangeHead'>,
  state: Case,
): readonly CaseEvent[] {
  const { by, from, personId, reason } = command
  if (!membersIn(state, from).some((member) => member.personId === personId)) {
    throw notAMember(personId, from)
  }
  if (headIn(state, from) === personId) return []

  return [{ type: 'HeadChanged', data: { from, personId, reason, by } }]
}

export function assessIncome(
  command: CaseCommandOf<'AssessIncome'>,
  state: Case,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const known = incomeFactIn(state, command.from)?.data
  const same =
    known?.from === command.from &&
    known.monthlyIncomeFen === command.monthlyIncomeFen &&
    known.basis === command.basis
  if (same) return []

  return [{ type: 'IncomeAssessed', data }]
}

function sameCircumstances(left: Circumstances, right: Circumstances): boolean {
  return (
    left.assessed === right.assessed &&
    left.covered === right.covered &&
    left.bornOn === right.bornOn &&
    [...left.classifications].sort().join() === [...right.classifications].sort().join()
  )
}

/** Of a case that has left the roll they are members still: that is said. */
function alreadyIn(
  { from, personId, to }: Membership,
  joining: { readonly state: Case; readonly from: Month },
): DomainError {
  const { state } = joining
  const facts = { personId, from, to, caseId: openingOf(state)?.caseId ?? '' }
  const last = spellsOf(state).at(-1)
  if (last?.end && last.to < joining.from)
    return new DomainError('member-of-exited-household', { ...facts, lastMonth: last.to })
  return new DomainError('member-already-in-household', facts)
}

function notAMember(personId: string, month: string): DomainError {
  return new DomainError('person-not-in-household', { personId, month })
}
