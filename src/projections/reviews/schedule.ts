import { monthIndex, monthOf, type PlainDate } from '../../domain/values/calendar.js'
import type { BenefitClass, UrbanRural } from '../../domain/values/document.js'
import type { ProgrammeCode } from '../../domain/values/identifiers.js'
import type { CaseKey } from '../cases/roll.js'
import { type Asked, conditionsOf, knownAt, knownRow, Parameters, scopeOf } from '../question.js'
import type { AsOf, ReadModel, ReadSession } from '../read-model.js'
import { type Cell, reviewMonthsOf, ruleIn } from './cadence.js'

export interface ReviewsAsked extends Omit<Asked, 'month'> {
  /** Cases on the roll of this date's month; overdue when due in a month before it. */
  readonly on: PlainDate
  readonly overdueOnly: boolean
  readonly after?: CaseKey | undefined
  readonly limit: number
}

export interface ReviewRow extends CaseKey {
  readonly programme: ProgrammeCode
  readonly urbanRural: UrbanRural
  readonly benefitClass: BenefitClass
  /** Null when it was never reviewed: the time runs from the first month on the roll. */
  readonly lastReviewOn: PlainDate | null
  readonly everyMonths: number
  /** Index of the month by whose end the next review is due. */
  readonly dueMonth: number
  readonly overdue: boolean
}

/** Cases whose rule asks for reviews, with the month in which the next is due. */
export async function reviewSchedule(
  model: ReadModel,
  asked: ReviewsAsked,
): Promise<{ readonly rows: readonly ReviewRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => ({
    rows: await scheduleRows(session, asked),
    asOf: session.asOf,
  }))
}

async function scheduleRows(
  session: ReadSession,
  asked: ReviewsAsked,
): Promise<readonly ReviewRow[]> {
  const month = monthOf(asked.on)
  const question = { ...asked, month }
  const parameters = new Parameters()
  const ordinal = parameters.add(knownAt(session, question))
  const index = parameters.add(monthIndex(month))
  const conditions = [
    conditionsOf(asked, await scopeOf(session, question), parameters),
    knownRow(ordinal),
    `from_month <= ${index} AND to_month >= ${index}`,
  ].join(' AND ')
  const cells = await session.rows<Cell>(
    `SELECT DISTINCT programme, division, benefit_class AS "benefitClass"
    FROM roll_case WHERE ${conditions}`,
    parameters.values,
  )
  const policy = await session.policyAt(knownAt(session, question))
  const cadences = cells
    .map((cell) => ({
      ...cell,
      every: reviewMonthsOf(ruleIn(policy, cell, month), cell.benefitClass),
    }))
    .filter((cell) => cell.every > 0)
  const cadence = [
    parameters.add(cadences.map((cell) => cell.programme)),
    parameters.add(cadences.map((cell) => cell.division)),
    parameters.add(cadences.map((cell) => cell.benefitClass)),
    parameters.add(cadences.map((cell) => cell.every)),
  ]
  const after = afterCondition(asked, parameters)
  const overdue = asked.overdueOnly ? `due_month < ${index}` : 'true'
  const statement = `
    WITH on_roll AS (
      SELECT case_id, division, programme, urban_rural, benefit_class
      FROM roll_case WHERE ${conditions}
    ),
    scheduled AS (
      SELECT r.*, c.every, reviewed.last_on,
        COALESCE(reviewed.month, entered.month) + c.every AS due_month
      FROM on_roll AS r
      JOIN unnest(${cadence[0]}::text[], ${cadence[1]}::text[], ${cadence[2]}::text[],
        ${cadence[3]}::integer[]) AS c (programme, division, benefit_class, every)
        ON c.programme = r.programme AND c.division = r.division
        AND c.benefit_class = r.benefit_class
      CROSS JOIN LATERAL (
        SELECT MAX(reviewed_on) AS last_on,
          (left(MAX(reviewed_on), 4)::integer * 12
            + substr(MAX(reviewed_on), 6, 2)::integer - 1) AS month
        FROM case_review
        WHERE case_review.case_id = r.case_id AND ${knownRow(ordinal)}
      ) AS reviewed
      CROSS JOIN LATERAL (
        SELECT MIN(from_month) AS month FROM roll_case
        WHERE roll_case.case_id = r.case_id AND ${knownRow(ordinal)}
      ) AS entered
    )
    SELECT case_id AS "caseId", division, programme, urban_rural AS "urbanRural",
      benefit_class AS "benefitClass", last_on AS "lastReviewOn", every AS "everyMonths",
      due_month AS "dueMonth", due_month < ${index} AS overdue
    FROM scheduled
    WHERE ${overdue} AND ${after}
    ORDER BY division, case_id
    LIMIT ${parameters.add(asked.limit)}`
  return session.rows<ReviewRow>(statement, parameters.values)
}

function afterCondition(asked: ReviewsAsked, parameters: Parameters): string {
  if (!asked.after) return 'true'
  const { division, caseId } = asked.after
  return `(division, case_id) > (${parameters.add(division)}, ${parameters.add(caseId)})`
}
