import { placeIn } from '../../domain/case/case.js'
import type { CaseCommandOf } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import type { CaseEvent } from '../../domain/case/events.js'
import { type Case, factsOf } from '../../domain/case/facts.js'
import { fold } from '../../domain/decider.js'
import type { ErrorCode } from '../../domain/error-codes.js'
import { DomainError } from '../../domain/errors.js'
import { endOfTime, shanghaiDateOf } from '../../domain/values/calendar.js'
import { CaseId } from '../../domain/values/identifiers.js'
import { assertWithinScope, type Caller, derivedId } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { caseStream } from '../streams.js'
import { claimContinuation, handleCaseCommand, settleCase } from './cases.js'
import { personsOf } from './claims.js'
import {
  type CasesSeen,
  type Continuation,
  entryDecider,
  seenCases,
  type Trial,
  tryEntry,
} from './continuation-trial.js'
import type { ProcessParts } from './parts.js'

type Parts = Pick<ProcessParts, 'handler' | 'policies' | 'clock'>

export interface Opening {
  readonly details: Omit<CaseCommandOf<'OpenCase'>, 'type' | 'caseId' | 'by'>
  readonly caller: Caller
  readonly step?: string
}

/** Opens a case under an id that derives from the request. */
export async function openCase(
  parts: Omit<Parts, 'clock'>,
  { caller, details, step = '' }: Opening,
): Promise<Handled<CaseEvent> & { readonly caseId: CaseId }> {
  const caseId = derivedId(CaseId, caller, `case/${step}`)
  const by = caller.actor.sub
  const command = { type: 'OpenCase' as const, caseId, ...details, by }
  const request = { type: 'OpenCase', ...details, openedOn: null }
  return { ...(await handleCaseCommand(parts, { caseId, command, caller, step, request })), caseId }
}

/** Times that one of the cases may change between a trial and what was tried. */
const meetingsAtMost = 20

/**
 * Lets a household go on under another programme or class: one case ends and the other begins with
 * the month after, with the same members and income. Neither an entry nor an exit.
 *
 * All is tried on copies first; then the members' enrolments are claimed, the first case ends at
 * the version that was tried, and the second one is entered by one append at the version that was
 * tried. Where the second one has changed meanwhile it is tried again, and where it refuses now,
 * the first one goes on as before. Sent again with its key, it goes on from where a crash cut it.
 *
 * @throws DomainError `continuation-has-gap` when the rule gives another first month, what the
 *   entry into the second case and the exit from the first refuse, `birth-date-differs`,
 *   `enrolment-conflict`, `division-outside-scope` before anything else is told of either case
 */
export async function continueCase(
  parts: Parts,
  continuation: Continuation,
): Promise<Handled<CaseEvent>> {
  for (let meeting = 0; meeting < meetingsAtMost; meeting += 1) {
    const seen = await seenCases(parts, continuation)
    for (const { state } of [seen.old, seen.next]) assertCaseInScope(continuation.caller, state)
    const earlier = await enteredBefore(parts, continuation, seen)
    if (earlier) return earlier
    const ending = hasEnded(seen.old.state, continuation)
      ? { ended: await end(parts, continuation, seen), trial: null }
      : await endWhenClaimed(parts, continuation, seen)
    if (ending) return enterOrGoBack(parts, continuation, ending)
  }
  throw new DomainError('log-busy', { stream: caseStream(continuation.from).name })
}

interface Ending {
  readonly ended: Handled<CaseEvent>
  /** What was tried right before; null where a crash came after the exit. */
  readonly trial: Trial | null
}

/** What this very request entered, where it came so far; what it no longer needs is let go. */
async function enteredBefore(
  parts: Parts,
  continuation: Continuation,
  seen: CasesSeen,
): Promise<Handled<CaseEvent> | null> {
  const decider = { ...entryDecider(seen.policy), decide: () => [] }
  const handled = await parts.handler.handle({ ...entryOf(continuation), decider, command: [] })
  if (!handled.changed) return null
  await letGo(parts, continuation)
  return handled
}

function entryOf({ caller, confirmedOn, from, into, lastMonth, reason }: Continuation) {
  const request = { confirmedOn, from, into, lastMonth, reason }
  return { stream: caseStream(into), caller, step: 'into', request }
}

/**
 * Claims for the second case, and ends the first; where either is refused, neither is so. Null
 * when one of the cases has changed since it was seen.
 */
async function endWhenClaimed(
  parts: Parts,
  continuation: Continuation,
  seen: CasesSeen,
): Promise<Ending | null> {
  const trial = await tryBoth(parts, continuation, seen)
  try {
    await claim(parts, continuation, trial)
    return { ended: await end(parts, continuation, seen), trial }
  } catch (error) {
    // Of any other error nobody knows what was stored: the same request again goes on from there.
    if (isRefusal(error)) await settleInto(parts, continuation, trial.after)
    if (isStale(error)) return null
    throw error
  }
}

