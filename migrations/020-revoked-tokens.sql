-- Tokens that count no longer: one token, or all that an actor was given up to an instant. A
-- revocation is never taken back; a new token is issued instead.
CREATE TABLE vault.revoked_token (
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('token', 'actor')),
  value text COLLATE "C" NOT NULL,
  revoked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_by text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (kind, value, revoked_at)
);

REVOKE UPDATE, DELETE ON vault.revoked_token FROM ledger_service;
