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
] as const
export type ErrorCode = (typeof errorCodes)[number]
