import type { RunParameters } from '../../domain/payment-run/events.js'
import { monthIndex } from '../../domain/values/calendar.js'
import { ancestorAt, type DivisionCode } from '../../domain/values/division.js'
import type { CaseId, Ordinal } from '../../domain/values/identifiers.js'
import { conditionsOf, knownAt, knownRow, Parameters, scopeOf } from '../question.js'
import type { ReadSession } from '../read-model.js'

export interface OtherRunsAsked {
  /** Where the run pays that asks. */
  readonly division: DivisionCode
  /** What it knows of the world. */
  readonly ordinal: Ordinal
  /** When its payer admitted it. */
  readonly admitted: Ordinal
  readonly cases: readonly CaseId[]
}

/**
 * The cases that a run of another county pays whose lines this run can't know: admitted before it,
 * and neither prepared nor rejected at its ordinal. What such a run pays is settled by the ordinal
 * it was admitted with, so it is asked of the places as they were known then. Of two runs that
 * share a case the later admission sees the earlier one, never the other way round: one pays.
 */
export async function casesOfOtherRuns(
  session: ReadSession,
  asked: OtherRunsAsked,
): Promise<ReadonlySet<CaseId>> {
  const runs = await session.rows<{ readonly parameters: RunParameters }>(unsettledElsewhere, [
    `payer-${ancestorAt(asked.division, 'county')}`,
    knownAt(session, { knownAt: asked.admitted }),
    asked.ordinal,
  ])
  if (runs.length === 0 || asked.cases.length === 0) return new Set()
  const values = new Parameters()
  const cases = values.add(asked.cases)
  const paid: string[] = []
  for (const { parameters } of runs) paid.push(await paidBy(session, parameters, values))
  const found = await session.rows<{ readonly case_id: CaseId }>(
    `SELECT DISTINCT case_id FROM case_place
    WHERE case_id = ANY(${cases}) AND (${paid.join(' OR ')})`,
    values.values,
  )
  return new Set(found.map((row) => row.case_id))
}

const unsettledElsewhere = `
  SELECT admitted.data->'parameters' AS parameters
  FROM register_fact AS admitted
  WHERE admitted.type = 'RunAdmitted' AND admitted.stream <> $1 AND admitted.ordinal < $2
    AND NOT EXISTS (
      SELECT FROM register_fact AS settled
      WHERE settled.stream = admitted.stream AND settled.type = 'RunSettled'
        AND settled.ordinal <= $3
        AND settled.data->>'runId' = admitted.data->'parameters'->>'runId')
  ORDER BY admitted.ordinal`

/** The condition on a case's places under which a run has a line for it. */
async function paidBy(
  session: ReadSession,
  { division, ordinal, period, programmes }: RunParameters,
  values: Parameters,
): Promise<string> {
  const scope = await scopeOf(session, { division, month: period, knownAt: ordinal })
  const month = values.add(monthIndex(period))
  return `(${conditionsOf({ programmes }, scope, values)}
    AND from_month <= ${month} AND to_month >= ${month}
    AND ${knownRow(`${values.add(ordinal)}::bigint`)})`
}
