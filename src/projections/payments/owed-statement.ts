/**
 * A page of cases in a subtree with what they are owed and what runs have committed to them, as
 * known at an ordinal. Months in which both are equal for every component are left out, unless a
 * recovery has found something in them. How a month stands in recovery: repaid, written off,
 * outstanding; what an offset kept back of a month's payment counts as repaid below zero.
 *
 * Placeholders: `ordinal`, `month` (index of the last month asked), `limit`; `where` narrows
 * case_place.
 */
export interface OwedPlaceholders {
  readonly ordinal: string
  readonly month: string
  readonly limit: string
  readonly where: string
}

export function owedStatement(placeholders: OwedPlaceholders): string {
  const { ordinal, month, limit, where } = placeholders
  const conditions = {
    ordinal,
    month,
    known: `known_from <= ${ordinal} AND known_to > ${ordinal}`,
    inMonth: `from_month <= ${month} AND to_month >= ${month}`,
  }
  // Every part joins the page, whose size the planner knows: of a list of ids it would expect ten
  // rows, and then loop over thousands of cases for each of thousands.
  return `
    WITH page AS MATERIALIZED (
      SELECT case_id, division, programme, urban_rural, benefit_class
      FROM case_place
      WHERE ${where} AND ${conditions.known} AND ${conditions.inMonth}
      ORDER BY division, case_id
      LIMIT ${limit}
    ),
    ${owed(conditions)},
    ${committed(conditions)},
    ${recovered(conditions)},
    ${unsettledMonths},
    ${household(conditions)},
    ${unfinishedImports(conditions)}
    ${answered(conditions)}`
}

interface Conditions {
  readonly ordinal: string
  readonly month: string
  readonly known: string
  readonly inMonth: string
}

/**
 * By case, month and component, with the supplements in it, newest first. The array is for the
 * planner: ten months, not a thousand.
 */
function owed({ known, month }: Conditions): string {
  return `
    owed AS (
      SELECT case_id, m.month, e.component, SUM(e.amount_fen) AS amount_fen,
        jsonb_agg(jsonb_build_array(e.amount_fen, e.granted_to)
          ORDER BY e.known_from DESC, e.row_no DESC) FILTER (WHERE NOT e.monthly) AS grants
      FROM page
      JOIN entitlement AS e USING (case_id)
      CROSS JOIN LATERAL unnest(ARRAY(
        SELECT generate_series(e.from_month, LEAST(e.to_month, ${month}))
      )) AS m (month)
      WHERE e.measure = 'cash' AND NOT e.reported AND ${known}
      GROUP BY case_id, m.month, e.component
    )`
}

/** By case, month and component, less what came back. */
function committed({ month, ordinal }: Conditions): string {
  return `
    committed AS (
      SELECT case_id, month_for AS month, component, SUM(amount_fen) AS amount_fen
      FROM (
        SELECT case_id, i.month_for, i.component, i.amount_fen
        FROM page
        JOIN payment_item AS i USING (case_id)
        JOIN payment_run AS r USING (run_id)
        WHERE i.ordinal <= ${ordinal} AND NOT i.held
          AND (r.rejected_ordinal IS NULL OR r.rejected_ordinal > ${ordinal})
        UNION ALL
        SELECT case_id, month_for, component, -amount_fen
        FROM page
        JOIN payment_return USING (case_id)
        WHERE ordinal <= ${ordinal}
      ) AS item
      WHERE month_for <= ${month}
      GROUP BY case_id, month_for, component
    )`
}

/** By case and month. */
function recovered({ month, ordinal }: Conditions): string {
  return `
    recovered AS (
      SELECT case_id, month_for,
        COALESCE(-SUM(amount_fen) FILTER (
          WHERE kind IN ('repaid', 'offset', 'kept-back')), 0) AS repaid_fen,
        COALESCE(-SUM(amount_fen) FILTER (WHERE kind = 'written-off'), 0) AS written_off_fen,
        COALESCE(SUM(amount_fen) FILTER (WHERE kind <> 'kept-back'), 0) AS outstanding_fen
      FROM page
      JOIN recovery_entry USING (case_id)
      WHERE ordinal <= ${ordinal} AND month_for <= ${month}
      GROUP BY case_id, month_for
    )`
}

