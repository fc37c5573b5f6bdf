import { z } from 'zod'
import { Instant } from '../../domain/values/calendar.js'
import { DivisionCode, isWithin, subtreePrefix } from '../../domain/values/division.js'
import { ActorId, PersonId } from '../../domain/values/identifiers.js'
import type { LoggedAccess, PersonalDataAccessLog, SqlClient } from '../ports.js'
import { reached } from './reached.js'

const insertAccess = `
INSERT INTO vault.personal_data_access (actor, division, persons, purpose, route, request_id)
VALUES ($1, $2, $3, $4, $5, $6)`

const selectAccesses = `
SELECT access_id, to_char(accessed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  AS accessed_at, actor, division, persons, purpose, route, request_id
FROM vault.personal_data_access
WHERE ($1::text IS NULL OR actor = $1)
  AND ($2::uuid IS NULL OR persons @> ARRAY[$2::uuid])
  AND ($3::bigint IS NULL OR access_id < $3)
  AND starts_with(division, $4)
ORDER BY access_id DESC
LIMIT $5`

const Row = z
  .object({
    access_id: z.coerce.number(),
    accessed_at: Instant,
    actor: ActorId,
    division: DivisionCode,
    persons: z.array(PersonId),
    purpose: z.string(),
    route: z.string(),
    request_id: z.string(),
  })
  .transform(({ access_id, accessed_at, request_id, ...rest }): LoggedAccess => {
    return { ...rest, accessId: access_id, accessedAt: accessed_at, requestId: request_id }
  })

/** The log of accesses to personal data in PostgreSQL; the database lets nobody change it. */
export function postgresAccessLog(client: SqlClient): PersonalDataAccessLog {
  return {
    async record({ actor, division, persons, purpose, route, requestId }) {
      const values = [actor, division, persons, purpose, route, requestId]
      await reached(client.query(insertAccess, values))
    },
    async list({ actor, person, before, within, limit }) {
      const asked = [actor ?? null, person ?? null, before, subtreePrefix(within), limit]
      const { rows } = await reached(client.query(selectAccesses, asked))
      return rows.map((row) => Row.parse(row))
    },
  }
}

/** The log of accesses of a ledger in memory. */
export function memoryAccessLog(now: () => Instant): PersonalDataAccessLog {
  const accesses: LoggedAccess[] = []
  return {
    async record(access) {
      accesses.unshift({ ...access, accessId: accesses.length + 1, accessedAt: now() })
    },
    async list({ actor, person, before, within, limit }) {
      const matching = accesses.filter(
        (access) =>
          (actor === undefined || access.actor === actor) &&
          (person === undefined || access.persons.some((id) => id === person)) &&
          (before === null || access.accessId < before) &&
          isWithin(access.division, within),
      )
      return matching.slice(0, limit)
    },
  }
}
