import type { Case } from '../../domain/case/case.js'
import { type Month, monthIndex } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { CaseId, Ordinal, ProgrammeCode } from '../../domain/values/identifiers.js'
import { conditionsOf, knownAt, knownRow, Parameters, scopeOf } from '../question.js'
import type { ReadModel } from '../read-model.js'

export interface CasesOnRollAsked {
  readonly programmes: readonly ProgrammeCode[]
  readonly division: DivisionCode
  readonly month: Month
  readonly ordinal: Ordinal
  readonly afterCaseId: CaseId | null
  readonly limit: number
}

/** A case on the roll at the ordinal asked, with its facts as they are now. */
export interface CaseOnRoll {
  readonly caseId: CaseId
  /** The version of `state`: what an append on it must expect. */
  readonly version: number
  readonly division: DivisionCode
  readonly programme: ProgrammeCode
  readonly state: Case
}

/**
 * Up to `limit` cases in the order of their ids that were on the roll of `month` as known at
 * `ordinal`; empty at the end. The state is the newest, since that is what a decision must stand on.
 */
export async function casesOnRoll(
  model: ReadModel,
  asked: CasesOnRollAsked,
): Promise<readonly CaseOnRoll[]> {
  return model.read(async (session) => {
    const question = { ...asked, knownAt: asked.ordinal }
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, question))
    const month = parameters.add(monthIndex(asked.month))
    const scope = await scopeOf(session, question)
    const conditions = [conditionsOf(question, scope, parameters), knownRow(ordinal)]
    if (asked.afterCaseId) conditions.push(`case_id > ${parameters.add(asked.afterCaseId)}`)
    const statement = `
      WITH page AS (
        SELECT DISTINCT ON (case_id) case_id, division, programme FROM roll_case
        WHERE ${conditions.join(' AND ')} AND from_month <= ${month} AND to_month >= ${month}
        ORDER BY case_id
        LIMIT ${parameters.add(asked.limit)}
      )
      SELECT page.case_id AS "caseId", case_state.version, page.division, page.programme,
        case_state.state
      FROM page
      JOIN case_state USING (case_id)
      ORDER BY page.case_id`
    return session.rows<CaseOnRoll>(statement, parameters.values)
  })
}
