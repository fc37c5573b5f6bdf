/** Every reason for which the ledger refuses something: stable names that clients may rely on. */
export const errorCodes = [
  // values
  'amount-not-whole-fen',
  'amount-not-yuan',
  'share-without-denominator',
  'date-does-not-exist',
  'month-does-not-exist',
  'instant-does-not-exist',
  'identity-number-wrong',
  // integrity and log
  'not-canonical-json',
  'log-busy',
  'log-closed',
  'log-broken',
  'event-too-large',
  'append-too-large',
  'append-malformed',
  'append-without-events',
  'too-many-events-in-append',
  'too-many-appends-in-batch',
  // sealing
  'master-key-missing',
  'master-key-unfit',
  'sealed-field-broken',
  'person-erased',
  // application
  'event-unknown',
  'stream-version-stale',
  'idempotency-key-reused',
  'recorded-clock-refused',
  'ledger-not-founded',
  'ledger-already-founded',
  'ledger-clock-mismatch',
  'clock-not-simulated',
  'clock-runs-forward-only',
  'division-outside-scope',
  'person-unknown',
  'identity-number-taken',
  'case-unknown',
] as const
export type ErrorCode = (typeof errorCodes)[number]
