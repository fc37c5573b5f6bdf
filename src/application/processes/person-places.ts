import { placeIn, spellsOf } from '../../domain/case/case.js'
import { caseDecider } from '../../domain/case/decide.js'
import type { Case } from '../../domain/case/facts.js'
import { personDecider } from '../../domain/person/decide.js'
import { lastMonthOf } from '../../domain/person/enrolments.js'
import type { Person } from '../../domain/person/person.js'
import { endOfTime, type Month, monthOf, shanghaiDateOf } from '../../domain/values/calendar.js'
import { type DivisionCode, isWithin } from '../../domain/values/division.js'
import type { CaseId, PersonId } from '../../domain/values/identifiers.js'
import type { Actor } from '../caller.js'
import { caseStream, personStream } from '../streams.js'
import type { ProcessParts } from './parts.js'

/** Where somebody's cases are now: none for who has no case. */
export interface PersonPlaces {
  /** Of all their cases: who works for one of them may read. */
  readonly reading: readonly DivisionCode[]
  /** Of the cases that have them on a roll, or else of all: who works for one may write. */
  readonly writing: readonly DivisionCode[]
}

/** The cases that the places of a person depend on. */
export function casesOf({ enrolments }: Person): readonly CaseId[] {
  return [...new Set(enrolments.held.map(({ caseId }) => caseId))]
}

/**
 * Where a person belongs: a one-off case, or one that ended, counts for who is on no roll this
 * month or later.
 */
export function placesOfPerson(
  person: Person,
  { cases, month }: { readonly cases: ReadonlyMap<CaseId, Case>; readonly month: Month },
): PersonPlaces {
  const goesOn = new Set(
    person.enrolments.held.filter((one) => lastMonthOf(one) >= month).map(({ caseId }) => caseId),
  )
  const places = casesOf(person).flatMap((caseId) => {
    const state = cases.get(caseId)
    const division = state && placeIn(state, endOfTime)?.division
    if (!state || division === undefined) return []
    const onRoll = goesOn.has(caseId) && spellsOf(state).some(({ to }) => to >= month)
    return [{ division, onRoll }]
  })
  const onRoll = places.filter((place) => place.onRoll)
  const divisionsOf = (some: typeof places) => some.map(({ division }) => division)
  return {
    reading: divisionsOf(places),
    writing: divisionsOf(onRoll.length > 0 ? onRoll : places),
  }
}

/** Where a person belongs now, as the log has it. */
export async function placesNowOf(
  { clock, handler, policies }: Pick<ProcessParts, 'clock' | 'handler' | 'policies'>,
  personId: PersonId,
): Promise<PersonPlaces> {
  const { policy } = await policies.latest()
  const { state: person } = await handler.load(personStream(personId), personDecider(policy))
  const cases = new Map<CaseId, Case>()
  for (const caseId of casesOf(person)) {
    const { state } = await handler.load(caseStream(caseId), caseDecider(policy))
    cases.set(caseId, state)
  }
  return placesOfPerson(person, { cases, month: monthOf(shanghaiDateOf(clock.now())) })
}

/** The places that stand against an actor: none where one is theirs, or where there is none. */
export function placesOutside(
  { division: scope }: Pick<Actor, 'division'>,
  places: readonly DivisionCode[],
): readonly DivisionCode[] {
  return places.some((division) => isWithin(division, scope)) ? [] : places
}
