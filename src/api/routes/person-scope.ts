import {
  casesOf,
  type PersonPlaces,
  placesOfPerson,
  placesOutside,
} from '../../application/processes/person-places.js'
import { caseStream, personStream } from '../../application/streams.js'
import type { Case } from '../../domain/case/case.js'
import { caseDecider } from '../../domain/case/decide.js'
import { personDecider } from '../../domain/person/decide.js'
import { monthOf, shanghaiDateOf } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { CaseId, PersonId } from '../../domain/values/identifiers.js'
import type { Actor } from '../auth/actor.js'
import type { LedgerServices } from '../ledger-services.js'

type Services = Pick<LedgerServices, 'processes'>
type AboutPerson = { readonly params: { readonly personId: PersonId } }

/** For the scope of a read about a person. */
export function scopeOfReading(services: Services) {
  return async ({ params }: AboutPerson, actor: Actor): Promise<readonly DivisionCode[]> =>
    placesOutside(actor, (await placesOf(services, params.personId)).reading)
}

/** For the scope of a write about a person. */
export function scopeOfWriting(services: Services) {
  return async ({ params }: AboutPerson, actor: Actor): Promise<readonly DivisionCode[]> =>
    placesOutside(actor, (await placesOf(services, params.personId)).writing)
}

async function placesOf(
  { processes: { clock, handler, policies } }: Services,
  personId: PersonId,
): Promise<PersonPlaces> {
  const { policy } = await policies.latest()
  const { state: person } = await handler.load(personStream(personId), personDecider(policy))
  const cases = new Map<CaseId, Case>()
  for (const caseId of casesOf(person)) {
    const { state } = await handler.load(caseStream(caseId), caseDecider(policy))
    cases.set(caseId, state)
  }
  const month = monthOf(shanghaiDateOf(clock.now()))
  return placesOfPerson(person, { cases, month })
}
