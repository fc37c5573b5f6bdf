import type { Case } from '../../domain/case/facts.js'
import { type Month, monthFromIndex, monthIndex } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { UrbanRural } from '../../domain/values/document.js'
import type { CaseId, Ordinal, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import { conditionsOf, knownAt, knownRow, Parameters, scopeOf } from '../question.js'
import type { ReadModel, ReadSession } from '../read-model.js'

export interface RollAsked {
  readonly programmes: readonly ProgrammeCode[]
  readonly division: DivisionCode
  readonly month: Month
  readonly ordinal: Ordinal
}

export interface CasesOnRollAsked extends RollAsked {
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
  readonly urbanRural: UrbanRural
  /** The covered members on the roll then, in the order of their ids. */
  readonly persons: readonly PersonId[]
  readonly state: Case
}

/**
 * Up to `limit` cases in the order of their ids that were on the roll of `month` as known at
 * `ordinal`; empty at the end. The state is the newest: a decision must stand on that.
 */
export async function casesOnRoll(
  model: ReadModel,
  asked: CasesOnRollAsked,
): Promise<readonly CaseOnRoll[]> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, { knownAt: asked.ordinal }))
    const month = parameters.add(monthIndex(asked.month))
    const conditions = await onRoll(session, asked, { parameters, ordinal, month })
    if (asked.afterCaseId) conditions.push(`case_id > ${parameters.add(asked.afterCaseId)}`)
    const statement = `
      WITH page AS (
        SELECT DISTINCT ON (case_id) case_id, division, programme, urban_rural FROM roll_case
        WHERE ${conditions.join(' AND ')}
        ORDER BY case_id
        LIMIT ${parameters.add(asked.limit)}
      )
      SELECT page.case_id AS "caseId", case_state.version, page.division, page.programme,
        page.urban_rural AS "urbanRural", covered.persons, case_state.state
      FROM page
      JOIN case_state USING (case_id)
      CROSS JOIN LATERAL (
        SELECT COALESCE(jsonb_agg(DISTINCT person_id), '[]') AS persons FROM roll_member
        WHERE roll_member.case_id = page.case_id AND ${knownRow(ordinal)}
          AND from_month <= ${month} AND to_month >= ${month}
      ) AS covered
      ORDER BY page.case_id`
    return session.rows<CaseOnRoll>(statement, parameters.values)
  })
}

/** Months after `month` in which cases came onto the roll, as known at the ordinal, in order. */
export async function laterEntries(model: ReadModel, asked: RollAsked): Promise<readonly Month[]> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, { knownAt: asked.ordinal }))
    const question = { ...asked, knownAt: asked.ordinal }
    const place = conditionsOf(question, await scopeOf(session, question), parameters)
    const statement = `
      SELECT DISTINCT from_month AS month FROM roll_case
      WHERE ${place} AND ${knownRow(ordinal)}
        AND from_month > ${parameters.add(monthIndex(asked.month))}
      ORDER BY from_month`
    const rows = await session.rows<{ month: number }>(statement, parameters.values)
    return rows.map((row) => monthFromIndex(row.month))
  })
}

/** Which of these persons a case of the roll covers, as known at the ordinal. */
export async function personsOnRoll(
  model: ReadModel,
  asked: RollAsked,
  persons: readonly PersonId[],
): Promise<ReadonlySet<PersonId>> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, { knownAt: asked.ordinal }))
    const month = parameters.add(monthIndex(asked.month))
    const conditions = await onRoll(session, asked, { parameters, ordinal, month })
    const statement = `
      SELECT DISTINCT person_id AS person FROM roll_member
      WHERE person_id = ANY(${parameters.add(persons)}) AND ${conditions.join(' AND ')}`
    const rows = await session.rows<{ person: PersonId }>(statement, parameters.values)
    return new Set(rows.map(({ person }) => person))
  })
}

interface Placeholders {
  readonly parameters: Parameters
  readonly ordinal: string
  readonly month: string
}

async function onRoll(
  session: ReadSession,
  asked: RollAsked,
  { parameters, ordinal, month }: Placeholders,
): Promise<string[]> {
  const question = { ...asked, knownAt: asked.ordinal }
  return [
    conditionsOf(question, await scopeOf(session, question), parameters),
    knownRow(ordinal),
    `from_month <= ${month}`,
    `to_month >= ${month}`,
  ]
}
