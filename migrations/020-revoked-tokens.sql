-- Tokens that count no longer: one token, or all that an actor was given up to an instant. A
-- revocation is never taken back; a new token is issued instead. It ends tokens of its division only.
CREATE TABLE vault.revoked_token (
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('token', 'actor')),
  value text COLLATE "C" NOT NULL,
  division text COLLATE "C" NOT NULL,
  revoked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_by text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (kind, value, division, revoked_at)
);

REVOKE UPDATE, DELETE ON vault.revoked_token FROM ledger_service;

-- Who was given the first token that a key of this ledger signed, on nobody's word.
CREATE TABLE vault.first_token (
  key_id text COLLATE "C" PRIMARY KEY,
  actor text COLLATE "C" NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

REVOKE UPDATE, DELETE ON vault.first_token FROM ledger_service;

-- What this ledger signed, without the token itself: so that who revokes one is told whose it is not.
-- Tokens of an identity provider are known to it alone.
CREATE TABLE vault.issued_token (
  token_id text COLLATE "C" PRIMARY KEY,
  actor text COLLATE "C" NOT NULL,
  division text COLLATE "C" NOT NULL,
  issued_by text COLLATE "C",
  issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL
);

CREATE INDEX issued_token_actor ON vault.issued_token (actor);

REVOKE UPDATE, DELETE ON vault.issued_token FROM ledger_service;
