import type { PaymentLine } from '../../domain/payment-run/events.js'
import type { Month } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'

/** What lists say in words; names are as they were in the period of the run. */
export interface ListNames {
  /** The code itself where no place of that code is known. */
  division(code: DivisionCode): string
  programme(code: ProgrammeCode): string
}

/** Opens sealed names; each call is a read of personal data, recorded by who implements it. */
export interface PersonNameOpener {
  /** An erased person has no entry. */
  namesOf(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, string>>
}

/** The stored lines of a run, in order, a chunk at a time. */
export interface RunLines {
  readonly period: Month
  readonly chunks: AsyncIterable<readonly PaymentLine[]>
}
