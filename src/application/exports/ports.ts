import type { PaymentLine, RunParameters } from '../../domain/payment-run/events.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'

/** What lists say in words; names are as they were in the period of the run. */
export interface ListNames {
  /** The code itself where no place of that code is known. */
  division(code: DivisionCode): string
  programme(code: ProgrammeCode): string
  /** 款项: what the money of a line is. */
  money(line: Pick<PaymentLine, 'programme' | 'items'>): string
}

/** Opens sealed names; each call is a read of personal data, recorded by who implements it. */
export interface PersonNameOpener {
  /** An erased person has no entry. */
  namesOf(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, string>>
}

/** What a run is, and its stored lines in order, a chunk at a time. */
export interface RunLines extends Pick<RunParameters, 'kind' | 'period' | 'programmes'> {
  readonly chunks: AsyncIterable<readonly PaymentLine[]>
}
