import { createHmac } from 'node:crypto'
import { DomainError } from '../domain/errors.js'
import { canonicalJson } from '../integrity/canonical-json.js'

/**
 * The Idempotency-Key of a write.
 *
 * @throws DomainError idempotency-key-missing, idempotency-key-malformed
 */
export function idempotencyKeyOf(header: string | string[] | undefined): string {
  if (header === undefined || header === '') throw new DomainError('idempotency-key-missing')
  if (typeof header !== 'string' || !/^[\x21-\x7e]{8,128}$/.test(header))
    throw new DomainError('idempotency-key-malformed')
  return header
}

/** What makes two requests the same one: the route, the place in its address, and the content. */
export interface RequestIdentity {
  readonly method: string
  readonly route: string
  readonly params: unknown
  readonly body: unknown
}

/**
 * A keyed hash of a request in 64 hex digits; keyed, since requests hold personal data.
 *
 * @throws DomainError not-canonical-json
 */
export function requestHashOf(request: RequestIdentity, key: Uint8Array): string {
  return createHmac('sha256', key).update(canonicalJson(request)).digest('hex')
}
