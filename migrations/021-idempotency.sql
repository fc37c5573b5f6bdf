-- Answers of earlier writes, for retries. Only the log decides; this can be emptied at any time.
-- Answers hold ids and amounts, never personal data; requests are here as keyed hashes only.
CREATE TABLE vault.idempotency (
  actor text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
  status smallint NOT NULL,
  etag text,
  location text,
  response text NOT NULL,
  expires timestamptz NOT NULL,
  PRIMARY KEY (actor, key)
);

CREATE INDEX idempotency_expires ON vault.idempotency (expires);

REVOKE UPDATE ON vault.idempotency FROM ledger_service;
