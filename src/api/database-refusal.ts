import { DomainError } from '../domain/errors.js'

/**
 * The refusal that a failure of the database comes to, where one that passes: out of reach, too
 * slow, or full. Errors with an SQLSTATE of another kind are faults of the program.
 */
export function databaseRefusal(error: unknown): DomainError | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === undefined)
    return isConnectionMessage(error) ? new DomainError('database-unreachable') : undefined
  if (fullStates.test(code)) return new DomainError('database-full')
  const isAway = outOfReachStates.test(code) || /^E[A-Z]+$/.test(code)
  return isAway ? new DomainError('database-unreachable') : undefined
}

/** The disk of the server has no room, or not enough to write what it must. */
const fullStates = /^(53100|58030)/
/** Connection exceptions, no more connections, shutdown, or no SQLSTATE at all: the network. */
const outOfReachStates = /^(08|53300|57|25P03)/

function isConnectionMessage(error: Error): boolean {
  return /connection (terminated|ended)|timeout|not queryable|after calling end/i.test(
    error.message,
  )
}
