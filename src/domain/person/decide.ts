import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { excludedBy, type Policy, programmeOf } from '../policy/policy.js'
import { saysTheSame } from '../structural-equality.js'
import { monthOf } from '../values/calendar.js'
import { assertNotBeforeHold } from '../values/hold.js'
import type { PersonCommand } from './commands.js'
import { confirmPayeeChange, proposePayeeChange } from './decide-payee.js'
import { conflictOf, type Enrolment, lastMonthOf, sameCampaignOf } from './enrolments.js'
import type { PersonEvent } from './events.js'
import { evolvePerson, nobody, type Person, type PersonHold } from './person.js'
import { assertReachable, assertUnmerged, registered } from './reachable.js'

type Command<Type extends PersonCommand['type']> = CommandOf<PersonCommand, Type>
type Events = readonly PersonEvent[]

/** The person under a policy, which says what programmes exclude each other. */
export function personDecider(policy: Policy): Decider<Person, PersonCommand, PersonEvent> {
  return {
    initial: nobody,
    evolve: evolvePerson,
    decide: (command, state) => decide(command, state, policy),
  }
}

function decide(command: PersonCommand, state: Person, policy: Policy): Events {
  switch (command.type) {
    case 'RegisterPerson':
      return registerPerson(command, state)
    case 'CorrectPersonDetails':
      return correctDetails(command, state)
    case 'MergePerson':
      return mergePerson(command, state)
    case 'RecordDeath':
      return recordDeath(command, state)
    case 'RetractDeath':
      return retractDeath(command, state)
    case 'VerifyLife':
      return verifyLife(command, state)
    case 'ErasePerson':
      return erasePerson(command, state)
    case 'SetPayeeAccount':
      return setPayeeAccount(command, state)
    case 'ProposePayeeChange':
      return proposePayeeChange(command, state)
    case 'ConfirmPayeeChange':
      return confirmPayeeChange(command, state)
    case 'PlaceHold':
      return placeHold(command, state)
    case 'LiftHold':
      return liftHold(command, state)
    case 'ClaimEnrolment':
    case 'ContinueEnrolment':
      return claimEnrolment(command, state, policy)
    case 'ReleaseEnrolment':
      return releaseEnrolment(command, state)
  }
}

function registerPerson(command: Command<'RegisterPerson'>, state: Person): Events {
  const data = dataOf(command)
  if (saysTheSame(state.registration, data)) return []
  if (state.registration) {
    const facts = { personId: command.personId, correction: 'CorrectPersonDetails' }
    throw new DomainError('person-already-registered', facts)
  }

  return [{ type: 'PersonRegistered', data }]
}

function correctDetails(command: Command<'CorrectPersonDetails'>, state: Person): Events {
  assertReachable(state)
  const { correctedOn: _on, reason: _reason, ...details } = dataOf(command)
  if (saysTheSame(state.details, details)) return []
  if (state.diedOn !== null && state.diedOn < details.bornOn) {
    throw new DomainError('death-before-birth', { diedOn: state.diedOn, bornOn: details.bornOn })
  }

  return [{ type: 'PersonDetailsCorrected', data: dataOf(command) }]
}

function mergePerson(command: Command<'MergePerson'>, state: Person): Events {
  const { personId } = registered(state)
  if (state.mergedInto === command.into) return []
  assertReachable(state)
  if (command.into === personId) throw new DomainError('person-merged-into-itself', { personId })
  assertNotEnrolled(state)

  return [{ type: 'PersonsMerged', data: dataOf(command) }]
}

function recordDeath(command: Command<'RecordDeath'>, state: Person): Events {
  assertUnmerged(state)
  if (state.diedOn === command.diedOn) return []
  if (state.diedOn !== null) {
    const facts = { diedOn: state.diedOn, correction: 'RetractDeath' }
    throw new DomainError('death-already-recorded', facts)
  }
  if (state.details && command.diedOn < state.details.bornOn) {
    const facts = { diedOn: command.diedOn, bornOn: state.details.bornOn }
    throw new DomainError('death-before-birth', facts)
  }

  return [{ type: 'PersonDied', data: dataOf(command) }]
}

function retractDeath(command: Command<'RetractDeath'>, state: Person): Events {
  assertUnmerged(state)
  if (saysTheSame(state.deathRetracted, dataOf(command))) return []
  if (state.diedOn === null) throw new DomainError('death-not-recorded')

  return [{ type: 'DeathRetracted', data: dataOf(command) }]
}

function verifyLife(command: Command<'VerifyLife'>, state: Person): Events {
  assertReachable(state)
  const data = dataOf(command)
  if (state.lifeVerifications.some((known) => saysTheSame(known, data))) return []
  const { validThrough, verifiedOn } = data
  if (validThrough < monthOf(verifiedOn))
    throw new DomainError('verification-ends-early', { verifiedOn, validThrough })
  if (state.diedOn !== null && state.diedOn < command.verifiedOn) {
    throw new DomainError('person-died', { diedOn: state.diedOn, correction: 'RetractDeath' })
  }

  return [{ type: 'LifeVerified', data }]
}

