import { type Month, monthFromIndex, monthIndex } from '../../domain/values/calendar.js'
import type { CaseId, Ordinal, PersonId, RunId } from '../../domain/values/identifiers.js'
import type { ReadModel, ReadSession } from '../read-model.js'
import { payeesIn } from './payees.js'

export interface UnpaidAsked {
  readonly personId: PersonId
  readonly ordinal: Ordinal
  /** The month in which it is asked: who is paid for whom, and what is owed from then on. */
  readonly month: Month
}

/** A line that is under way: in a run that stands, and without a word of the bank. */
export interface UnansweredLine {
  readonly runId: RunId
  readonly period: Month
  readonly line: number
  readonly caseId: CaseId
}

/** The first month of a case that is owed and that no line pays: held lines pay nothing. */
export interface OwedMonth {
  readonly caseId: CaseId
  readonly month: Month
}

export interface Unpaid {
  readonly line: UnansweredLine | undefined
  readonly owed: OwedMonth | undefined
}

/**
 * What has yet to be paid to somebody: as head of a household, or as who receives the money of
 * another. Both undefined when nothing is left.
 */
export async function unpaidOf(model: ReadModel, asked: UnpaidAsked): Promise<Unpaid> {
  return model.read(async (session) => {
    const principals = await principalsOf(session, asked)
    const payees = await payeesIn(session, { ...asked, persons: principals })
    const paidFor = principals.filter(
      (one) => one === asked.personId || payees.get(one)?.payee === asked.personId,
    )
    const [line] = await session.rows<LineRow>(selectLine, [
      asked.personId,
      principals,
      asked.ordinal,
    ])
    const [owed] = await session.rows<OwedRow>(selectOwed, [
      paidFor,
      asked.ordinal,
      monthIndex(asked.month),
    ])
    return {
      line: line && { ...line, period: monthFromIndex(line.period) },
      owed: owed && { ...owed, month: monthFromIndex(owed.month) },
    }
  })
}

const selectPrincipals = `
  SELECT DISTINCT person_id FROM person_fact
  WHERE type = 'PayeeDesignated' AND data ->> 'payee' = $1 AND ordinal <= $2`

/** The person, and everybody who ever designated them. */
async function principalsOf(session: ReadSession, asked: UnpaidAsked): Promise<PersonId[]> {
  const { ordinal, personId } = asked
  const rows = await session.rows<{ person_id: PersonId }>(selectPrincipals, [personId, ordinal])
  return [...new Set([personId, ...rows.map((row) => row.person_id)])]
}

interface LineRow {
  readonly runId: RunId
  readonly period: number
  readonly line: number
  readonly caseId: CaseId
}

/** Of $1 as payee, or of a household that $1 headed; $2 are those for whom $1 is or was paid. */
const selectLine = `
  WITH headed AS (
    SELECT case_id, bool_or(h.person_id = $1) AS own
    FROM case_member AS m
    JOIN case_head AS h USING (case_id)
    WHERE m.person_id = ANY($2) AND h.person_id = ANY($2)
    GROUP BY case_id
  )
  SELECT r.run_id AS "runId", r.period, l.line, l.case_id AS "caseId"
  FROM headed
  JOIN payment_line AS l USING (case_id)
  JOIN payment_run AS r USING (run_id)
  WHERE (own OR l.payee = $1) AND l.held_for IS NULL AND l.amount_fen > 0
    AND l.ordinal <= $3 AND (r.rejected_ordinal IS NULL OR r.rejected_ordinal > $3)
    AND NOT EXISTS (
      SELECT FROM payment_answer AS a
      WHERE a.run_id = l.run_id AND a.line = l.line AND a.ordinal <= $3
        AND a.outcome NOT IN ('duplicate', 'contradiction'))
  ORDER BY r.opened_ordinal, l.line
  LIMIT 1`

interface OwedRow {
  readonly caseId: CaseId
  readonly month: number
}

/**
 * Of the households whose last head is one of $1. What goes on without end is asked for through
 * the month after $3. Repaid counts as in a run: what was given back of a month is due again.
 */
const selectOwed = `
  WITH headed AS (
    SELECT DISTINCT ON (case_id) case_id, h.person_id
    FROM case_member AS m
    JOIN case_head AS h USING (case_id)
    WHERE m.person_id = ANY($1) AND h.known_from <= $2 AND h.known_to > $2
    ORDER BY case_id, h.from_month DESC
  ),
  mine AS (SELECT case_id FROM headed WHERE person_id = ANY($1)),
  item AS (
    SELECT case_id, months.month, e.amount_fen
    FROM mine
    JOIN entitlement AS e USING (case_id)
    CROSS JOIN LATERAL generate_series(
      e.from_month, LEAST(e.to_month, GREATEST(e.from_month, $3 + 1))) AS months (month)
    WHERE e.measure = 'cash' AND NOT e.reported AND e.known_from <= $2 AND e.known_to > $2
    UNION ALL
    SELECT case_id, i.month_for, -i.amount_fen
    FROM mine
    JOIN payment_item AS i USING (case_id)
    JOIN payment_run AS r USING (run_id)
    WHERE i.ordinal <= $2 AND NOT i.held
      AND (r.rejected_ordinal IS NULL OR r.rejected_ordinal > $2)
    UNION ALL
    SELECT case_id, b.month_for, b.amount_fen
    FROM mine
    JOIN payment_return AS b USING (case_id)
    WHERE b.ordinal <= $2
    UNION ALL
    SELECT case_id, e.month_for, -e.amount_fen
    FROM mine
    JOIN recovery_entry AS e USING (case_id)
    WHERE e.ordinal <= $2 AND e.kind IN ('repaid', 'offset', 'kept-back')
  )
  SELECT case_id AS "caseId", month
  FROM item
  GROUP BY case_id, month
  HAVING SUM(amount_fen) > 0
  ORDER BY month, case_id
  LIMIT 1`
