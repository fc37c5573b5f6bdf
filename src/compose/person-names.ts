import { z } from 'zod'
import type { PersonNameOpener } from '../application/exports/ports.js'
import { PersonId } from '../domain/values/identifiers.js'
import { Sealed } from '../domain/values/sealed.js'
import type { ReadModel } from '../projections/read-model.js'
import type { Vault } from '../sealing/vault.js'

const selectNames = `
  SELECT DISTINCT ON (person_id) person_id AS person, data->'name' AS name FROM person_fact
  WHERE type IN ('PersonRegistered', 'PersonDetailsCorrected') AND person_id = ANY ($1)
  ORDER BY person_id, ordinal DESC`

const NameRow = z.object({ person: PersonId, name: Sealed })

/** Opens the names of persons as last said, a page of them at once. */
export function personNames(model: ReadModel, vault: Vault): PersonNameOpener {
  return {
    async namesOf(persons) {
      if (persons.length === 0) return new Map()
      const found = await model.read((session) =>
        session.rows(selectNames, [[...new Set(persons)]]),
      )
      const rows = found.map((row) => NameRow.parse(row))
      const names = await vault.openAll(rows.map(({ name }) => name))
      const opened = new Map<PersonId, string>()
      for (const [at, { person }] of rows.entries()) {
        const name = names[at]
        if (typeof name === 'string') opened.set(person, name)
      }
      return opened
    },
  }
}
