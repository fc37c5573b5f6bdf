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
] as const
export type ErrorCode = (typeof errorCodes)[number]
