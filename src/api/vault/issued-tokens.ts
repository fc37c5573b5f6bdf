import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import { DivisionCode, isWithin } from '../../domain/values/division.js'
import type {
  IssuedToken,
  IssuedTokens,
  Revocation,
  Revocations,
  SqlClient,
  TokensMeant,
} from '../ports.js'
import { reached } from './reached.js'

const insertIssued = `
INSERT INTO vault.issued_token (token_id, actor, division, issued_by, expires_at)
VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))`

const selectMeant = `
SELECT division FROM vault.issued_token
WHERE expires_at > clock_timestamp()
  AND CASE $1::text WHEN 'token' THEN token_id = $2 ELSE actor = $2 END`

const Row = z.object({ division: DivisionCode })

/** Tokens that this ledger signed, by their ids; never the tokens. */
export function postgresIssuedTokens(client: SqlClient): IssuedTokens {
  return {
    async record({ actor, division, issuedBy, lifetimeSeconds, tokenId }) {
      const values = [tokenId, actor, division, issuedBy, lifetimeSeconds]
      await reached(client.query(insertIssued, values))
    },
    async meantBy({ division, kind, value }) {
      const { rows } = await reached(client.query(selectMeant, [kind, value]))
      return sorted(
        rows.map((row) => Row.parse(row)),
        division,
      )
    },
  }
}

/** Of a ledger in memory; they end with the process, as it does. */
export function memoryIssuedTokens(): IssuedTokens {
  const issued: IssuedToken[] = []
  return {
    async record(token) {
      issued.push(token)
    },
    async meantBy({ division, kind, value }) {
      const meant = issued.filter((one) => (kind === 'token' ? one.tokenId : one.actor) === value)
      return sorted(meant, division)
    },
  }
}

function sorted(
  meant: readonly { readonly division: DivisionCode }[],
  scope: DivisionCode,
): TokensMeant {
  const ended = meant.filter(({ division }) => isWithin(division, scope)).length
  return { ended, beyond: meant.length - ended }
}

/**
 * Ends the tokens that a revocation means, and says how many this ledger knows of. What it never
 * signed may be of an identity provider, and is revoked all the same.
 *
 * @throws DomainError `token-outside-scope` where all that it knows of are other places'
 */
export async function revokeTokens(
  { issued, revocations }: { readonly issued: IssuedTokens; readonly revocations: Revocations },
  revocation: Revocation,
): Promise<TokensMeant> {
  const meant = await issued.meantBy(revocation)
  if (meant.ended === 0 && meant.beyond > 0)
    throw new DomainError('token-outside-scope', { scope: revocation.division })
  await revocations.revoke(revocation)
  return meant
}