function erasePerson(command: Command<'ErasePerson'>, state: Person): Events {
  registered(state)
  if (state.erasedOn !== null) return []
  assertNotEnrolled(state)

  return [{ type: 'PersonErased', data: dataOf(command) }]
}

function setPayeeAccount(command: Command<'SetPayeeAccount'>, state: Person): Events {
  assertReachable(state)
  const latest = state.accounts.at(-1)
  const accountVersion = (latest?.accountVersion ?? 0) + 1
  if (
    latest &&
    saysTheSame({ ...latest, accountVersion }, { ...dataOf(command), accountVersion })
  ) {
    return []
  }

  return [{ type: 'PayeeAccountSet', data: { ...dataOf(command), accountVersion } }]
}

function placeHold(command: Command<'PlaceHold'>, state: Person): Events {
  assertUnmerged(state)
  const placed = holdOf(state, command.holdId)
  if (
    placed &&
    saysTheSame({ ...placed, liftedFrom: null }, { ...dataOf(command), liftedFrom: null })
  ) {
    return []
  }
  if (placed) throw new DomainError('hold-id-taken', { holdId: command.holdId })

  return [{ type: 'PersonHoldPlaced', data: dataOf(command) }]
}

function liftHold(command: Command<'LiftHold'>, state: Person): Events {
  const hold = holdOf(state, command.holdId)
  if (!hold) throw new DomainError('hold-unknown', { holdId: command.holdId })
  if (hold.liftedFrom === command.from) return []
  if (hold.liftedFrom !== null) {
    throw new DomainError('hold-already-lifted', { holdId: hold.holdId, from: hold.liftedFrom })
  }
  assertNotBeforeHold(hold, command.from)

  return [{ type: 'PersonHoldLifted', data: dataOf(command) }]
}

function holdOf(state: Person, holdId: string): PersonHold | undefined {
  return state.holds.find((hold) => hold.holdId === holdId)
}

type Claiming = Command<'ClaimEnrolment'> | Command<'ContinueEnrolment'>

function claimEnrolment(command: Claiming, state: Person, policy: Policy): Events {
  const { campaign, caseId, programme, covered, from } = command
  assertReachable(state)
  if (state.enrolments.held.some((held) => includesClaim(held, command))) return []
  if (state.diedOn !== null && from > monthOf(state.diedOn)) {
    throw new DomainError('person-died', { diedOn: state.diedOn, correction: 'RetractDeath' })
  }
  const had = sameCampaignOf(state.enrolments, command)
  if (had)
    throw new DomainError('campaign-had-already', {
      campaign: had.campaign ?? '',
      caseId: had.caseId,
    })
  const excludes = [...excludedBy(policy, programme)]
  const { repeatable } = programmeOf(policy, programme, from)
  const continues = command.type === 'ContinueEnrolment' ? command.continues : null
  const claimed = { from, caseId, programme, excludes, covered, campaign }
  const conflict = conflictOf(state.enrolments, { ...claimed, repeatable, continues })
  if (conflict) {
    throw new DomainError('enrolment-conflict', {
      caseId: conflict.caseId,
      programme: conflict.programme,
      from: conflict.from,
      lastMonth: lastMonthOf(conflict),
    })
  }

  return [{ type: 'EnrolmentClaimed', data: claimed }]
}

function includesClaim(held: Enrolment, claim: Claiming): boolean {
  return (
    held.caseId === claim.caseId &&
    held.programme === claim.programme &&
    held.covered === claim.covered &&
    held.lastMonth === null &&
    held.from <= claim.from
  )
}

function releaseEnrolment(command: Command<'ReleaseEnrolment'>, state: Person): Events {
  const { caseId, lastMonth } = command
  registered(state)
  const mine = state.enrolments.held.filter((held) => held.caseId === caseId)
  const goesOn = mine.some((held) => lastMonthOf(held) > lastMonth)
  const release = state.enrolments.released.find((one) => one.caseId === caseId)
  if (!goesOn && release?.lastMonth === lastMonth) return []
  if (!goesOn && release) {
    const facts = { caseId, lastMonth: release.lastMonth, correction: 'ClaimEnrolment' }
    throw new DomainError('enrolment-already-released', facts)
  }
  if (!goesOn) throw new DomainError('enrolment-not-claimed', { caseId })

  return [{ type: 'EnrolmentReleased', data: dataOf(command) }]
}

function assertNotEnrolled(state: Person): void {
  const cases = state.enrolments.held.filter((held) => held.lastMonth === null)
  if (cases.length === 0) return
  throw new DomainError('person-still-enrolled', { cases: cases.map((held) => held.caseId) })
}
