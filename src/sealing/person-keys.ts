import type { PersonId } from '../domain/values/identifiers.js'

/**
 * Where wrapped person keys are kept. A destroyed key leaves its row behind, so that nobody gets a
 * second key.
 */
export interface PersonKeys {
  /** Wrapped keys by person: null where destroyed, absent where there never was one. */
  read(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, string | null>>
  /** Keeps the keys of those who have no row yet; an earlier one, destroyed or not, stays. */
  add(wrapped: ReadonlyMap<PersonId, string>): Promise<void>
  /** Forgets the keys for ever, also of persons who never had one. */
  destroy(persons: readonly PersonId[]): Promise<void>
  /** Any person whose key is there, to try a master key on; undefined where there is none. */
  sample(): Promise<PersonId | undefined>
}

/** Person keys in this process's memory; they end with the process. */
export function createInMemoryPersonKeys(): PersonKeys {
  const rows = new Map<PersonId, string | null>()
  return {
    async read(persons) {
      const found = new Map<PersonId, string | null>()
      for (const person of persons) {
        const row = rows.get(person)
        if (row !== undefined) found.set(person, row)
      }
      return found
    },
    async add(wrapped) {
      for (const [person, key] of wrapped) if (!rows.has(person)) rows.set(person, key)
    },
    async destroy(persons) {
      for (const person of persons) rows.set(person, null)
    },
    async sample() {
      for (const [person, key] of rows) if (key !== null) return person
      return undefined
    },
  }
}
