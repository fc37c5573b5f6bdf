import { PersonId } from '../domain/values/identifiers.js'
import type { PersonKeys } from './person-keys.js'

/** As much of a connection pool as is needed here. */
export interface Queryable {
  query(text: string, values: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

const readKeys = `
  SELECT person_id::text AS person, wrapped_key AS wrapped
  FROM vault.person_key
  WHERE person_id = ANY ($1::uuid[])`

const addKeys = `
  INSERT INTO vault.person_key (person_id, wrapped_key)
  SELECT person, wrapped
  FROM unnest($1::uuid[], $2::text[]) AS new_key (person, wrapped)
  ON CONFLICT (person_id) DO NOTHING`

const destroyKeys = `
  INSERT INTO vault.person_key (person_id, wrapped_key, destroyed_at)
  SELECT person, NULL, now()
  FROM unnest($1::uuid[]) AS erased (person)
  ON CONFLICT (person_id) DO UPDATE
  SET wrapped_key = NULL, destroyed_at = now()
  WHERE person_key.wrapped_key IS NOT NULL`

const sampleKey = `
  SELECT person_id::text AS person, wrapped_key AS wrapped
  FROM vault.person_key
  WHERE wrapped_key IS NOT NULL
  LIMIT 1`

/** Person keys in `vault.person_key`. */
export function createPostgresPersonKeys(database: Queryable): PersonKeys {
  return {
    async read(persons) {
      const { rows } = await database.query(readKeys, [persons])
      return new Map(rows.map(keyRow))
    },
    async add(wrapped) {
      // Sorted, so that two callers who add the same persons cannot wait for each other.
      const sorted = [...wrapped].sort(([left], [right]) => (left < right ? -1 : 1))
      const persons = sorted.map(([person]) => person)
      await database.query(addKeys, [persons, sorted.map(([, key]) => key)])
    },
    async destroy(persons) {
      await database.query(destroyKeys, [[...new Set(persons)].sort()])
    },
    async sample() {
      const { rows } = await database.query(sampleKey, [])
      return rows.map(keyRow)[0]?.[0]
    },
  }
}

function keyRow(row: unknown): [PersonId, string | null] {
  if (typeof row === 'object' && row !== null && 'person' in row && 'wrapped' in row) {
    const { person, wrapped } = row
    if (wrapped === null || typeof wrapped === 'string') return [PersonId.parse(person), wrapped]
  }
  throw new TypeError('vault.person_key answered another shape')
}
