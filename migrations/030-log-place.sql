-- For a log in EventStoreDB: ordinals, versions and keys beside positions there, so that a start
-- need not count the log again. It holds nothing that the log does not say: emptied, it is counted
-- anew at the next start.
CREATE TABLE vault.log_index (
  ledger text COLLATE "C" NOT NULL,
  ordinal bigint NOT NULL CHECK (ordinal >= 0),
  commit_position bigint NOT NULL,
  prepare_position bigint NOT NULL,
  event_id uuid NOT NULL,
  version integer NOT NULL,
  stream text COLLATE "C" NOT NULL,
  recorded timestamptz NOT NULL,
  append_key text COLLATE "C",
  request_hash text,
  attempt text,
  created_milliseconds bigint,
  PRIMARY KEY (ledger, ordinal)
);

COMMENT ON COLUMN vault.log_index.ledger IS 'the name that begins the names of its streams there';

COMMENT ON COLUMN vault.log_index.append_key IS 'on the last event of an append only';

-- Which ledger the keys and answers beside it belong to, wherever its log is: one row.
CREATE TABLE vault.log_origin (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  leaf_hash text NOT NULL
);

COMMENT ON COLUMN vault.log_origin.leaf_hash IS 'of the event with ordinal 0';
