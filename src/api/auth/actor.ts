import { z } from 'zod'
import { DivisionCode } from '../../domain/values/division.js'
import { ActorId } from '../../domain/values/identifiers.js'

/** What somebody may do. One person can hold several. */
export const Role = z.enum([
  'clerk',
  'reviewer',
  'approver',
  'payment-officer',
  'auditor',
  'statistician',
  'administrator',
])
export type Role = z.infer<typeof Role>

/** Who is asking. Only `id` is ever stored; `name` is for the person's own screen. */
export interface Actor {
  readonly id: ActorId
  readonly name: string
  readonly roles: readonly Role[]
  /** The subtree in which the roles hold. */
  readonly division: DivisionCode
  readonly tokenId: string
}

/** The claims of a token. Others, which an identity provider may add, are not looked at. */
export const TokenClaims = z.object({
  sub: ActorId,
  name: z.string().min(1).max(100),
  roles: z.array(Role).min(1).max(Role.options.length),
  division: DivisionCode,
  jti: z.string().min(8).max(128),
  iat: z.int().nonnegative(),
  exp: z.int().nonnegative(),
})
export type TokenClaims = z.infer<typeof TokenClaims>
