import { z } from 'zod'
import type { Revocation, Revocations, SqlClient, TokenIdentity } from '../ports.js'
import { gather } from './gather.js'
import { reached } from './reached.js'

const selectRevoked = `
SELECT asked.at
FROM unnest($1::text[], $2::text[], $3::float8[]) WITH ORDINALITY
  AS asked (token_id, subject, issued_at, at)
WHERE EXISTS (
    SELECT FROM vault.revoked_token
    WHERE kind = 'token' AND value = asked.token_id
  )
  OR EXISTS (
    SELECT FROM vault.revoked_token
    WHERE kind = 'actor' AND value = asked.subject
      AND revoked_at >= to_timestamp(asked.issued_at)
  )`

const insertRevocation = `
INSERT INTO vault.revoked_token (kind, value, revoked_by, reason)
VALUES ($1, $2, $3, $4)`

const Row = z.object({ at: z.coerce.number() })
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
    async revoke({ kind, value, by, reason }) {
      await reached(client.query(insertRevocation, [kind, value, by, reason]))
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
  const revoked = new Set(rows.map((row) => Row.parse(row).at))
  return tokens.map((_, index) => revoked.has(index + 1))
}

/** Revocations of a ledger in memory; they end with the process, as it does. */
export function memoryRevocations(nowSeconds: () => number): Revocations {
  const tokens = new Set<string>()
  const actors = new Map<string, number>()
  return {
    async isRevoked({ tokenId, subject, issuedAtSeconds }) {
      const upTo = actors.get(subject)
      return tokens.has(tokenId) || (upTo !== undefined && issuedAtSeconds <= upTo)
    },
    async revoke({ kind, value }: Revocation) {
      if (kind === 'token') tokens.add(value)
      else actors.set(value, nowSeconds())
    },
  }
}
