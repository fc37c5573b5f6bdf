/** Money leaves: every item of the run $1 that is not held, at ordinal $2 in month $3. */
export const payReleased = `
  INSERT INTO payment_paid (run_id, line, item, ordinal, case_id, programme, division,
    urban_rural, component, measure, month_for, month_in, households, persons, amount_fen)
  SELECT i.run_id, i.line, i.item, $2::bigint, i.case_id, l.programme, l.division,
    l.urban_rural, i.component, 'cash', i.month_for, $3::integer,
    CASE WHEN i.item = 0 THEN 1 ELSE 0 END,
    CASE WHEN i.item = 0 THEN l.persons ELSE 0 END,
    i.amount_fen
  FROM payment_item AS i
  JOIN payment_line AS l ON l.run_id = i.run_id AND l.line = i.line
  WHERE i.run_id = $1 AND NOT i.held`

/**
 * What the answers filed at ordinal $2 for run $1 send back, item by item, less what was back
 * already. A whole line that comes back takes every item along; of a part, the items of a line are
 * credited in their order, so that the last ones come back first. A duplicate and a contradiction
 * without effect say nothing, and a credit only where something was back: the thousands of others
 * are left out first, since nothing is known yet of how many lines the run has, and a plan for few
 * takes the square of many.
 */
export const fileReturns = `
  WITH answer AS (
    SELECT DISTINCT ON (line) line, outcome, credited_fen
    FROM payment_answer
    WHERE run_id = $1 AND ordinal = $2 AND outcome NOT IN ('duplicate', 'contradiction')
    ORDER BY line, answer_no DESC
  ),
  telling AS MATERIALIZED (
    SELECT * FROM answer
    WHERE outcome <> 'credited'
      OR line IN (SELECT r.line FROM payment_return AS r WHERE r.run_id = $1)
  ),
  back AS (
    SELECT l.line,
      a.outcome = 'returned' AS whole,
      CASE a.outcome
        WHEN 'credited' THEN 0
        ELSE GREATEST(l.amount_fen - a.credited_fen, 0)
      END AS back_fen
    FROM telling AS a
    JOIN payment_line AS l ON l.run_id = $1 AND l.line = a.line AND l.held_for IS NULL
  ),
  item AS (
    SELECT i.*, b.back_fen, b.whole,
      COALESCE(SUM(GREATEST(i.amount_fen, 0)) OVER (
        PARTITION BY i.line ORDER BY i.item DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS later_fen
    FROM payment_item AS i
    JOIN back AS b ON b.line = i.line
    WHERE i.run_id = $1
  ),
  due AS (
    SELECT item.*,
      CASE
        WHEN whole THEN amount_fen
        ELSE LEAST(GREATEST(amount_fen, 0), GREATEST(back_fen - later_fen, 0))
      END AS due_fen,
      COALESCE((
        SELECT SUM(r.amount_fen) FROM payment_return AS r
        WHERE r.run_id = item.run_id AND r.line = item.line AND r.item = item.item), 0) AS was_fen
    FROM item
  )
  INSERT INTO payment_return (run_id, line, item, ordinal, case_id, component, month_for,
    amount_fen)
  SELECT run_id, line, item, $2::bigint, case_id, component, month_for, due_fen - was_fen
  FROM due
  WHERE due_fen <> was_fen`

/**
 * The returns filed at ordinal $2 as money that came back in month $3. A line that comes back whole
 * takes its household and persons along; one credited after all brings them again.
 */
export const returnsAsPaid = `
  WITH line AS (
    SELECT r.line,
      MIN(r.item) FILTER (WHERE r.ordinal = $2) AS first_item,
      COALESCE(SUM(r.amount_fen) FILTER (WHERE r.ordinal < $2), 0) AS was_fen,
      SUM(r.amount_fen) AS now_fen
    FROM payment_return AS r
    WHERE r.run_id = $1
    GROUP BY r.line
    HAVING bool_or(r.ordinal = $2)
  )
  INSERT INTO payment_paid (run_id, line, item, ordinal, case_id, programme, division,
    urban_rural, component, measure, month_for, month_in, households, persons, amount_fen)
  SELECT r.run_id, r.line, r.item, r.ordinal, r.case_id, l.programme, l.division,
    l.urban_rural, r.component, 'cash', r.month_for, $3::integer,
    counted.times, counted.times * l.persons, -r.amount_fen
  FROM payment_return AS r
  JOIN payment_line AS l ON l.run_id = r.run_id AND l.line = r.line
  JOIN line AS n ON n.line = r.line
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN r.item <> n.first_item THEN 0
      WHEN n.now_fen = l.amount_fen AND n.was_fen <> l.amount_fen THEN -1
      WHEN n.now_fen <> l.amount_fen AND n.was_fen = l.amount_fen THEN 1
      ELSE 0
    END AS times
  ) AS counted
  WHERE r.run_id = $1 AND r.ordinal = $2`
