import { z } from 'zod'
import type { SqlClient } from '../api/ports.js'
import type { ReassessmentCheckpoint } from '../application/reassessment.js'
import { beforeFirst, Ordinal } from '../domain/values/identifiers.js'

const selectThrough = `
  SELECT through_ordinal AS through
  FROM vault.reassessment`

const upsertThrough = `
  INSERT INTO vault.reassessment (through_ordinal)
  VALUES ($1)
  ON CONFLICT (only_row) DO UPDATE
  SET through_ordinal = greatest(reassessment.through_ordinal, excluded.through_ordinal)`

const Row = z.object({ through: z.coerce.number().pipe(Ordinal) })

/** The reassessment's checkpoint in `vault.reassessment`; it never goes back. */
export function createReassessmentCheckpoint(database: SqlClient): ReassessmentCheckpoint {
  return {
    async read() {
      const { rows } = await database.query(selectThrough, [])
      return rows.map((row) => Row.parse(row).through)[0] ?? beforeFirst
    },
    async write(through) {
      await database.query(upsertThrough, [through])
    },
  }
}
