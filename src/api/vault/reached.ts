import { DomainError } from '../../domain/errors.js'

/**
 * What a statement answers; a database that can not be reached is `database-unreachable`. Errors
 * with an SQLSTATE of another kind are faults of the program and pass unchanged.
 */
export async function reached<Result>(statement: Promise<Result>): Promise<Result> {
  try {
    return await statement
  } catch (error) {
    throw isOutOfReach(error) ? new DomainError('database-unreachable') : error
  }
}

/** Connection exceptions, no more connections, shutdown, or no SQLSTATE at all: the network. */
const outOfReachStates = /^(08|53300|57P|25P03)/

function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (!('code' in error) || typeof error.code !== 'string') return isConnectionMessage(error)
  return outOfReachStates.test(error.code) || /^E[A-Z]+$/.test(error.code)
}

function isConnectionMessage(error: Error): boolean {
  return /connection (terminated|ended)|timeout exceeded|not queryable|after calling end/i.test(
    error.message,
  )
}
