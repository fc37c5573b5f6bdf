import { openingOf, placeIn } from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import type { CaseEvent } from '../../domain/case/events.js'
import type { Case } from '../../domain/case/facts.js'
import { type Decider, fold } from '../../domain/decider.js'
import { DomainError } from '../../domain/errors.js'
import { personDecider } from '../../domain/person/decide.js'
import { assertDivision } from '../../domain/policy/divisions.js'
import { type Policy, programmeOf } from '../../domain/policy/policy.js'
import { saysTheSame } from '../../domain/structural-equality.js'
import { endOfTime, lastDayOf } from '../../domain/values/calendar.js'
import type { CaseId, PersonId } from '../../domain/values/identifiers.js'
import { assertWithinScope, type Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { caseStream, personStream } from '../streams.js'
import {
  type ClaimCommand,
  claimsToMake,
  continuing,
  neededClaim,
  personsOf,
  releasesDue,
} from './claims.js'
import type { ProcessParts } from './parts.js'

type Parts = Pick<ProcessParts, 'handler' | 'policies'>

export interface CaseRequest {
  readonly caseId: CaseId
  readonly command: CaseCommand
  readonly caller: Caller
  /** What this is within the request, when the request gives several commands. */
  readonly step?: string
  /** What the caller asked, when the command also holds what the server filled in. */
  readonly request?: unknown
  readonly expectedVersion?: number
}

/** One command under way: with the policy of its decision, the same from the first look on. */
interface Work extends CaseRequest {
  readonly step: string
  readonly policy: Policy
  readonly decider: Decider<Case, CaseCommand, CaseEvent>
}

/** Commands after which other months may be claimed for the members than before. */
const movesMembers: ReadonlySet<CaseCommand['type']> = new Set([
  'JoinMember',
  'RecordCircumstances',
  'LeaveMember',
  'ApproveEntry',
  'ReassessBenefit',
  'StartGracePeriod',
  'ApproveExit',
  'WithdrawContinuation',
  'RetractFact',
])

/**
 * Every command of a case. What the case will need of its members' enrolments is claimed on the
 * person's stream first, then the case decides, then what it needs no longer is released; so a
 * person is never in two households, whoever comes at the same time. Sent again with its key, a
 * command that a crash cut short is brought to its end.
 *
 * @throws DomainError of the case, `enrolment-conflict`, `division-outside-scope`,
 *   `division-unknown`, `programme-unknown`, `birth-date-differs`
 */
export async function handleCaseCommand(
  parts: Parts,
  request: CaseRequest,
): Promise<Handled<CaseEvent>> {
  const { state, work } = await begun(parts, request)
  assertCaseWithinScope(work, state)
  return handleWithin(parts, work, state)
}

/**
 * The same for a case of a roll that the caller decides about: it belongs to the roll by its place
 * in the month of the roll, wherever it is by now.
 */
export async function handleCaseOfRoll(
  parts: Parts,
  request: CaseRequest,
): Promise<Handled<CaseEvent>> {
  const { state, work } = await begun(parts, request)
  return handleWithin(parts, work, state)
}

async function begun(
  parts: Parts,
  request: CaseRequest,
): Promise<{ readonly work: Work; readonly state: Case }> {
  const { policy } = await parts.policies.latest()
  const work: Work = { step: '', ...request, policy, decider: caseDecider(policy) }
  const { state } = await parts.handler.load(caseStream(work.caseId), work.decider)
  if (!openingOf(state) && work.command.type !== 'OpenCase')
    throw new DomainError('case-unknown', { caseId: work.caseId })
  return { work, state }
}

async function handleWithin(parts: Parts, work: Work, state: Case): Promise<Handled<CaseEvent>> {
  assertOfThePolicy(work)
  await assertOwnBirthDate(parts, work)
  if (!movesMembers.has(work.command.type)) return decideOnCase(parts, work)

  const after = preview(work, state)
  const concerned = concernedBy(state, after, work.policy)
  try {
    await settleClaims(parts, work, { state: after, persons: concerned, phase: 'before' })
    const handled = await decideOnCase(parts, work)
    await settleClaims(parts, work, {
      ...(await current(parts, work)),
      persons: concerned,
      phase: 'after',
    })
    return handled
  } catch (error) {
    // Of any other error nobody knows whether the case has decided: then the claims stay, and the
    // same request sent again goes on from there.
    if (error instanceof DomainError)
      await settleClaims(parts, work, {
        ...(await current(parts, work)),
        persons: concerned,
        phase: 'release',
      })
    throw error
  }
}

/**
 * Lets go of the months that the case needs no longer, its members' and those of `others`, after
 * `command` was decided by other means than `handleCaseCommand`, or was not.
 */
export async function settleCase(
  parts: Parts,
  request: CaseRequest,
  others: readonly PersonId[] = [],
): Promise<void> {
  const { policy } = await parts.policies.latest()
  const work: Work = { step: '', ...request, policy, decider: caseDecider(policy) }
  const { state } = await current(parts, work)
  const persons = [...new Set([...personsOf(state), ...others])]
  await settleClaims(parts, work, { state, persons, phase: 'release' })
}

/**
 * Claims what the case will need of its members' enrolments once another has gone on under it;
 * `continues` may hold its own until then.
 *
 * @throws DomainError `enrolment-conflict`; what was claimed by then is let go with `settleCase`
 */
export async function claimContinuation(
  parts: Parts,
  request: CaseRequest,
  { continues, state }: { readonly state: Case; readonly continues: CaseId },
): Promise<void> {
  const { policy } = await parts.policies.latest()
  const work: Work = { step: '', ...request, policy, decider: caseDecider(policy) }
  const persons = personsOf(state)
  await settleClaims(parts, work, { state, persons, phase: 'before', continues })
}

function decideOnCase(parts: Parts, work: Work): Promise<Handled<CaseEvent>> {
  const { caseId, policy: _policy, ...handling } = work
  return parts.handler.handle({ ...handling, stream: caseStream(caseId) })
}

/** The place where the case is, and the place where the command brings it. */
function assertCaseWithinScope({ caller, command }: Work, state: Case): void {
  const place = placeIn(state, endOfTime)
  if (place) assertWithinScope(caller.actor, place.division)
  if ('division' in command) assertWithinScope(caller.actor, command.division)
}

/** Refuses 'programme-unknown' and 'division-unknown': a case stands under what the policy has. */
function assertOfThePolicy({ command, policy }: Work): void {
  if (command.type === 'OpenCase') {
    const { division, openedOn, programme } = command
    programmeOf(policy, programme)
    assertDivision(policy, { division, on: openedOn })
  }
  if (command.type === 'MoveCase')
    assertDivision(policy, { division: command.division, on: lastDayOf(command.from) })
}

/** Ages decide amounts, so a member's birth date is the one the person is registered with. */
export async function assertOwnBirthDate(
  parts: Pick<Parts, 'handler'>,
  { command, policy }: Pick<Work, 'command' | 'policy'>,
): Promise<void> {
  if (command.type !== 'JoinMember' && command.type !== 'RecordCircumstances') return
  const { circumstances, personId } = command
  const { state } = await parts.handler.load(personStream(personId), personDecider(policy))
  const registered = state.details?.bornOn
  if (registered === undefined || registered === circumstances.bornOn) return
  throw new DomainError('birth-date-differs', {
    personId,
    bornOn: circumstances.bornOn,
    registered,
  })
}

/** The case as the command would leave it. A refusal or a replay is the handler's to answer. */
function preview({ command, decider }: Work, state: Case): Case {
  try {
    const events = decider.decide(command, state)
    return events.length === 0 ? state : fold({ ...decider, initial: state }, events)
  } catch (error) {
    if (error instanceof DomainError) return state
    throw error
  }
}

/** Whose needs the command changes; everyone where it changes nothing, to finish what was begun. */
function concernedBy(before: Case, after: Case, policy: Policy): readonly PersonId[] {
  const persons = [...new Set([...personsOf(before), ...personsOf(after)])]
  if (after === before) return persons
  return persons.filter(
    (personId) =>
      !saysTheSame(
        neededClaim(before, { personId, policy }),
        neededClaim(after, { personId, policy }),
      ),
  )
}

function current(parts: Parts, { caseId, decider }: Work): Promise<{ readonly state: Case }> {
  return parts.handler.load(caseStream(caseId), decider)
}

interface Settling {
  /** The case whose needs count. */
  readonly state: Case
  readonly persons: readonly PersonId[]
  /** Before the decision claims are made, after it also released; or they are only released. */
  readonly phase: 'before' | 'after' | 'release'
  /** The case that goes on under this one, and holds the members' months until then. */
  readonly continues?: CaseId
}

async function settleClaims(parts: Parts, work: Work, settling: Settling): Promise<void> {
  const { continues, persons, phase, state } = settling
  for (const personId of persons) {
    const person = await parts.handler.load(personStream(personId), personDecider(work.policy))
    const needed = neededClaim(state, { personId, policy: work.policy })
    const reason = reasonOf(work.command)
    const due = { caseId: work.caseId, needed, reason }
    const claims = phase === 'release' ? [] : claimsToMake(person.state, needed)
    const commands = [
      ...(continues ? continuing(claims, continues) : claims),
      ...(phase === 'before' ? [] : releasesDue(person.state, due)),
    ]
    await handleClaims(parts, work, { personId, version: person.version, commands })
  }
}

function reasonOf(command: CaseCommand): string {
  return 'reason' in command ? command.reason : command.type
}

/** Each claim's key has the version it was concluded from: a later one is not taken for it. */
async function handleClaims(
  parts: Parts,
  { caller, policy, step }: Work,
  due: {
    readonly personId: PersonId
    readonly version: number
    readonly commands: readonly ClaimCommand[]
  },
): Promise<void> {
  const { personId, version } = due
  for (const command of due.commands)
    await parts.handler.handle({
      stream: personStream(personId),
      decider: personDecider(policy),
      command,
      caller,
      step: `${step}/${command.type}/${personId}/${version}`,
    })
}
