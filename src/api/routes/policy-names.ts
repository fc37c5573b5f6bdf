import { z } from 'zod'
import { classWord } from '../../application/exports/class-words.js'
import { DomainError } from '../../domain/errors.js'
import { divisionNameOn } from '../../domain/policy/divisions.js'
import { type Policy, programmeOf } from '../../domain/policy/policy.js'
import { lastDayOf, type Month } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { ProgrammeCode } from '../../domain/values/identifiers.js'

/** What places and programmes were called in a month; the code itself where none is known. */
export function policyNames(policy: Policy, month: Month) {
  const on = lastDayOf(month)
  return {
    division: (division: DivisionCode) =>
      named(() => divisionNameOn(policy, { division, on }), division),
    programme: (code: ProgrammeCode) => named(() => programmeOf(policy, code, month).nameZh, code),
  }
}

/** What `find` answers; something else where the policy knows no such place or programme. */
export function named(find: () => string, otherwise: string): string {
  try {
    return find()
  } catch (error) {
    if (error instanceof DomainError) return otherwise
    throw error
  }
}

/** The names of a cell beside its codes. */
export const cellNames = {
  divisionName: z.string(),
  programmeName: z.string(),
  benefitClassName: z.string(),
}

export function namesOfCell(
  names: ReturnType<typeof policyNames>,
  cell: {
    readonly division: DivisionCode
    readonly programme: ProgrammeCode
    readonly benefitClass: string
  },
) {
  return {
    divisionName: names.division(cell.division),
    programmeName: names.programme(cell.programme),
    benefitClassName: classWord(cell.benefitClass),
  }
}