/** What of both sides does not cancel, as arrays by case. */
const unsettledMonths = `
    compared AS (
      SELECT case_id, month, component, owed_fen, committed_fen, grants,
        bool_or(owed_fen <> committed_fen) OVER (PARTITION BY case_id, month) AS is_open
      FROM (
        SELECT case_id, month, component, o.grants,
          COALESCE(o.amount_fen, 0) AS owed_fen, COALESCE(c.amount_fen, 0) AS committed_fen
        FROM owed AS o
        FULL JOIN committed AS c USING (case_id, month, component)
      ) AS both_sides
    ),
    items AS (
      SELECT case_id,
        jsonb_agg(jsonb_build_array(month, component, owed_fen, grants)
          ORDER BY month, component)
          FILTER (WHERE owed_fen <> 0) AS owed,
        jsonb_agg(jsonb_build_array(month, component, committed_fen) ORDER BY month, component)
          FILTER (WHERE committed_fen <> 0) AS committed
      FROM compared
      WHERE is_open OR (case_id, month) IN (SELECT case_id, month_for FROM recovered)
      GROUP BY case_id
    ),
    recoveries AS (
      SELECT case_id,
        jsonb_agg(jsonb_build_array(month_for, repaid_fen, written_off_fen, outstanding_fen)
          ORDER BY month_for) AS recovery
      FROM recovered
      GROUP BY case_id
    )`

/**
 * When the case was on the roll, whom it covered last, and who was its head. A case that was on no
 * roll by then covered its people in the month of its last grant.
 */
function household({ known, month }: Conditions): string {
  return `
    stay AS (
      SELECT case_id, MIN(from_month) AS first_month,
        LEAST(${month}, COALESCE(
          MAX(to_month) FILTER (WHERE from_month <= ${month}),
          (SELECT MAX(from_month) FROM entitlement
            WHERE entitlement.case_id = page.case_id AND ${known} AND from_month <= ${month})
        )) AS last_month
      FROM page
      LEFT JOIN (SELECT * FROM roll_case WHERE ${known}) AS r USING (case_id)
      GROUP BY case_id
    ),
    covered AS (
      SELECT case_id, array_agg(person_id ORDER BY person_id) AS persons
      FROM stay
      JOIN case_member USING (case_id)
      WHERE covered AND ${known} AND from_month <= last_month AND to_month >= last_month
      GROUP BY case_id
    ),
    head AS (
      SELECT DISTINCT ON (case_id) case_id, person_id
      FROM page
      JOIN case_head USING (case_id)
      WHERE ${known} AND from_month <= ${month}
      ORDER BY case_id, from_month DESC
    )`
}

function unfinishedImports({ ordinal }: Conditions): string {
  return `
    unfinished AS MATERIALIZED (
      SELECT substr(started.stream, length('import-') + 1) AS import_id
      FROM register_fact AS started
      WHERE started.type = 'ImportStarted' AND NOT EXISTS (
        SELECT FROM register_fact AS done
        WHERE done.stream = started.stream AND done.type = 'ImportCompleted'
          AND done.ordinal <= ${ordinal})
    )`
}

/** The page with its arrays, and what else decides whether a case is paid. */
function answered({ known, inMonth }: Conditions): string {
  return `
    SELECT page.case_id, page.division, page.programme, page.urban_rural, page.benefit_class,
      COALESCE(items.owed, '[]') AS owed,
      COALESCE(items.committed, '[]') AS committed,
      COALESCE(recoveries.recovery, '[]') AS recovery,
      head.person_id AS head,
      COALESCE(covered.persons, '{}') AS covered,
      ARRAY(SELECT reason FROM case_hold AS h
        WHERE h.case_id = page.case_id AND ${known} AND ${inMonth}
        ORDER BY h.hold_id) AS holds,
      EXISTS (SELECT FROM unfinished
        JOIN case_state AS s USING (import_id)
        WHERE s.case_id = page.case_id) AS import_unfinished,
      (SELECT MAX(reviewed_on) FROM case_review AS v
        WHERE v.case_id = page.case_id AND ${known}) AS reviewed_on,
      stay.first_month
    FROM page
    LEFT JOIN items USING (case_id)
    LEFT JOIN recoveries USING (case_id)
    LEFT JOIN stay USING (case_id)
    LEFT JOIN covered USING (case_id)
    LEFT JOIN head USING (case_id)
    ORDER BY page.division, page.case_id`
}
