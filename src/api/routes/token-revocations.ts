import { z } from 'zod'
import { DivisionCode } from '../../domain/values/division.js'
import { ActorId } from '../../domain/values/identifiers.js'
import type { IssuedTokens, LedgerProgress, Revocations } from '../ports.js'
import { revokeTokens } from '../vault/issued-tokens.js'
import { commandRoute } from './command-route.js'
import { nothing, type Route } from './route.js'

const Revoked = z.strictObject({
  kind: z.enum(['token', 'actor']),
  value: z.string(),
  division: DivisionCode.describe('tokens that hold outside this subtree go on'),
  endedTokens: z
    .int()
    .describe(
      '本台账签发、已由此终止的令牌数；0 为未曾签发 those this ledger signed; 0: it knows none',
    ),
  otherTokens: z
    .int()
    .describe('区划以外、继续有效的令牌数 those of places beyond it, which go on'),
})

const Body = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('token').describe('one token, by its jti'),
    value: z.string().min(8).max(128),
    reason: z.string().min(2).max(200),
  }),
  z.strictObject({
    kind: z.literal('actor').describe('every token given to an actor up to now, by its sub'),
    value: ActorId,
    reason: z.string().min(2).max(200),
  }),
])

/** Ends one token, or all of an actor's, at once, in every process, in the caller's own subtree. */
export function tokenRevocationRoutes(ports: {
  readonly issuedTokens: IssuedTokens
  readonly revocations: Revocations
  readonly progress: LedgerProgress
}): readonly Route[] {
  return [
    commandRoute({
      method: 'POST',
      url: '/v1/token-revocations',
      tag: '权限 Access',
      summary: { zh: '吊销令牌', en: 'Revoke a token, or all tokens of an actor' },
      roles: ['administrator'],
      params: nothing,
      body: Body,
      result: Revoked,
      scope: () => [],
      execute: async ({ actor: { division, id: by }, body: { kind, value, reason } }) => {
        const of = { issued: ports.issuedTokens, revocations: ports.revocations }
        const { beyond, ended } = await revokeTokens(of, { kind, value, division, reason, by })
        const { ordinal } = await ports.progress.asOf()
        const counts = { endedTokens: ended, otherTokens: beyond }
        const result = { kind, value, division, ...counts }
        return { version: null, ordinal, replayed: false, result }
      },
    }),
  ]
}
