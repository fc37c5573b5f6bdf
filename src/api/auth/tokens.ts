import { randomUUID } from 'node:crypto'
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose'
import { DomainError } from '../../domain/errors.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { ActorId } from '../../domain/values/identifiers.js'
import { type Role, TokenClaims } from './actor.js'
import type { LocalKey } from './local-key.js'

/** What a token must name, and with which keys it may be signed. */
export interface TokenRules {
  readonly issuer: string
  readonly audience: string
  readonly keys: JWTVerifyGetKey
}

/** Signatures that need the private half of a pair; a shared secret or `none` is never one. */
const algorithms = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'RS256', 'PS256']

/**
 * The claims of a token whose signature, issuer, audience and time are right. Tokens live on the
 * machine's own clock, also where the ledger's is simulated.
 *
 * @throws DomainError token-invalid, token-keys-unreachable
 */
export async function verifyToken(token: string, rules: TokenRules): Promise<TokenClaims> {
  const { issuer, audience } = rules
  try {
    const { payload } = await jwtVerify(token, rules.keys, { issuer, audience, algorithms })
    const claims = TokenClaims.safeParse(payload)
    if (claims.success) return claims.data
    const unfit = new Set(claims.error.issues.map((issue) => String(issue.path[0])))
    throw invalid(`claims ${[...unfit].join(', ')}`)
  } catch (error) {
    throw error instanceof DomainError ? error : reasonOf(error)
  }
}

/** The keys of an identity provider, fetched when needed and kept for some minutes. */
export function remoteKeys(url: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(url), { timeoutDuration: 5000 })
}

function invalid(reason: string): DomainError {
  return new DomainError('token-invalid', { reason })
}

function reasonOf(error: unknown): DomainError {
  if (error instanceof errors.JWTExpired) return invalid('expired')
  if (error instanceof errors.JWTClaimValidationFailed) return invalid(`claim ${error.claim}`)
  if (error instanceof errors.JWKSNoMatchingKey) return invalid('unknown key')
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('signature')
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid('algorithm')
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return invalid('not a token')
  // What is left came from fetching the keys: a time-out, a refused connection, no key set.
  return new DomainError('token-keys-unreachable')
}

/** Whom a token is for. It always names a person, also one that a command line asks for. */
export interface TokenOrder {
  readonly actor: ActorId
  readonly name: string
  readonly roles: readonly Role[]
  readonly division: DivisionCode
  readonly lifetimeSeconds: number
}

export interface IssuedToken {
  readonly token: string
  readonly tokenId: string
}

/** A token signed with this ledger's own key. */
export async function issueToken(
  order: TokenOrder,
  by: { readonly key: LocalKey; readonly issuer: string; readonly audience: string },
): Promise<IssuedToken> {
  const tokenId = randomUUID()
  const { name, roles, division } = order
  const token = await new SignJWT({ name, roles: [...roles], division })
    .setProtectedHeader({ alg: by.key.algorithm, kid: by.key.keyId })
    .setSubject(order.actor)
    .setJti(tokenId)
    .setIssuer(by.issuer)
    .setAudience(by.audience)
    .setIssuedAt()
    .setExpirationTime(`${order.lifetimeSeconds} seconds`)
    .sign(by.key.privateKey)
  return { token, tokenId }
}
