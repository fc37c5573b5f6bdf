-- Who read whose personal data, when and why. Added to before the answer is given, read by the
-- auditor, changed by nobody.
CREATE TABLE vault.personal_data_access (
  access_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  accessed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text COLLATE "C" NOT NULL,
  -- The subtree in which the actor's roles held.
  division text COLLATE "C" NOT NULL,
  persons uuid[] NOT NULL,
  purpose text NOT NULL,
  route text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL
);

CREATE INDEX personal_data_access_actor ON vault.personal_data_access (actor, access_id);
CREATE INDEX personal_data_access_persons ON vault.personal_data_access USING gin (persons);

REVOKE UPDATE, DELETE ON vault.personal_data_access FROM ledger_service;

CREATE FUNCTION vault.refuse_access_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The log of accesses to personal data is only ever added to.';
END
$$;

CREATE TRIGGER refuse_access_change
BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.personal_data_access
FOR EACH STATEMENT EXECUTE FUNCTION vault.refuse_access_change();
