import { z } from 'zod'
import { DivisionCode, isWithin } from '../../domain/values/division.js'
import type { Revocation, Revocations, SqlClient, TokenIdentity } from '../ports.js'
import { gather } from './gather.js'
import { reached } from './reached.js'

const selectRevoked = `
SELECT asked.at, revoked.division
FROM unnest($1::text[], $2::text[], $3::float8[]) WITH ORDINALITY
  AS asked (token_id, subject, issued_at, at)
JOIN LATERAL (
  SELECT division FROM vault.revoked_token
  WHERE kind = 'token' AND value = asked.token_id
  UNION
  SELECT division FROM vault.revoked_token
  WHERE kind = 'actor' AND value = asked.subject
    AND revoked_at >= to_timestamp(asked.issued_at)
) AS revoked ON true`

const insertRevocation = `
INSERT INTO vault.revoked_token (kind, value, division, revoked_by, reason)
VALUES ($1, $2, $3, $4, $5)`

const Row = z.object({ at: z.coerce.number(), division: DivisionCode })
const largestBatch = 500

/**
 * Revocations in PostgreSQL. Every request is looked up anew, so a revoked token stops at once in
 * every process; requests that come together share one round trip.
 */
export function postgresRevocations(client: SqlClient): Revocations {
  const lookUp = gather(
    (tokens: readonly TokenIdentity[]) => revokedAmong(client, tokens),
    largestBatch,
  )
  return {
    isRevoked: lookUp,
    async revoke({ kind, value, division, by, reason }) {
      await reached(client.query(insertRevocation, [kind, value, division, by, reason]))
    },
  }
}

async function revokedAmong(
  client: SqlClient,
  tokens: readonly TokenIdentity[],
): Promise<readonly boolean[]> {
  const { rows } = await reached(
    client.query(selectRevoked, [
      tokens.map((token) => token.tokenId),
      tokens.map((token) => token.subject),
      tokens.map((token) => token.issuedAtSeconds),
    ]),
  )
  const revoked = rows.map((row) => Row.parse(row))
  return tokens.map((token, index) =>
    revoked.some(({ at, division }) => at === index + 1 && isWithin(token.division, division)),
  )
}

/** Revocations of a ledger in memory; they end with the process, as it does. */
export function memoryRevocations(nowSeconds: () => number): Revocations {
  const revoked: (Revocation & { readonly atSeconds: number })[] = []
  return {
    async isRevoked({ division, issuedAtSeconds, subject, tokenId }) {
      return revoked.some((one) => {
        const isMeant =
          one.kind === 'token'
            ? one.value === tokenId
            : one.value === subject && issuedAtSeconds <= one.atSeconds
        return isMeant && isWithin(division, one.division)
      })
    },
    async revoke(revocation: Revocation) {
      revoked.push({ ...revocation, atSeconds: nowSeconds() })
    },
  }
}
