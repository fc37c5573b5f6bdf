import type { Role } from '../../src/api/auth/actor.js'
import type { LocalKey } from '../../src/api/auth/local-key.js'
import { issueToken } from '../../src/api/auth/tokens.js'
import { postgresIssuedTokens } from '../../src/api/vault/issued-tokens.js'
import type { LedgerService } from '../../src/compose/service.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ActorId } from '../../src/domain/values/identifiers.js'

export interface PersonWish {
  readonly actor: string
  readonly roles: readonly Role[]
  readonly division?: string
}

export interface Person {
  readonly actor: string
  readonly token: string
  readonly tokenId: string
}

/** Issues tokens as the command line does, of a county where none is named. */
export function issuingFor(
  { config, pool }: LedgerService,
  { county, key }: { readonly county: string; readonly key: LocalKey },
): (wish: PersonWish) => Promise<Person> {
  const { issuer, audience } = config.tokenSource
  const issued = postgresIssuedTokens({ query: (text, values) => pool.query(text, values) })
  return async ({ actor, roles, division = county }) => {
    const order = {
      actor: ActorId.parse(actor),
      name: actor,
      roles,
      division: DivisionCode.parse(division),
      lifetimeSeconds: 3600,
    }
    const token = await issueToken(order, { key, issuer, audience })
    await issued.record({ ...order, tokenId: token.tokenId, issuedBy: null })
    return { actor, ...token }
  }
}
