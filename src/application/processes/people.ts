import { DomainError } from '../../domain/errors.js'
import type { PersonCommand } from '../../domain/person/commands.js'
import { personDecider } from '../../domain/person/decide.js'
import type { PersonEvent } from '../../domain/person/events.js'
import { identityDecider } from '../../domain/person/identity.js'
import type { Person } from '../../domain/person/person.js'
import { type PlainDate, shanghaiDateOf } from '../../domain/values/calendar.js'
import { PersonId } from '../../domain/values/identifiers.js'
import { eventIdOf } from '../../event-store/event-id.js'
import { appendKeyOf, type Caller, derivedId } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { identityStream, personStream } from '../streams.js'
import type { ProcessParts } from './parts.js'
import {
  completeDetails,
  type GivenDetails,
  haveSameDetails,
  isSamePerson,
  type OpenDetails,
  openDetails,
  sealDetails,
} from './person-details.js'

export interface Registering {
  readonly details: GivenDetails
  readonly caller: Caller
  readonly step?: string
}

export interface Registered extends Handled<PersonEvent> {
  readonly personId: PersonId
}

/**
 * Registers a person: their number is reserved first, on a stream of its own, so that there is one
 * person a number whoever comes at the same time. The same details again answer the person who is
 * there; a reservation that a crash left without its person is completed by who comes next.
 *
 * @throws DomainError `identity-number-taken` with the person who has it under another name,
 *   `identity-number-wrong`, `person-details-incomplete`
 */
export async function registerPerson(
  parts: ProcessParts,
  { caller, details: given, step = '' }: Registering,
): Promise<Registered> {
  const details = completeDetails(given, today(parts))
  const own = derivedId(PersonId, caller, `person/${step}`)
  const personId = await reserveNumber(parts, {
    caller,
    details,
    personId: own,
    step: `${step}/identity`,
  })
  try {
    const registered = await appendRegistration(parts, { caller, details, given, personId, step })
    return { ...registered, personId }
  } catch (error) {
    if (!isRefusal(error, 'person-already-registered')) throw error
    return { ...(await existing(parts, personId, details)), personId }
  }
}

interface Reserving {
  readonly caller: Caller
  readonly details: OpenDetails
  readonly personId: PersonId
  readonly step: string
}

/** Whose number it is: the person given, or who had it before; without a number, the one given. */
async function reserveNumber(parts: ProcessParts, reserving: Reserving): Promise<PersonId> {
  const { caller, details, personId, step } = reserving
  if (details.identityNumber === null) return personId
  const hash = parts.hashes.identity(details.identityNumber)
  try {
    await parts.handler.handle({
      stream: identityStream(hash),
      decider: identityDecider,
      command: { type: 'ReserveIdentity', reservedOn: today(parts), personId },
      request: { personId },
      caller,
      step,
    })
    return personId
  } catch (error) {
    if (!isRefusal(error, 'identity-number-taken')) throw error
    return PersonId.parse(error.facts['personId'])
  }
}

async function appendRegistration(
  parts: ProcessParts,
  of: Omit<Registering, 'details'> & {
    readonly details: OpenDetails
    readonly given: GivenDetails
    readonly personId: PersonId
    readonly step: string
  },
): Promise<Handled<PersonEvent>> {
  const { caller, details, given, personId, step } = of
  const eventId = eventIdOf(appendKeyOf(caller, `${step}/register`), 0)
  const sealed = await sealDetails(parts, { personId, eventId, details })
  return handlePersonCommand(parts, {
    personId,
    command: { type: 'RegisterPerson', personId, registeredOn: today(parts), ...sealed },
    request: { type: 'RegisterPerson', ...given },
    caller,
    step: `${step}/register`,
  })
}

/** The person who is there already, when the details say that it is the same. */
async function existing(
  parts: ProcessParts,
  personId: PersonId,
  details: OpenDetails,
): Promise<Handled<PersonEvent>> {
  const { policy, ordinal } = await parts.policies.latest()
  const { state, version } = await parts.handler.load(personStream(personId), personDecider(policy))
  const known = state.details && (await openDetails(parts, state.details))
  if (!known || !isSamePerson(known, details))
    throw new DomainError('identity-number-taken', { personId })
  return { changed: false, version, ordinal, events: [] }
}

export interface Correcting {
  readonly personId: PersonId
  readonly details: GivenDetails
  readonly correctedOn: PlainDate
  readonly reason: string
  readonly caller: Caller
  readonly expectedVersion?: number
}

/**
 * Puts a person's details right, all of them as they should read. A number that is new is reserved
 * first; the old one stays the person's, so that nobody else gets it.
 *
 * @throws DomainError `identity-number-taken`, and what `registerPerson` throws of details
 */
export async function correctPerson(
  parts: ProcessParts,
  correcting: Correcting,
): Promise<Handled<PersonEvent>> {
  const { caller, correctedOn, details: given, expectedVersion, personId, reason } = correcting
  const details = completeDetails(given, correctedOn)
  const owner = await reserveNumber(parts, { caller, details, personId, step: 'identity' })
  if (owner !== personId) throw new DomainError('identity-number-taken', { personId: owner })
  const { state } = await loadPerson(parts, personId)
  const known = state.details && (await openDetails(parts, state.details))
  const eventId = eventIdOf(appendKeyOf(caller, 'correct'), 0)
  // Sealed anew, equal details would look like others.
  const sealed =
    state.details && known && haveSameDetails(known, details)
      ? state.details
      : await sealDetails(parts, { personId, eventId, details })
  return handlePersonCommand(parts, {
    personId,
    command: { type: 'CorrectPersonDetails', correctedOn, reason, ...sealed },
    request: { type: 'CorrectPersonDetails', correctedOn, reason, ...given },
    caller,
    step: 'correct',
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
  })
}

export interface PersonRequest {
  readonly personId: PersonId
  readonly command: PersonCommand
  readonly caller: Caller
  readonly step?: string
  readonly request?: unknown
  readonly expectedVersion?: number
}

/** A command of one person's stream that needs no other: holds, payees, life verification. */
export async function handlePersonCommand(
  { handler, policies }: Pick<ProcessParts, 'handler' | 'policies'>,
  { personId, ...handling }: PersonRequest,
): Promise<Handled<PersonEvent>> {
  const { policy } = await policies.latest()
  return handler.handle({
    ...handling,
    stream: personStream(personId),
    decider: personDecider(policy),
  })
}

async function loadPerson(
  { handler, policies }: Pick<ProcessParts, 'handler' | 'policies'>,
  personId: PersonId,
): Promise<{ readonly state: Person; readonly version: number }> {
  const { policy } = await policies.latest()
  return handler.load(personStream(personId), personDecider(policy))
}

function today({ clock }: Pick<ProcessParts, 'clock'>): PlainDate {
  return shanghaiDateOf(clock.now())
}

function isRefusal(error: unknown, code: DomainError['code']): error is DomainError {
  return error instanceof DomainError && error.code === code
}
