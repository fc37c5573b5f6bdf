import { divisionEvents, programmeEvents, standardEvents } from '../domain/policy/events.js'
import { noPolicy, type Policy, type PolicyEvent, policyFrom } from '../domain/policy/policy.js'
import type { ReadSession } from './read-model.js'

const policyTypes = Object.keys({ ...programmeEvents, ...standardEvents, ...divisionEvents })

const selectNewest = `
  SELECT MAX(f.ordinal)::bigint AS newest
  FROM unnest($1::text[]) AS t (type)
  CROSS JOIN LATERAL (
    SELECT ordinal FROM register_fact
    WHERE register_fact.type = t.type AND ordinal <= $2
    ORDER BY ordinal DESC
    LIMIT 1) AS f`

const selectFacts = `
  SELECT type, data FROM register_fact
  WHERE type = ANY($1) AND ordinal <= $2
  ORDER BY ordinal`

/** Policies folded lately, by the ordinal of their newest event. */
const kept = 8

/** Folds policy out of the register, once for all questions between two policy events. */
export class PolicyFacts {
  readonly #known = new Map<string, Policy>()

  /** All policy as known at an ordinal. */
  async at(session: ReadSession, known: number): Promise<Policy> {
    const [found] = await session.rows<{ newest: number | null }>(selectNewest, [
      policyTypes,
      known,
    ])
    if (!found || found.newest === null) return noPolicy
    const key = `${session.generation} ${found.newest}`
    const before = this.#known.get(key)
    if (before) return before
    const events = await session.rows<PolicyEvent>(selectFacts, [policyTypes, found.newest])
    const policy = policyFrom(events)
    this.#known.set(key, policy)
    for (const oldest of [...this.#known.keys()].slice(0, -kept)) this.#known.delete(oldest)
    return policy
  }
}
