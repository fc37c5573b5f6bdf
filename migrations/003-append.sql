-- The only way into the log. One row an append, in order, whatever became of it; a conflict is no
-- error. Arrays, because the service sends them in binary form and nothing is parsed twice.
--
-- By append: stream, expected last version (-1 for none), number of events, append key, request
-- hash, recorded, actor, correlation. By event, those of the first append first: number of its
-- append (from 1), event id, type, schema version, effective, leaf hash, data.
-- clock_tolerance: how far recorded may be from the store's clock; NULL on a simulated clock.
--
-- The arrays are unnested in the select list, in step: a function scan would put each of them into
-- a store of its own first, which takes longer than storing the events.
--
-- Several appends to one stream are judged in turn. Two with one key must come in two calls.

CREATE FUNCTION ledger.append(
  streams text[], expected integer[], sizes integer[], append_keys text[],
  request_hashes bytea[], recorded timestamptz[], actors text[], correlations text[],
  append_numbers integer[], event_ids uuid[], types text[], schema_versions integer[],
  effective text[], leaf_hashes bytea[], data jsonb[],
  clock_tolerance interval
)
RETURNS TABLE (kind text, version integer, ordinal bigint, store_clock timestamptz)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- One plan for all sizes of batch, since planning takes longer than storing one event. A plan that
-- was made while the log and the batch were small must not scan the one or loop over the other.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
  head bigint;
  head_recorded timestamptz;
  clock timestamptz;
  are_all_right boolean;
  kinds text[];
  versions integer[];
  ordinals bigint[];
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

  -- The usual case is that nothing is wrong, which is quicker to ask than what is.
  SELECT
    count(DISTINCT a.stream) = count(*)
    AND bool_and(
      a.expected = coalesce((
        SELECT e.version FROM ledger.events e WHERE e.stream = a.stream
        ORDER BY e.version DESC LIMIT 1
      ), -1)
      AND (
        SELECT e.ordinal FROM ledger.events e WHERE e.append_key = a.append_key LIMIT 1
      ) IS NULL
      AND (a.recorded NOT BETWEEN clock - clock_tolerance AND clock + clock_tolerance)
        IS NOT TRUE
    )
    INTO are_all_right
    FROM (
      SELECT unnest(streams) AS stream, unnest(expected) AS expected,
        unnest(append_keys) AS append_key, unnest(recorded) AS recorded
    ) a;

  IF NOT are_all_right THEN
    WITH RECURSIVE offered AS MATERIALIZED (
      SELECT a.*,
        earlier.version AS earlier_version,
        earlier.ordinal AS earlier_ordinal,
        earlier.request_hash AS earlier_hash,
        row_number() OVER (PARTITION BY a.stream ORDER BY a.n) AS turn
      FROM unnest(streams, expected, sizes, append_keys, request_hashes, recorded)
        WITH ORDINALITY AS a (stream, expected, size, append_key, request_hash, recorded, n)
      LEFT JOIN LATERAL (
        SELECT e.version, e.ordinal, e.request_hash FROM ledger.events e
        WHERE e.append_key = a.append_key LIMIT 1
      ) earlier ON true
    ),
    -- Turn 0 is the stream as it is; each append is judged by the version its forerunner left.
    judged AS (
      SELECT NULL::bigint AS n, o.stream, 0::bigint AS turn, NULL::text AS kind,
        coalesce((
          SELECT e.version FROM ledger.events e WHERE e.stream = o.stream
          ORDER BY e.version DESC LIMIT 1
        ), -1) AS version
      FROM offered o
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
    )
    SELECT
      array_agg(j.kind ORDER BY j.n),
      array_agg(CASE j.kind WHEN 'replayed' THEN o.earlier_version ELSE j.version END ORDER BY j.n),
      array_agg(o.earlier_ordinal ORDER BY j.n)
      INTO kinds, versions, ordinals
      FROM judged j
      JOIN offered o ON o.n = j.n;
  END IF;

  RETURN QUERY
  WITH placed AS MATERIALIZED (
    SELECT a.n, a.stream, a.size, a.append_key, a.request_hash, a.recorded, a.actor,
      a.correlation, verdict.kind,
      coalesce(a.version, a.expected + a.size) AS version,
      (sum(a.size) OVER line - a.size)::integer AS events_before,
      CASE verdict.kind WHEN 'replayed' THEN a.earlier_ordinal ELSE
        (head + sum(a.size) FILTER (WHERE verdict.kind = 'appended') OVER line)::bigint
      END AS ordinal,
      greatest(head_recorded, max(a.recorded) FILTER (WHERE verdict.kind = 'appended') OVER line)
        AS recorded_max
    FROM (
      SELECT generate_subscripts(streams, 1) AS n, unnest(streams) AS stream,
        unnest(expected) AS expected, unnest(sizes) AS size, unnest(append_keys) AS append_key,
        unnest(request_hashes) AS request_hash, unnest(recorded) AS recorded,
        unnest(actors) AS actor, unnest(correlations) AS correlation, unnest(kinds) AS kind,
        unnest(versions) AS version, unnest(ordinals) AS earlier_ordinal
    ) a
    CROSS JOIN LATERAL (SELECT coalesce(a.kind, 'appended') AS kind) verdict
    WINDOW line AS (ORDER BY a.n)
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
    FROM (
      SELECT generate_subscripts(append_numbers, 1) AS at, unnest(append_numbers) AS n,
        unnest(event_ids) AS event_id, unnest(types) AS type,
        unnest(schema_versions) AS schema_version, unnest(effective) AS effective,
        unnest(leaf_hashes) AS leaf_hash, unnest(data) AS data
    ) e
    JOIN placed p ON p.n = e.n
    WHERE p.kind = 'appended'
    ORDER BY e.at
  )
  SELECT p.kind, p.version, p.ordinal, clock
  FROM placed p
  ORDER BY p.n;
END
$$;

REVOKE ALL ON FUNCTION ledger.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.append TO ledger_service;
