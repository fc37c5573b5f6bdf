import {
  headIn,
  incomeFactIn,
  type Member,
  membersIn,
  openingOf,
  placeIn,
} from '../../domain/case/case.js'
import type { CaseCommand, CaseCommandOf } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import type { CaseEvent } from '../../domain/case/events.js'
import { type Case, factsOf } from '../../domain/case/facts.js'
import { fold } from '../../domain/decider.js'
import { DomainError } from '../../domain/errors.js'
import { endOfTime, type Month, nextMonth, type PlainDate } from '../../domain/values/calendar.js'
import { CaseId } from '../../domain/values/identifiers.js'
import { assertWithinScope, type Caller, derivedId } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { caseStream } from '../streams.js'
import { claimContinuation, handleCaseCommand, settleCase } from './cases.js'
import { personsOf } from './claims.js'
import type { ProcessParts } from './parts.js'

type Parts = Pick<ProcessParts, 'handler' | 'policies'>

export interface Opening {
  readonly details: Omit<CaseCommandOf<'OpenCase'>, 'type' | 'caseId' | 'by'>
  readonly caller: Caller
  readonly step?: string
}

/** Opens a case under an id that derives from the request. */
export async function openCase(
  parts: Parts,
  { caller, details, step = '' }: Opening,
): Promise<Handled<CaseEvent> & { readonly caseId: CaseId }> {
  const caseId = derivedId(CaseId, caller, `case/${step}`)
  const by = caller.actor.sub
  const command = { type: 'OpenCase' as const, caseId, ...details, by }
  const request = { type: 'OpenCase', ...details, openedOn: null }
  return { ...(await handleCaseCommand(parts, { caseId, command, caller, step, request })), caseId }
}

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

/**
 * Lets a household go on under another programme or class: one case ends and the other begins with
 * the month after, with the same members and income. Neither an entry nor an exit. All is tried on
 * a copy first, then the members' enrolments are claimed, and only then does the first case end, so
 * that nobody is left without one. Sent again with its key, it goes on from where a crash cut it.
 *
 * @throws DomainError `continuation-has-gap` when the rule gives another first month, what the
 *   entry into the second case and the exit from the first refuse, `enrolment-conflict`,
 *   `division-outside-scope` before anything else is told of either case
 */
export async function continueCase(
  parts: Parts,
  continuation: Continuation,
): Promise<Handled<CaseEvent>> {
  const { caller, from, into, lastMonth } = continuation
  const { policy } = await parts.policies.latest()
  const decider = caseDecider(policy)
  const old = await parts.handler.load(caseStream(from), decider)
  const next = await parts.handler.load(caseStream(into), decider)
  if (!openingOf(old.state)) throw new DomainError('case-unknown', { caseId: from })
  for (const { state } of [old, next]) assertCaseInScope(caller, state)
  const entry = commandsInto(old.state, continuation)
  const after = replayed(decider, next.state, entry)
  assertBeginsNext(after, continuation)

  if (hasEnded(old.state, continuation)) await end(parts, continuation)
  else {
    decider.decide(exitOf(continuation), old.state)
    await endWhenClaimed(parts, continuation, after)
  }
  let handled: Handled<CaseEvent> | undefined
  for (const [at, command] of entry.entries())
    handled = await handleCaseCommand(parts, { caseId: into, command, caller, step: `into/${at}` })
  if (!handled) throw new DomainError('nobody-covered', { month: nextMonth(lastMonth) })
  return handled
}

/** Claims for the second case, and ends the first; where either is refused, neither is so. */
async function endWhenClaimed(
  parts: Parts,
  continuation: Continuation,
  after: Case,
): Promise<void> {
  const { caller, from, into } = continuation
  const claiming = { caseId: into, command: exitOf(continuation), caller, step: 'claim' }
  try {
    await claimContinuation(parts, claiming, { state: after, continues: from })
    await end(parts, continuation)
  } catch (error) {
    // Of any other error nobody knows what was stored: the same request again goes on from there.
    if (error instanceof DomainError) await settleCase(parts, claiming, personsOf(after))
    throw error
  }
}

function end(parts: Parts, continuation: Continuation): Promise<Handled<CaseEvent>> {
  const { caller, from: caseId } = continuation
  return handleCaseCommand(parts, { caseId, command: exitOf(continuation), caller, step: 'exit' })
}

function exitOf({ caller, into, lastMonth, reason }: Continuation) {
  const by = caller.actor.sub
  return { type: 'ApproveExit', lastMonth, reason, continuedBy: into, by } as const
}

/** The request was cut short after the exit: all was claimed before it. */
function hasEnded(old: Case, { into, lastMonth }: Continuation): boolean {
  return factsOf(old, 'ExitApproved').some(
    ({ data }) => data.continuedBy === into && data.lastMonth === lastMonth,
  )
}

function assertCaseInScope({ actor }: Caller, state: Case): void {
  const place = placeIn(state, endOfTime)
  if (place) assertWithinScope(actor, place.division)
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

function replayed(
  decider: ReturnType<typeof caseDecider>,
  state: Case,
  commands: readonly CaseCommand[],
): Case {
  return commands.reduce(
    (current, command) => fold({ ...decider, initial: current }, decider.decide(command, current)),
    state,
  )
}

function assertBeginsNext(after: Case, { from, lastMonth }: Continuation): void {
  const entry = factsOf(after, 'EntryApproved').findLast((fact) => fact.data.continues === from)
  const firstMonth = entry?.data.firstMonth
  if (firstMonth !== nextMonth(lastMonth))
    throw new DomainError('continuation-has-gap', { lastMonth, firstMonth: firstMonth ?? '' })
}
