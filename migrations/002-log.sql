-- The log. Positions are contiguous: given under one lock, visible in their order.
-- Streams and appends have no tables of their own: the last event of a stream is its version, and
-- the last event of an append carries its key, so that nothing can disagree with the log.

CREATE TABLE ledger.events (
  ordinal bigint PRIMARY KEY CHECK (ordinal >= 0),
  recorded timestamptz NOT NULL,
  recorded_max timestamptz NOT NULL,
  event_id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 0),
  schema_version integer NOT NULL,
  leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
  request_hash bytea,
  stream text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  effective text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  correlation text COLLATE "C" NOT NULL,
  append_key text COLLATE "C",
  data jsonb NOT NULL,
  CONSTRAINT events_stream_version UNIQUE (stream, version)
);

CREATE UNIQUE INDEX events_append_key ON ledger.events (append_key) WHERE append_key IS NOT NULL;
CREATE INDEX events_recorded_max ON ledger.events (recorded_max, ordinal);

COMMENT ON COLUMN ledger.events.ordinal IS '0-based, dense, in log order';
COMMENT ON COLUMN ledger.events.recorded_max IS 'running maximum of recorded along the order';
COMMENT ON COLUMN ledger.events.append_key IS 'on the last event of an append only';
COMMENT ON COLUMN ledger.events.request_hash IS 'on the last event of an append only';

GRANT SELECT ON ledger.events TO ledger_service;

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The log is only ever appended to: % was refused.', TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER events_never_change
  BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.events
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
-- Also in a session that says it replicates, where ordinary triggers stay silent.
ALTER TABLE ledger.events ENABLE ALWAYS TRIGGER events_never_change;
