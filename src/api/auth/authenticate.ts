import type { FastifyInstance, FastifyRequest } from 'fastify'
import { DomainError } from '../../domain/errors.js'
import { type DivisionCode, isWithin } from '../../domain/values/division.js'
import type { Revocations } from '../ports.js'
import type { Actor, Role } from './actor.js'
import { type TokenRules, verifyToken } from './tokens.js'

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null
  }
  interface FastifyContextConfig {
    /** Roles of which one is needed. */
    readonly access?: readonly Role[]
  }
}

export interface Authentication {
  readonly tokens: TokenRules
  readonly revocations: Revocations
}

const longestToken = 8192

/**
 * Knows who is asking before the body is read, on every route of this scope. A route says in its
 * `config.access` which roles may; one that says nothing is refused at the start.
 */
export function registerAuthentication(app: FastifyInstance, by: Authentication): void {
  app.decorateRequest('actor', null)
  app.addHook('onRoute', ({ config, method, url }) => {
    if (!config?.access) throw new Error(`The route ${method} ${url} does not say who may use it.`)
  })
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config
    if (!access) return
    const actor = await actorOf(request, by)
    request.actor = actor
    if (!actor.roles.some((role) => access.includes(role)))
      throw new DomainError('role-missing', { needed: [...access], roles: [...actor.roles] })
  })
}

async function actorOf(request: FastifyRequest, by: Authentication): Promise<Actor> {
  const { authorization } = request.headers
  if (authorization === undefined) throw new DomainError('token-missing')
  const [scheme = '', token = ''] = authorization.split(' ', 2)
  if (scheme.toLowerCase() !== 'bearer' || token === '') throw new DomainError('token-missing')
  if (token.length > longestToken)
    throw new DomainError('token-invalid', { reason: `over ${longestToken} characters` })

  const claims = await verifyToken(token, by.tokens)
  const { sub: id, name, roles, division, jti: tokenId, iat: issuedAtSeconds } = claims
  const identity = { tokenId, subject: id, division, issuedAtSeconds }
  if (await by.revocations.isRevoked(identity)) throw new DomainError('token-revoked')
  return { id, name, roles, division, tokenId }
}

/** Who is asking, on a route that needs a token. */
export function actorOn(request: FastifyRequest): Actor {
  if (!request.actor) throw new Error('a route that needs an actor was declared open')
  return request.actor
}

/** Refuses what lies outside the subtree in which the actor's roles hold. */
export function assertWithinScope(actor: Actor, divisions: readonly DivisionCode[]): void {
  const outside = divisions.find((division) => !isWithin(division, actor.division))
  if (outside !== undefined)
    throw new DomainError('division-outside-scope', { division: outside, scope: actor.division })
}
