-- One wrapped key a person. A destroyed key leaves its row, so that nobody gets a second key.
CREATE TABLE vault.person_key (
  person_id uuid PRIMARY KEY,
  wrapped_key text COLLATE "C",
  created_at timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))
);

CREATE FUNCTION vault.refuse_second_key() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.wrapped_key IS NULL OR NEW.wrapped_key IS NOT NULL THEN
    RAISE EXCEPTION 'a person key is destroyed, never changed';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER refuse_second_key
BEFORE UPDATE ON vault.person_key
FOR EACH ROW EXECUTE FUNCTION vault.refuse_second_key();

-- The schema's default lets the service change and delete whole rows: here it may do neither.
REVOKE UPDATE, DELETE ON vault.person_key FROM ledger_service;
GRANT UPDATE (wrapped_key, destroyed_at) ON vault.person_key TO ledger_service;
