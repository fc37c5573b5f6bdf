import {
  headIn,
  incomeFactIn,
  isOnRoll,
  type Member,
  membersIn,
  openingOf,
  placeIn,
} from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import { firstMonthOf } from '../../domain/case/decide-entry.js'
import type { CaseEvent } from '../../domain/case/events.js'
import { type Case, factsOf } from '../../domain/case/facts.js'
import { type Decider, fold } from '../../domain/decider.js'
import { DomainError } from '../../domain/errors.js'
import { type Policy, ruleOn } from '../../domain/policy/policy.js'
import { type Month, monthOf, nextMonth, type PlainDate } from '../../domain/values/calendar.js'
import type { CaseId } from '../../domain/values/identifiers.js'
import type { Caller } from '../caller.js'
import { caseStream } from '../streams.js'
import { assertOwnBirthDate } from './cases.js'
import type { ProcessParts } from './parts.js'

export interface Continuation {
  /** The case that ends. */
  readonly from: CaseId
  /** The case that goes on; opened before, with the steps that its rule asks for on record. */
  readonly into: CaseId
  /** The last month under the case that ends. */
  readonly lastMonth: Month
  readonly confirmedOn: PlainDate
  readonly reason: string
  readonly caller: Caller
}

/** A case at one version of its stream. */
export interface CaseSeen {
  readonly state: Case
  readonly version: number
}

/** Both cases as they are, and one policy for all that is decided of them. */
export interface CasesSeen {
  readonly policy: Policy
  readonly old: CaseSeen
  readonly next: CaseSeen
}

/** What the continuation comes to on the cases as they were seen; nothing of it is written. */
export interface Trial extends CasesSeen {
  readonly commands: readonly CaseCommand[]
  /** The second case after them. */
  readonly after: Case
}

/** @throws DomainError `case-unknown` */
export async function seenCases(
  { handler, policies }: Pick<ProcessParts, 'handler' | 'policies'>,
  { from, into }: Pick<Continuation, 'from' | 'into'>,
): Promise<CasesSeen> {
  const { policy } = await policies.latest()
  const decider = caseDecider(policy)
  const old = await handler.load(caseStream(from), decider)
  if (!openingOf(old.state)) throw new DomainError('case-unknown', { caseId: from })
  return { policy, old, next: await handler.load(caseStream(into), decider) }
}

/**
 * Tries the entry into the second case on a copy: appended at the version that was seen, it can't
 * be refused.
 *
 * @throws DomainError `case-not-on-roll-in-month`, `continuation-has-gap`, `nobody-covered`,
 *   `birth-date-differs`, and what the entry refuses
 */
export async function tryEntry(
  parts: Pick<ProcessParts, 'handler'>,
  continuation: Continuation,
  seen: CasesSeen,
): Promise<Trial> {
  const { lastMonth } = continuation
  // Who never was on the old roll comes as a new entry, and is counted as one.
  if (!isOnRoll(seen.old.state, lastMonth))
    throw new DomainError('case-not-on-roll-in-month', { month: lastMonth })
  assertRuleBeginsNext(seen, continuation)
  const commands = commandsInto(seen.old.state, continuation)
  for (const command of commands) await assertOwnBirthDate(parts, { command, policy: seen.policy })
  const events = entryDecider(seen.policy).decide(commands, seen.next.state)
  const after = fold({ ...caseDecider(seen.policy), initial: seen.next.state }, events)
  assertBeginsNext(after, continuation)
  return { ...seen, commands, after }
}

/** All that makes the second case what the first one was, in one append or not at all. */
export function entryDecider(policy: Policy): Decider<Case, readonly CaseCommand[], CaseEvent> {
  const decider = caseDecider(policy)
  return {
    ...decider,
    decide: (commands, state) => {
      const decided: CaseEvent[] = []
      let current = state
      for (const command of commands) {
        const events = decider.decide(command, current)
        current = fold({ ...decider, initial: current }, events)
        decided.push(...events)
      }
      return decided
    },
  }
}

/** What makes the second case what the first one was. */
function commandsInto(old: Case, continuation: Continuation): readonly CaseCommand[] {
  const { caller, confirmedOn, from: continues, lastMonth, reason } = continuation
  const from = nextMonth(lastMonth)
  const head = headIn(old, lastMonth)
  const joins = membersIn(old, lastMonth).map((member) => ({
    type: 'JoinMember' as const,
    from,
    personId: member.personId,
    ...joiningOf(old, member),
    head: member.personId === head,
    circumstances: member.circumstances,
  }))
  const income = incomeFactIn(old, lastMonth)?.data
  const entry = {
    type: 'ApproveEntry' as const,
    confirmedOn,
    continues,
    reason,
    by: caller.actor.sub,
  }
  return [...joins, ...(income ? [{ type: 'AssessIncome' as const, ...income, from }] : []), entry]
}

/** As it was recorded in the first case, and by whom: who decides here prepared none of it. */
function joiningOf(old: Case, { membership, personId }: Member) {
  const joined = factsOf(old, 'MemberJoined').find(
    ({ version }) => version === membership.joinedVersion,
  )
  const recorded = factsOf(old, 'MemberCircumstancesRecorded').findLast(
    ({ data, version }) => data.personId === personId && version > membership.joinedVersion,
  )
  if (!joined) throw new Error('a membership without the event that began it')
  return { relation: joined.data.relation, by: (recorded ?? joined).data.by }
}

/** Told before what would be wrong with a first month that is none of the household's. */
function assertRuleBeginsNext(
  { next: { state }, policy }: CasesSeen,
  { confirmedOn, lastMonth }: Continuation,
): void {
  const opening = openingOf(state)
  const month = monthOf(confirmedOn)
  const place = placeIn(state, month)
  if (!opening || !place) return
  const asked = { programme: opening.programme, division: place.division, month }
  const firstMonth = firstMonthOf(ruleOn(policy, asked).rule, confirmedOn)
  if (firstMonth !== nextMonth(lastMonth))
    throw new DomainError('continuation-has-gap', { lastMonth, firstMonth })
}

function assertBeginsNext(after: Case, { from, lastMonth }: Continuation): void {
  const entry = factsOf(after, 'EntryApproved').findLast((fact) => fact.data.continues === from)
  const firstMonth = entry?.data.firstMonth
  if (firstMonth !== nextMonth(lastMonth))
    throw new DomainError('continuation-has-gap', { lastMonth, firstMonth: firstMonth ?? '' })
}