/** Where it was refused once after the exit, a crash may have left what was claimed by then. */
async function tryBoth(parts: Parts, continuation: Continuation, seen: CasesSeen): Promise<Trial> {
  const { policy, old } = seen
  try {
    const trial = await tryEntry(parts, continuation, seen)
    caseDecider(policy).decide(exitOf(continuation), old.state)
    return trial
  } catch (error) {
    const wentBack = withdrawn(old.state, continuation.into) > 0
    if (isRefusal(error) && wentBack) await settleInto(parts, continuation, old.state)
    throw error
  }
}

/** Enters the second case; where that is refused, the first one, ended by this request, goes on. */
async function enterOrGoBack(
  parts: Parts,
  continuation: Continuation,
  { ended, trial }: Ending,
): Promise<Handled<CaseEvent>> {
  try {
    return await enter(parts, continuation, trial)
  } catch (error) {
    if (!isRefusal(error) || !ended.changed) throw error
    try {
      await goBack(parts, continuation)
    } catch (failure) {
      // The first case is listed as ended without its continuation; what refused that is told.
      if (!isRefusal(failure)) throw failure
    }
    throw error
  }
}

async function enter(
  parts: Parts,
  continuation: Continuation,
  first: Trial | null,
): Promise<Handled<CaseEvent>> {
  let trial = first
  for (let meeting = 0; meeting < meetingsAtMost; meeting += 1) {
    trial ??= await tryEntry(parts, continuation, await seenCases(parts, continuation))
    await claim(parts, continuation, trial)
    try {
      const handled = await parts.handler.handle({
        ...entryOf(continuation),
        decider: entryDecider(trial.policy),
        command: trial.commands,
        expectedVersion: trial.next.version,
      })
      await letGo(parts, continuation)
      return handled
    } catch (error) {
      if (!isStale(error)) throw error
      trial = null
    }
  }
  throw new DomainError('log-busy', { stream: caseStream(continuation.into).name })
}

/**
 * The first case goes on as if it had not ended: its months are claimed for it again while the
 * second one holds them still, so that nobody is without a household meanwhile.
 */
async function goBack(parts: Parts, continuation: Continuation): Promise<void> {
  const { caller, from: caseId, into } = continuation
  const { old, policy } = await seenCases(parts, continuation)
  const command = {
    type: 'WithdrawContinuation',
    retractedOn: shanghaiDateOf(parts.clock.now()),
    continuedBy: into,
    reason: continuation.reason,
    by: caller.actor.sub,
  } as const
  const request = { from: caseId, into, withdrawn: true }
  const going = { caseId, command, caller, request, step: `back/${withdrawn(old.state, into)}` }
  const decider = { ...caseDecider(policy), initial: old.state }
  const state = fold(decider, decider.decide(command, old.state))
  await claimContinuation(parts, going, { state, continues: into })
  await handleCaseCommand(parts, going)
  await settleInto(parts, continuation, old.state)
}

async function claim(parts: Parts, continuation: Continuation, { after }: Trial): Promise<void> {
  const { caller, from, into: caseId } = continuation
  const claiming = { caseId, command: exitOf(continuation), caller, step: 'claim' }
  await claimContinuation(parts, claiming, { state: after, continues: from })
}

/** What the second case does not need of those who were to be in it. */
async function settleInto(parts: Parts, continuation: Continuation, of: Case): Promise<void> {
  const { caller, into: caseId } = continuation
  const settling = { caseId, command: exitOf(continuation), caller, step: 'settle' }
  await settleCase(parts, settling, personsOf(of))
}

/** What either case held for the other's sake only. */
async function letGo(parts: Parts, continuation: Continuation): Promise<void> {
  const { caller } = continuation
  for (const caseId of [continuation.from, continuation.into])
    await settleCase(parts, { caseId, command: exitOf(continuation), caller, step: 'let-go' })
}

/** At the version that was tried; each time anew after the exit was withdrawn. */
function end(
  parts: Parts,
  continuation: Continuation,
  { old }: CasesSeen,
): Promise<Handled<CaseEvent>> {
  const { caller, from: caseId, into } = continuation
  const step = `exit/${withdrawn(old.state, into)}`
  const expectedVersion = hasEnded(old.state, continuation) ? {} : { expectedVersion: old.version }
  const command = exitOf(continuation)
  return handleCaseCommand(parts, { caseId, command, caller, step, ...expectedVersion })
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

/** How often the first case ended for the second one and went on after all. */
function withdrawn(old: Case, into: CaseId): number {
  return old.retractions.filter(
    ({ fact }) => fact.type === 'ExitApproved' && fact.data.continuedBy === into,
  ).length
}

/** The log that is busy has refused nothing: the same request again goes on. */
const passing: readonly ErrorCode[] = ['log-busy', 'log-closed']

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && !passing.includes(error.code)
}

function isStale(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'stream-version-stale'
}

function assertCaseInScope({ actor }: Caller, state: Case): void {
  const place = placeIn(state, endOfTime)
  if (place) assertWithinScope(actor, place.division)
}
