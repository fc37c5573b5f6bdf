import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { DomainError } from '../domain/errors.js'
import type { Policy } from '../domain/policy/policy.js'
import { type DivisionCode, isWithin } from '../domain/values/division.js'
import type { ActorId } from '../domain/values/identifiers.js'

/** Who acts, as a token that was checked says. */
export interface Actor {
  readonly sub: ActorId
  readonly roles: readonly string[]
  /** The subtree that the actor works for. */
  readonly division: DivisionCode
}

/** Who may take back what others prepared for the places they work for. */
const answerable = ['approver', 'administrator']

/** Whose preparations an actor may take back besides their own: null for nobody's. */
export function answersFor({ division, roles }: Actor): DivisionCode | null {
  return roles.some((role) => answerable.includes(role)) ? division : null
}

/** One request of an actor. The same key is the same request, however often it comes. */
export interface Caller {
  readonly actor: Actor
  /** The Idempotency-Key. */
  readonly key: string
  /** Ties together what one request or one piece of work wrote. */
  readonly correlation: string
}

/** The namespace of derived ids; changing it would change what every retry derives. */
const namespace = Buffer.from('4a3c1f5e8b7d4e6fa1b2c3d4e5f60718', 'hex')

/**
 * The id that this request gives to what it makes, by a word for what it is: UUIDv5 (RFC 9562),
 * so a retry makes the same ids.
 *
 * @example derivedId(PersonId, caller, 'person')
 */
export function derivedId<Id extends z.ZodType>(
  schema: Id,
  caller: Pick<Caller, 'actor' | 'key'>,
  what: string,
): z.infer<Id> {
  return schema.parse(uuidOf([what, caller.actor.sub, caller.key]))
}

/** The append key of one step of a request; bounded, whatever length the caller's key has. */
export function appendKeyOf(caller: Pick<Caller, 'actor' | 'key'>, step: string): string {
  return `${uuidOf(['append', caller.actor.sub, caller.key])}/${step}`
}

/** Refuses `division-outside-scope` where the actor works for another place. */
export function assertWithinScope(actor: Actor, division: DivisionCode): void {
  if (!isWithin(division, actor.division)) throw outsideScope(actor, division)
}

/** Refuses `division-outside-scope` for what holds everywhere, where some place is not theirs. */
export function assertWholeLedger({ places }: Pick<Policy, 'places'>, actor: Actor): void {
  for (const { code } of places) assertWithinScope(actor, code)
}

export function outsideScope({ division: scope }: Actor, division: DivisionCode): DomainError {
  return new DomainError('division-outside-scope', { division, scope })
}

function uuidOf(parts: readonly string[]): string {
  const hash = createHash('sha1').update(namespace).update(JSON.stringify(parts)).digest()
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex', 0, 16)
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return [...groups, hex.slice(20)].join('-')
}
