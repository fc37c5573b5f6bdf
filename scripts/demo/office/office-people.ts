import { Role } from '../../../src/api/auth/actor.js'
import type { LocalKey } from '../../../src/api/auth/local-key.js'
import { issueToken } from '../../../src/api/auth/tokens.js'
import type { TokenSource } from '../../../src/config.js'
import { DivisionCode } from '../../../src/domain/values/division.js'
import { ActorId } from '../../../src/domain/values/identifiers.js'

/** Somebody of an office, with a token of their own. */
export interface OfficePerson {
  readonly actor: string
  readonly role: Role
  readonly token: string
}

/** The people of one office: one a role, since nobody approves what they prepared. */
export type OfficePeople = Readonly<Record<Role, OfficePerson>>

const names: Readonly<Record<Role, string>> = {
  clerk: '经办员',
  reviewer: '复核员',
  approver: '审批人',
  'payment-officer': '发放员',
  auditor: '审计员',
  statistician: '统计员',
  administrator: '系统管理员',
}

const lifetimeSeconds = 30 * 24 * 3600

/** Gives the people of an office their tokens; `office` begins their ids, `P2-clerk`. */
export async function officePeople(
  office: { readonly name: string; readonly division: string },
  by: { readonly key: LocalKey; readonly tokenSource: TokenSource },
): Promise<OfficePeople> {
  const { issuer, audience } = by.tokenSource
  const person = async (role: Role): Promise<OfficePerson> => {
    const actor = `${office.name}-${role}`
    const order = {
      actor: ActorId.parse(actor),
      name: `${office.name} ${names[role]}`,
      roles: [role],
      division: DivisionCode.parse(office.division),
      lifetimeSeconds,
    }
    const { token } = await issueToken(order, { key: by.key, issuer, audience })
    return { actor, role, token }
  }
  const people = await Promise.all(Role.options.map(async (role) => [role, await person(role)]))
  return Object.fromEntries(people)
}

export function roleNameZh(role: Role): string {
  return names[role]
}
