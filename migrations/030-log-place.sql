-- For a log in EventStoreDB: ordinals, versions and keys beside positions there, all that it can't be
-- asked. It holds nothing that the log does not say: emptied, it is counted anew at the next start.
CREATE TABLE vault.log_index (
  ledger text COLLATE "C" NOT NULL,
  ordinal bigint NOT NULL CHECK (ordinal >= 0),
  commit_position bigint NOT NULL,
  prepare_position bigint NOT NULL,
  event_id uuid NOT NULL,
  version integer NOT NULL,
  stream text COLLATE "C" NOT NULL,
  recorded_maximum timestamptz NOT NULL,
  append_key text COLLATE "C",
  request_hash text,
  attempt text,
  created_milliseconds bigint,
  PRIMARY KEY (ledger, ordinal)
);

CREATE INDEX log_index_stream ON vault.log_index (ledger, stream, version) INCLUDE (ordinal);

CREATE INDEX log_index_append ON vault.log_index (ledger, append_key, ordinal)
WHERE append_key IS NOT NULL;

CREATE INDEX log_index_recorded ON vault.log_index (ledger, recorded_maximum, ordinal);

CREATE INDEX log_index_policy ON vault.log_index (ledger, ordinal, stream)
WHERE stream ~ '^(programme|standard|division)-';

COMMENT ON COLUMN vault.log_index.recorded_maximum IS 'the latest recorded of any event up to this one';

COMMENT ON COLUMN vault.log_index.ledger IS 'the name that begins the names of its streams there';

COMMENT ON COLUMN vault.log_index.append_key IS 'on the last event of an append only';

-- Which ledger the keys and answers beside it belong to, wherever its log is: one row.
CREATE TABLE vault.log_origin (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  leaf_hash text NOT NULL
);

COMMENT ON COLUMN vault.log_origin.leaf_hash IS 'of the event with ordinal 0';
