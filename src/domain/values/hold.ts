import { DomainError } from '../errors.js'
import type { Month } from './calendar.js'

/** A hold of any kind: on a case, a person, an account or a programme. */
export interface HeldFrom {
  readonly holdId: string
  readonly from: Month
}

/** A hold lifted from its own first month never held anything, which may be what is meant. */
export function assertNotBeforeHold({ holdId, from: heldFrom }: HeldFrom, from: Month): void {
  if (from < heldFrom) throw new DomainError('lifting-before-hold', { holdId, heldFrom, from })
}
