-- The only way into the log. One row an append, whatever became of it; a conflict is no error.
--
-- appends  [{n, stream, expected, size, append_key, request_hash, recorded, actor, correlation}]
--          n counts from 0; expected is the stream's last version, -1 for none
-- events   [{n, i, event_id, type, schema_version, effective, leaf_hash, data}], i from 0 in n
-- clock_tolerance  how far recorded may be from the store's clock; NULL on a simulated clock
--
-- Several appends to one stream are judged in turn. Two with one key must come in two calls.

CREATE FUNCTION ledger.append(appends jsonb, events jsonb, clock_tolerance interval)
RETURNS TABLE (n integer, kind text, version integer, ordinal bigint, store_clock timestamptz)
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
  clock timestamptz := clock_timestamp();
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'The log is appended to in READ COMMITTED only: an older snapshot would give '
      'one position twice.' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  -- Held until commit: order of positions = order of commits = order in which readers see them.
  PERFORM pg_advisory_xact_lock(hashtextextended('ledger.append', 0));
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
      row_number() OVER (PARTITION BY a.stream ORDER BY a.n) AS turn
    FROM jsonb_to_recordset(appends) AS a (
      n integer, stream text COLLATE "C", expected integer, size integer,
      append_key text COLLATE "C", request_hash bytea, recorded timestamptz, actor text,
      correlation text
    )
    -- LIMIT 1 keeps this a look into the index for each append, whatever the planner believes.
    LEFT JOIN LATERAL (
      SELECT e.version, e.ordinal, e.request_hash FROM ledger.events e
      WHERE e.append_key = a.append_key LIMIT 1
    ) earlier ON true
  ),
  -- Turn 0 is the stream as it is; each append is judged by the version its forerunner left.
  judged AS (
    SELECT NULL::integer AS n, o.stream, 0::bigint AS turn, NULL::text AS kind,
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
    SELECT o.n, o.stream, o.size, o.append_key, o.request_hash, o.recorded, o.actor, o.correlation,
      j.version,
      head + (sum(o.size) OVER line)::bigint AS ordinal,
      greatest(head_recorded, max(o.recorded) OVER line) AS recorded_max
    FROM offered o
    JOIN judged j ON j.n = o.n
    WHERE j.kind = 'appended'
    WINDOW line AS (ORDER BY o.n)
  ),
  stored AS (
    INSERT INTO ledger.events (
      ordinal, recorded, recorded_max, event_id, version, schema_version, leaf_hash, request_hash,
      stream, type, effective, actor, correlation, append_key, data
    )
    SELECT
      p.ordinal - p.size + 1 + e.i, p.recorded, p.recorded_max, e.event_id,
      p.version - p.size + 1 + e.i, e.schema_version, e.leaf_hash,
      CASE WHEN e.i = p.size - 1 THEN p.request_hash END,
      p.stream, e.type, e.effective, p.actor, p.correlation,
      CASE WHEN e.i = p.size - 1 THEN p.append_key END,
      e.data
    FROM jsonb_to_recordset(events) AS e (
      n integer, i integer, event_id uuid, type text, schema_version integer, effective text,
      leaf_hash bytea, data jsonb
    )
    JOIN placed p ON p.n = e.n
    ORDER BY 1
  )
  SELECT j.n, j.kind,
    CASE j.kind WHEN 'replayed' THEN o.earlier_version ELSE j.version END,
    CASE j.kind WHEN 'replayed' THEN o.earlier_ordinal ELSE p.ordinal END,
    clock
  FROM judged j
  JOIN offered o ON o.n = j.n
  LEFT JOIN placed p ON p.n = j.n
  ORDER BY j.n;
END
$$;

REVOKE ALL ON FUNCTION ledger.append(jsonb, jsonb, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.append(jsonb, jsonb, interval) TO ledger_service;
