-- How far facts and policy have become decisions: one row.
CREATE TABLE vault.reassessment (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  through_ordinal bigint NOT NULL
);
