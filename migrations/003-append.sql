-- The only way into the log. One row an append, in order, whatever became of it; a conflict is no
-- error. Arrays, because the service sends them in binary form and nothing is parsed twice.
--
-- By append: stream, expected last version (-1 for none), number of events, append key, request
-- hash, recorded, actor, correlation. By event, those of the first append first: number of its
-- append (from 1), event id, type, schema version, effective, leaf hash, data.
-- clock_tolerance: how far recorded may be from the store's clock; NULL on a simulated clock.
--
-- Several appends to one stream are judged in turn. Two with one key must come in two calls.

CREATE FUNCTION ledger.append(
  streams text[], expected integer[], sizes integer[], append_keys text[],
  request_hashes bytea[], recorded timestamptz[], actors text[], correlations text[],
  append_numbers integer[], event_ids uuid[], types text[], schema_versions integer[], effective text[],
  leaf_hashes bytea[], data jsonb[],
  clock_tolerance interval
)
RETURNS TABLE (kind text, version integer, ordinal bigint, store_clock timestamptz)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- A plan that was made while the log was small must not scan it when it has grown.
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  head bigint;
  head_recorded timestamptz;
  clock timestamptz;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'The log is appended to in READ COMMITTED only: an older snapshot would give '
      'one position twice.' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  -- Held until commit: order of positions = order of commits = order in which readers see them.
  PERFORM pg_advisory_xact_lock(hashtextextended('ledger.append', 0));
  clock := clock_timestamp();
  SELECT e.ordinal, e.recorded_max INTO head, head_recorded
    FROM ledger.events e
    ORDER BY e.ordinal DESC
    LIMIT 1;
  head := coalesce(head, -1);

  RETURN QUERY
  WITH RECURSIVE offered AS MATERIALIZED (
    SELECT a.*,
      earlier.version AS earlier_version,
      earlier.ordinal AS earlier_ordinal,
      earlier.request_hash AS earlier_hash,
      (sum(a.size) OVER (ORDER BY a.n) - a.size)::integer AS events_before,
      row_number() OVER (PARTITION BY a.stream ORDER BY a.n) AS turn
    FROM unnest(
      streams, expected, sizes, append_keys, request_hashes, recorded, actors, correlations
    ) WITH ORDINALITY AS a (
      stream, expected, size, append_key, request_hash, recorded, actor, correlation, n
    )
    -- LIMIT 1 keeps this a look into the index for each append, whatever the planner believes.
    LEFT JOIN LATERAL (
      SELECT e.version, e.ordinal, e.request_hash FROM ledger.events e
      WHERE e.append_key = a.append_key LIMIT 1
    ) earlier ON true
  ),
  -- Turn 0 is the stream as it is; each append is judged by the version its forerunner left.
  judged AS (
    SELECT NULL::bigint AS n, o.stream, 0::bigint AS turn, NULL::text AS kind,
      coalesce(latest.version, -1) AS version
    FROM offered o
    LEFT JOIN LATERAL (
      SELECT e.version FROM ledger.events e WHERE e.stream = o.stream
      ORDER BY e.version DESC LIMIT 1
    ) latest ON true
    WHERE o.turn = 1
    UNION ALL
    SELECT o.n, o.stream, o.turn, verdict.kind,
      CASE verdict.kind WHEN 'appended' THEN before.version + o.size ELSE before.version END
    FROM judged before
    JOIN offered o ON o.stream = before.stream AND o.turn = before.turn + 1
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN o.earlier_hash <> o.request_hash THEN 'key-reused'
        WHEN o.earlier_hash IS NOT NULL THEN 'replayed'
        WHEN o.recorded NOT BETWEEN clock - clock_tolerance AND clock + clock_tolerance
          THEN 'clock-refused'
        WHEN o.expected <> before.version THEN 'conflict'
        ELSE 'appended'
      END AS kind
    ) verdict
  ),
  placed AS MATERIALIZED (
    SELECT o.*, j.kind, j.version,
      (head + sum(o.size) FILTER (WHERE j.kind = 'appended') OVER line)::bigint AS ordinal,
      greatest(head_recorded, max(o.recorded) FILTER (WHERE j.kind = 'appended') OVER line)
        AS recorded_max
    FROM offered o
    JOIN judged j ON j.n = o.n
    WINDOW line AS (ORDER BY o.n)
  ),
  stored AS (
    INSERT INTO ledger.events (
      ordinal, recorded, recorded_max, event_id, version, schema_version, leaf_hash, request_hash,
      stream, type, effective, actor, correlation, append_key, data
    )
    SELECT
      p.ordinal - p.size + e.at - p.events_before, p.recorded, p.recorded_max, e.event_id,
      p.version - p.size + e.at - p.events_before, e.schema_version, e.leaf_hash,
      CASE WHEN e.at = p.events_before + p.size THEN p.request_hash END,
      p.stream, e.type, e.effective, p.actor, p.correlation,
      CASE WHEN e.at = p.events_before + p.size THEN p.append_key END,
      e.data
    FROM unnest(
      append_numbers, event_ids, types, schema_versions, effective, leaf_hashes, data
    ) WITH ORDINALITY AS e (
      n, event_id, type, schema_version, effective, leaf_hash, data, at
    )
    JOIN placed p ON p.n = e.n
    WHERE p.kind = 'appended'
    ORDER BY e.at
  )
  SELECT p.kind,
    CASE p.kind WHEN 'replayed' THEN p.earlier_version ELSE p.version END,
    CASE p.kind WHEN 'replayed' THEN p.earlier_ordinal ELSE p.ordinal END,
    clock
  FROM placed p
  ORDER BY p.n;
END
$$;

REVOKE ALL ON FUNCTION ledger.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.append TO ledger_service;
