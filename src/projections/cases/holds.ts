import { monthIndex } from '../../domain/values/calendar.js'
import type { ProgrammeCode } from '../../domain/values/identifiers.js'
import { type Asked, conditionsOf, knownAt, Parameters, scopeOf } from '../question.js'
import type { AsOf, ReadModel } from '../read-model.js'
import type { CaseKey } from './roll.js'

/** A hold on a case in force in the month asked; the case is where it is in that month. */
export interface HeldCaseRow extends CaseKey {
  readonly programme: ProgrammeCode
  readonly holdId: string
  readonly reason: string
  /** Month indices, both inside; open ends are December 2199. */
  readonly fromMonth: number
  readonly toMonth: number
}

export interface HoldsAsked extends Asked {
  readonly after?: (CaseKey & { readonly holdId: string }) | undefined
  readonly limit: number
}

/**
 * Cases held 缓发 in a month, in the order of division, case and hold. Holds on persons, accounts
 * and programmes are not among them.
 */
export async function heldCases(
  model: ReadModel,
  asked: HoldsAsked,
): Promise<{ readonly rows: readonly HeldCaseRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, asked))
    const month = parameters.add(monthIndex(asked.month))
    const place = conditionsOf(asked, await scopeOf(session, asked), parameters)
    const inForce = (alias: string) => `
      ${alias}.known_from <= ${ordinal} AND ${alias}.known_to > ${ordinal}
      AND ${alias}.from_month <= ${month} AND ${alias}.to_month >= ${month}`
    const conditions = [place, inForce('p'), inForce('h')]
    if (asked.after) {
      const { division, caseId, holdId } = asked.after
      const after = [division, caseId, holdId].map((value) => parameters.add(value))
      conditions.push(`(p.division, p.case_id, h.hold_id) > (${after.join(', ')})`)
    }
    const statement = `
      SELECT p.case_id AS "caseId", p.division, p.programme, h.hold_id AS "holdId", h.reason,
        h.from_month AS "fromMonth", h.to_month AS "toMonth"
      FROM case_place AS p
      JOIN case_hold AS h ON h.case_id = p.case_id
      WHERE ${conditions.join(' AND ')}
      ORDER BY p.division, p.case_id, h.hold_id
      LIMIT ${parameters.add(asked.limit)}`
    return {
      rows: await session.rows<HeldCaseRow>(statement, parameters.values),
      asOf: session.asOf,
    }
  })
}
