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
  return `
    WITH page AS (
      SELECT case_id, division, programme, urban_rural, benefit_class
      FROM case_place
      WHERE ${where} AND ${conditions.known} AND ${conditions.inMonth}
      ORDER BY division, case_id
      LIMIT ${limit}
    ),
    ids AS MATERIALIZED (SELECT array_agg(case_id) AS list FROM page),
    ${bothSides(conditions)},
    ${unsettledMonths}
    ${answered(conditions)}`
}

interface Conditions {
  readonly ordinal: string
  readonly month: string
  readonly known: string
  readonly inMonth: string
}

/** Owed, committed and recovered, each by case, month and component. */
function bothSides({ ordinal, month, known }: Conditions): string {
  return `
    owed AS (
      SELECT e.case_id, m.month, e.component, SUM(e.amount_fen) AS amount_fen
      FROM entitlement AS e
      CROSS JOIN LATERAL generate_series(e.from_month, LEAST(e.to_month, ${month})) AS m (month)
      WHERE e.case_id = ANY((SELECT list FROM ids)::text[]) AND e.measure = 'cash'
        AND NOT e.reported AND ${known}
      GROUP BY e.case_id, m.month, e.component
    ),
    committed AS (
      SELECT case_id, month_for AS month, component, SUM(amount_fen) AS amount_fen
      FROM (
        SELECT i.case_id, i.month_for, i.component, i.amount_fen
        FROM payment_item AS i
        JOIN payment_run AS r ON r.run_id = i.run_id
        WHERE i.case_id = ANY((SELECT list FROM ids)::text[]) AND i.ordinal <= ${ordinal}
          AND NOT i.held AND (r.rejected_ordinal IS NULL OR r.rejected_ordinal > ${ordinal})
        UNION ALL
        SELECT case_id, month_for, component, -amount_fen
        FROM payment_return
        WHERE case_id = ANY((SELECT list FROM ids)::text[]) AND ordinal <= ${ordinal}
      ) AS item
      WHERE month_for <= ${month}
      GROUP BY case_id, month_for, component
    ),
    recovered AS (
      SELECT case_id, month_for,
        COALESCE(-SUM(amount_fen) FILTER (
          WHERE kind IN ('repaid', 'offset', 'kept-back')), 0) AS repaid_fen,
        COALESCE(-SUM(amount_fen) FILTER (WHERE kind = 'written-off'), 0) AS written_off_fen,
        COALESCE(SUM(amount_fen) FILTER (WHERE kind <> 'kept-back'), 0) AS outstanding_fen
      FROM recovery_entry
      WHERE case_id = ANY((SELECT list FROM ids)::text[]) AND ordinal <= ${ordinal}
        AND month_for <= ${month}
      GROUP BY case_id, month_for
    )`
}

/** What of both sides does not cancel, as arrays by case. */
const unsettledMonths = `
    compared AS (
      SELECT case_id, month, component,
        COALESCE(o.amount_fen, 0) AS owed_fen, COALESCE(c.amount_fen, 0) AS committed_fen
      FROM owed AS o
      FULL JOIN committed AS c USING (case_id, month, component)
    ),
    open_month AS (
      SELECT case_id, month FROM compared GROUP BY case_id, month
      HAVING bool_or(owed_fen <> committed_fen)
      UNION
      SELECT case_id, month_for FROM recovered
    ),
    items AS (
      SELECT case_id,
        jsonb_agg(jsonb_build_array(month, component, owed_fen) ORDER BY month, component)
          FILTER (WHERE owed_fen <> 0) AS owed,
        jsonb_agg(jsonb_build_array(month, component, committed_fen) ORDER BY month, component)
          FILTER (WHERE committed_fen <> 0) AS committed
      FROM compared
      JOIN open_month USING (case_id, month)
      GROUP BY case_id
    ),
    recoveries AS (
      SELECT case_id,
        jsonb_agg(jsonb_build_array(month_for, repaid_fen, written_off_fen, outstanding_fen)
          ORDER BY month_for) AS recovery
      FROM recovered
      GROUP BY case_id
    )`

/** The page with its arrays, and what else decides whether a case is paid. */
function answered({ ordinal, month, known, inMonth }: Conditions): string {
  return `
    SELECT page.case_id, page.division, page.programme, page.urban_rural, page.benefit_class,
      COALESCE(items.owed, '[]') AS owed,
      COALESCE(items.committed, '[]') AS committed,
      COALESCE(recoveries.recovery, '[]') AS recovery,
      (SELECT person_id FROM case_head AS h
        WHERE h.case_id = page.case_id AND ${known} AND h.from_month <= ${month}
        ORDER BY h.from_month DESC LIMIT 1) AS head,
      (SELECT COUNT(*)::integer FROM roll_member AS m
        WHERE m.case_id = page.case_id AND ${known}
          AND m.from_month <= last_month.month AND m.to_month >= last_month.month) AS persons,
      ARRAY(SELECT reason FROM case_hold AS h
        WHERE h.case_id = page.case_id AND ${known} AND ${inMonth}
        ORDER BY h.hold_id) AS holds,
      EXISTS (SELECT FROM case_state AS s
        JOIN register_fact AS started ON started.stream = 'import-' || s.import_id
          AND started.type = 'ImportStarted'
        WHERE s.case_id = page.case_id AND NOT EXISTS (
          SELECT FROM register_fact AS done
          WHERE done.stream = started.stream AND done.type = 'ImportCompleted'
            AND done.ordinal <= ${ordinal})) AS import_unfinished,
      (SELECT MAX(reviewed_on) FROM case_review AS v
        WHERE v.case_id = page.case_id AND ${known}) AS reviewed_on,
      (SELECT MIN(from_month) FROM roll_case AS r
        WHERE r.case_id = page.case_id AND ${known}) AS first_month
    FROM page
    LEFT JOIN items ON items.case_id = page.case_id
    LEFT JOIN recoveries ON recoveries.case_id = page.case_id
    CROSS JOIN LATERAL (
      SELECT LEAST(${month}, MAX(r.to_month)) AS month FROM roll_case AS r
      WHERE r.case_id = page.case_id AND ${known} AND r.from_month <= ${month}
    ) AS last_month
    ORDER BY page.division, page.case_id`
}
