import type { Month, PlainDate } from '../values/calendar.js'
import type { ActorId, PersonId } from '../values/identifiers.js'
import { type Enrolments, noEnrolments, withClaim, withRelease } from './enrolments.js'
import type { PersonEvent } from './events.js'

type DataOf<Type extends PersonEvent['type']> = Extract<PersonEvent, { type: Type }>['data']

export type Registration = DataOf<'PersonRegistered'>
export type Details = Omit<Registration, 'personId' | 'registeredOn'>
export type PayeeAccount = DataOf<'PayeeAccountSet'>

/** Another account or payee that somebody proposed. */
export interface PayeeProposal extends Readonly<DataOf<'PayeeChangeProposed'>> {
  readonly confirmedBy: ActorId | null
  /** Whether the account or the payee was set since without it. */
  readonly stale: boolean
}

/** Payments to a person, or to their account, wait from a month until the month it is lifted. */
export interface PersonHold extends Readonly<DataOf<'PersonHoldPlaced'>> {
  readonly liftedFrom: Month | null
}

/** Who somebody is, as dated facts in the order they were learned. */
export interface Person {
  readonly registration: Registration | null
  readonly details: Details | null
  readonly mergedInto: PersonId | null
  readonly diedOn: PlainDate | null
  readonly deathRetracted: DataOf<'DeathRetracted'> | null
  readonly erasedOn: PlainDate | null
  readonly lifeVerifications: readonly DataOf<'LifeVerified'>[]
  readonly accounts: readonly PayeeAccount[]
  readonly payees: readonly DataOf<'PayeeDesignated'>[]
  readonly proposals: readonly PayeeProposal[]
  readonly holds: readonly PersonHold[]
  readonly enrolments: Enrolments
}

export const nobody: Person = {
  registration: null,
  details: null,
  mergedInto: null,
  diedOn: null,
  deathRetracted: null,
  erasedOn: null,
  lifeVerifications: [],
  accounts: [],
  payees: [],
  proposals: [],
  holds: [],
  enrolments: noEnrolments,
}

export function evolvePerson(person: Person, event: PersonEvent): Person {
  switch (event.type) {
    case 'PersonRegistered': {
      const { personId: _id, registeredOn: _on, ...details } = event.data
      return { ...person, registration: event.data, details }
    }
    case 'PersonDetailsCorrected': {
      const { correctedOn: _on, reason: _reason, ...details } = event.data
      return { ...person, details }
    }
    case 'PersonsMerged':
      return { ...person, mergedInto: event.data.into }
    case 'PersonDied':
      return { ...person, diedOn: event.data.diedOn, deathRetracted: null }
    case 'DeathRetracted':
      return { ...person, diedOn: null, deathRetracted: event.data }
    case 'LifeVerified':
      return { ...person, lifeVerifications: [...person.lifeVerifications, event.data] }
    case 'PersonErased':
      return { ...person, erasedOn: event.data.erasedOn }
    case 'PayeeChangeProposed':
      return withProposal(person, event.data)
    case 'PayeeChangeConfirmed':
      return { ...person, proposals: person.proposals.map((one) => confirmed(one, event.data)) }
    case 'PayeeAccountSet':
      return { ...overtaken(person, 'account'), accounts: [...person.accounts, event.data] }
    case 'PayeeDesignated':
      return { ...overtaken(person, 'payee'), payees: [...person.payees, event.data] }
    case 'PersonHoldPlaced':
      return { ...person, holds: [...person.holds, { ...event.data, liftedFrom: null }] }
    case 'PersonHoldLifted':
      return { ...person, holds: person.holds.map((hold) => lifted(hold, event.data)) }
    case 'EnrolmentClaimed':
      return { ...person, enrolments: withClaim(person.enrolments, event.data) }
    case 'EnrolmentReleased':
      return { ...person, enrolments: withRelease(person.enrolments, event.data) }
  }
}

function withProposal(person: Person, proposed: DataOf<'PayeeChangeProposed'>): Person {
  const proposal = { ...proposed, confirmedBy: null, stale: false }
  return { ...person, proposals: [...person.proposals, proposal] }
}

/** What waits was proposed against an account or a payee that is no longer the one. */
function overtaken(person: Person, kind: PayeeProposal['change']['kind']): Person {
  const proposals = person.proposals.map((one) =>
    one.change.kind === kind && one.confirmedBy === null ? { ...one, stale: true } : one,
  )
  return { ...person, proposals }
}

function confirmed(
  proposal: PayeeProposal,
  { by, proposal: number }: DataOf<'PayeeChangeConfirmed'>,
): PayeeProposal {
  return proposal.proposal === number ? { ...proposal, confirmedBy: by } : proposal
}

function lifted(hold: PersonHold, lift: DataOf<'PersonHoldLifted'>): PersonHold {
  return hold.holdId === lift.holdId ? { ...hold, liftedFrom: lift.from } : hold
}

/** The account that money goes to on a date; undefined while there is none that can be opened. */
export function accountOn(person: Person, on: PlainDate): PayeeAccount | undefined {
  return person.erasedOn === null ? inForce(person.accounts, on) : undefined
}

/** Who is paid for this person on a date: somebody designated, else the person; null for nobody. */
export function payeeOn(person: Person, on: PlainDate): PersonId | null {
  return inForce(person.payees, on)?.payee ?? person.registration?.personId ?? null
}

function inForce<Dated extends { readonly from: PlainDate }>(
  facts: readonly Dated[],
  on: PlainDate,
): Dated | undefined {
  let best: Dated | undefined
  for (const fact of facts) {
    if (fact.from <= on && (!best || fact.from >= best.from)) best = fact
  }
  return best
}

/** The holds on a person and on their account in a month; empty when they may be paid. */
export function holdsIn(person: Person, month: Month): readonly PersonHold[] {
  return person.holds.filter(
    (hold) => hold.from <= month && (hold.liftedFrom === null || month < hold.liftedFrom),
  )
}

/** The last month through which somebody saw this person alive; null when nobody did. */
export function lifeVerifiedThrough(person: Person): Month | null {
  return (
    person.lifeVerifications
      .map((one) => one.validThrough)
      .sort()
      .at(-1) ?? null
  )
}
