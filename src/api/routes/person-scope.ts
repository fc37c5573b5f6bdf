import { placesNowOf, placesOutside } from '../../application/processes/person-places.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { PersonId } from '../../domain/values/identifiers.js'
import type { Actor } from '../auth/actor.js'
import type { LedgerServices } from '../ledger-services.js'

type Services = Pick<LedgerServices, 'processes'>
type AboutPerson = { readonly params: { readonly personId: PersonId } }

/** For the scope of a read about a person. */
export function scopeOfReading({ processes }: Services) {
  return async (
    { params: { personId } }: AboutPerson,
    actor: Actor,
  ): Promise<readonly DivisionCode[]> =>
    placesOutside(actor, (await placesNowOf(processes, personId)).reading)
}

/** For the scope of a write about a person. */
export function scopeOfWriting({ processes }: Services) {
  return async (
    { params: { personId } }: AboutPerson,
    actor: Actor,
  ): Promise<readonly DivisionCode[]> =>
    placesOutside(actor, (await placesNowOf(processes, personId)).writing)
}
