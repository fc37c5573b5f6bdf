import type { Case } from '../../domain/case/facts.js'
import type { Month } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { UrbanRural } from '../../domain/values/document.js'
import type { CaseId, Ordinal, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'

/** Which roll: of these programmes in a subtree, in a month, as known at an ordinal. */
export interface Roll {
  readonly programmes: readonly ProgrammeCode[]
  /** A case belongs to the subtree by its place in the month. */
  readonly division: DivisionCode
  readonly month: Month
  readonly ordinal: Ordinal
}

export interface RollPage extends Roll {
  /** The last case of the page before; null for the first page. */
  readonly afterCaseId: CaseId | null
  readonly limit: number
}

/** One case on a roll. */
export interface RollCase {
  readonly caseId: CaseId
  readonly programme: ProgrammeCode
  /** Its place in the month, as known at the ordinal. */
  readonly division: DivisionCode
  readonly urbanRural: UrbanRural
  /** The covered members on the roll in the month, as known at the ordinal, in a fixed order. */
  readonly persons: readonly PersonId[]
  /**
   * The case as the read model knows it now, perhaps behind the log, never ahead: a decision made
   * on it is appended at this version, and made anew from the log where that is not the last one.
   */
  readonly state: Case
}

/** Rolls, for decisions about many cases. Implemented by the read model; it advises only. */
export interface RollReader {
  /** Cases in the order of their ids as text, each once; fewer than `limit` on the last page. */
  casesOnRoll(page: RollPage): Promise<readonly RollCase[]>
  /**
   * Cases of the programmes and the subtree in which somebody's leaving was retracted, on the roll
   * or not, with the place where they were on it last; in the same order.
   */
  casesWithRetractedLeaving(page: RollPage): Promise<readonly Omit<RollCase, 'persons'>[]>
  /** Months after the roll's own in which some case came onto it, in order, each once. */
  laterEntries(roll: Roll): Promise<readonly Month[]>
  /** Which of these persons are covered by a case of the roll. */
  personsOnRoll(roll: Roll, persons: readonly PersonId[]): Promise<ReadonlySet<PersonId>>
}

/** All cases of a roll, a page at a time: memory does not grow with the number of cases. */
export async function* pagesOf(
  rolls: RollReader,
  roll: Roll,
  limit: number,
): AsyncGenerator<readonly RollCase[]> {
  let afterCaseId: CaseId | null = null
  for (;;) {
    const page: readonly RollCase[] = await rolls.casesOnRoll({ ...roll, afterCaseId, limit })
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (!last || page.length < limit) return
    afterCaseId = last.caseId
  }
}
