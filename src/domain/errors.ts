import type { ErrorCode } from './error-codes.js'

/** What a refused command tells its caller: plain JSON facts, no HTTP and no prose. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | readonly string[]>>

/**
 * A command or query that the ledger refuses. `code` is stable and documented; `facts` say where
 * and why. A bug is never a DomainError.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    super(code)
    this.name = 'DomainError'
    this.code = code
    this.facts = facts
  }
}
