import { DomainError } from '../errors.js'
import type { Person, Registration } from './person.js'

export function registered(state: Person): Registration {
  if (!state.registration) throw new DomainError('person-not-registered')
  return state.registration
}

export function assertUnmerged(state: Person): void {
  registered(state)
  if (state.mergedInto !== null) throw new DomainError('person-merged', { into: state.mergedInto })
}

/** Somebody about whom new details, accounts and claims may still be learned. */
export function assertReachable(state: Person): void {
  assertUnmerged(state)
  if (state.erasedOn !== null) throw new DomainError('person-erased', { on: state.erasedOn })
}
