import { caseStream, personStream } from '../../application/streams.js'
import { placeIn } from '../../domain/case/case.js'
import { caseDecider } from '../../domain/case/decide.js'
import { personDecider } from '../../domain/person/decide.js'
import { endOfTime } from '../../domain/values/calendar.js'
import { type DivisionCode, isWithin } from '../../domain/values/division.js'
import type { PersonId } from '../../domain/values/identifiers.js'
import type { Actor } from '../auth/actor.js'
import type { LedgerServices } from '../ledger-services.js'

/**
 * For the scope of a request about a person: nothing when one of the person's cases is in the
 * actor's subtree, or when they have none; else where their cases are.
 */
export function scopeOfPerson({ processes }: Pick<LedgerServices, 'processes'>) {
  return async (
    { params: { personId } }: { readonly params: { readonly personId: PersonId } },
    actor: Actor,
  ): Promise<readonly DivisionCode[]> => {
    const { handler, policies } = processes
    const { policy } = await policies.latest()
    const person = await handler.load(personStream(personId), personDecider(policy))
    const cases = new Set(person.state.enrolments.held.map(({ caseId }) => caseId))
    const outside: DivisionCode[] = []
    for (const caseId of cases) {
      const { state } = await handler.load(caseStream(caseId), caseDecider(policy))
      const division = placeIn(state, endOfTime)?.division
      if (division === undefined || isWithin(division, actor.division)) return []
      outside.push(division)
    }
    return outside
  }
}
