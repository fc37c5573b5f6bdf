import { dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import type { PersonId } from '../values/identifiers.js'
import type { IdentityCommand } from './commands.js'
import type { IdentityEvent } from './events.js'

/** Whose number it is; null while it is nobody's. */
export interface Identity {
  readonly personId: PersonId | null
}

/** One person a number: two registrations at once meet in this stream, and one of them wins. */
export const identityDecider: Decider<Identity, IdentityCommand, IdentityEvent> = {
  initial: { personId: null },
  evolve: (_, event) => ({ personId: event.data.personId }),
  decide: (command, state) => {
    if (state.personId === command.personId) return []
    if (state.personId !== null) {
      throw new DomainError('identity-number-taken', { personId: state.personId })
    }

    return [{ type: 'IdentityReserved', data: dataOf(command) }]
  },
}
