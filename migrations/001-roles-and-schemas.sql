-- Run as the administrator; every later migration runs as ledger_owner.
--
-- ledger_owner    owns the log and the vault and cannot log in, so nobody works as the owner.
-- ledger_service  is the running service: it appends through one function and reads.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_owner') THEN
    CREATE ROLE ledger_owner NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_service') THEN
    CREATE ROLE ledger_service LOGIN;
  END IF;
END
$$;

GRANT ledger_owner TO CURRENT_USER;
GRANT ledger_service TO CURRENT_USER;

-- The log: appended to through ledger.append, read by the service, changed by nobody.
CREATE SCHEMA ledger AUTHORIZATION ledger_owner;
-- Durable tables that are not the log: keys, tokens, access log, answers given.
CREATE SCHEMA vault AUTHORIZATION ledger_owner;
-- Projections: made, rebuilt and dropped by the service itself.
CREATE SCHEMA read_model AUTHORIZATION ledger_service;

GRANT USAGE ON SCHEMA ledger TO ledger_service;
GRANT USAGE ON SCHEMA vault TO ledger_service;

ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner IN SCHEMA vault
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ledger_service;
ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner IN SCHEMA vault
  GRANT USAGE ON SEQUENCES TO ledger_service;

-- A rebuild makes the read models in a schema beside the live one and then changes the names.
DO $$
BEGIN
  EXECUTE format('GRANT CREATE ON DATABASE %I TO ledger_service', current_database());
END
$$;
