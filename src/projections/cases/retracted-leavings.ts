import { conditionsOf, knownAt, knownRow, Parameters, scopeOf } from '../question.js'
import type { ReadModel } from '../read-model.js'
import type { CaseOnRoll, CasesOnRollAsked } from './on-roll.js'

/** Few cases: an index holds them alone, and is used where a statement says the same. */
const retractedLeaving = '$.retractions[*].fact ? (@.type == "MemberLeft")'
export const hasRetractedLeaving = `jsonb_path_exists(state, '${retractedLeaving}')`

/**
 * Up to `limit` cases in the order of their ids in which a leaving was retracted, on a roll or not:
 * as they are now, with the place where they were on the roll last.
 */
export async function casesWithRetractedLeaving(
  model: ReadModel,
  asked: CasesOnRollAsked,
): Promise<readonly Omit<CaseOnRoll, 'persons'>[]> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const { division, month, programmes } = asked
    const scope = await scopeOf(session, { division, month })
    const ordinal = parameters.add(knownAt(session, { knownAt: asked.ordinal }))
    const conditions = [conditionsOf({ programmes }, scope, parameters)]
    if (asked.afterCaseId) conditions.push(`case_id > ${parameters.add(asked.afterCaseId)}`)
    const statement = `
      WITH listed AS (
        SELECT s.case_id, s.version, s.programme, s.state,
          COALESCE(last.division, s.division) AS division,
          COALESCE(last.urban_rural, s.urban_rural) AS urban_rural
        FROM case_state AS s LEFT JOIN LATERAL (
          SELECT division, urban_rural FROM roll_case
          WHERE roll_case.case_id = s.case_id AND ${knownRow(ordinal)}
          ORDER BY to_month DESC LIMIT 1
        ) AS last ON true
        WHERE ${hasRetractedLeaving}
      )
      SELECT case_id AS "caseId", version, division, programme, urban_rural AS "urbanRural", state
      FROM listed
      WHERE ${conditions.join(' AND ')}
      ORDER BY case_id
      LIMIT ${parameters.add(asked.limit)}`
    return session.rows<Omit<CaseOnRoll, 'persons'>>(statement, parameters.values)
  })
}
