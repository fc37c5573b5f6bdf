import {
  AccessDeniedError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  TimeoutError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import { DomainError } from '../../domain/errors.js'
import { LateAnswer } from './timing.js'

/**
 * What a failed call means. `unknown`: it may have been done or not, and the same call with the
 * same ids and expectation can be sent again; `name` tells identical failures. `refused`: it was
 * not done and never will be.
 */
export type Failure =
  | { readonly kind: 'wrong-version' }
  | { readonly kind: 'no-stream' }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'refused'; readonly error: Error }

/** A call that ended without saying whether it did what was asked. */
export class OpenOutcome extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'OpenOutcome'
  }
}

/**
 * gRPC codes of a call that may have been done: cancelled, unknown, deadline exceeded, resource
 * exhausted, aborted, internal (a reset stream), unavailable.
 */
const openCodes = new Set([1, 2, 4, 8, 10, 13, 14])

/** Sorts by gRPC code and not by class: the client gives one failure many classes. */
export function sortFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return refused(new Error(String(error)))
  if (error instanceof WrongExpectedVersionError) return { kind: 'wrong-version' }
  if (error instanceof StreamNotFoundError) return { kind: 'no-stream' }
  if (error instanceof DomainError || error instanceof AccessDeniedError) return refused(error)
  if (error instanceof MaxAppendSizeExceededError)
    return refused(new DomainError('append-too-large', { limit: error.maxAppendSize }))
  if (error instanceof StreamDeletedError)
    return refused(new DomainError('log-broken', { expected: 'a stream', found: 'a deleted one' }))
  if (error instanceof LateAnswer) return { kind: 'unknown', name: 'late' }
  if (error instanceof OpenOutcome) return { kind: 'unknown', name: error.message }
  if (error instanceof NotLeaderError) return { kind: 'unknown', name: 'not-leader' }

  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'number')
    return openCodes.has(code) || wasEndedInOrder(error)
      ? { kind: 'unknown', name: `code-${code}` }
      : refused(error)
  if (isOpenWithoutCode(error, code)) return { kind: 'unknown', name: error.name }
  return refused(error)
}

/** "Server Is Busy" comes without a code, and so do sockets and a search for a leader. */
function isOpenWithoutCode(error: Error, code: unknown): boolean {
  return (
    error instanceof UnknownError ||
    error instanceof UnavailableError ||
    error instanceof TimeoutError ||
    error instanceof DeadlineExceededError ||
    (typeof code === 'string' && /^E[A-Z]+$/.test(code)) ||
    error.message.startsWith('Failed to discover') ||
    error.message === 'Channel has been shut down'
  )
}

/** A call that the server ended without an answer: the client's library calls it unimplemented. */
function wasEndedInOrder(error: Error): boolean {
  return error.message.endsWith('No message received')
}

function refused(error: Error): Failure {
  return { kind: 'refused', error }
}
