import type { PlainDate } from '../../domain/values/calendar.js'
import type { CaseId, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import type { KeyedHash } from '../../domain/values/sealed.js'
import type { AsOf, ReadModel, ReadSession } from '../read-model.js'

/** A person as the directory knows them: no name, no number. */
export interface PersonRow {
  readonly personId: PersonId
  readonly bornOn: PlainDate
  readonly sex: 'male' | 'female'
  readonly diedOn: PlainDate | null
  readonly mergedInto: PersonId | null
  readonly erased: boolean
}

export interface PeopleAnswer {
  readonly rows: readonly PersonRow[]
  readonly asOf: AsOf
}

const personColumns = `
  person_id AS "personId", born_on AS "bornOn", sex, died_on AS "diedOn",
  merged_into AS "mergedInto", erased`

/** Who has this identity number, by its keyed hash; at most one who was not merged. */
export function peopleByIdentity(model: ReadModel, hash: KeyedHash): Promise<PeopleAnswer> {
  return answer(model, (session) =>
    session.rows<PersonRow>(
      `SELECT ${personColumns} FROM person WHERE identity_hash = $1 ORDER BY person_id`,
      [hash],
    ),
  )
}

export interface NameAsked {
  /** The keyed hash of the whole name, or those of all neighbouring pairs of a part of it. */
  readonly name: { readonly whole: KeyedHash } | { readonly parts: readonly KeyedHash[] }
  readonly after?: PersonId | undefined
  readonly limit: number
}

/** Who bears a name, or a name with this part in it; by person id. */
export function peopleByName(model: ReadModel, asked: NameAsked): Promise<PeopleAnswer> {
  const after = asked.after ?? ''
  const { name } = asked
  if ('whole' in name)
    return answer(model, (session) =>
      session.rows<PersonRow>(
        `SELECT ${personColumns} FROM person
        WHERE name_hash = $1 AND person_id > $2 ORDER BY person_id LIMIT $3`,
        [name.whole, after, asked.limit],
      ),
    )
  const parts = [...new Set(name.parts)]
  return answer(model, (session) =>
    session.rows<PersonRow>(
      `SELECT ${personColumns} FROM person
      WHERE person_id > $2 AND person_id IN (
        SELECT person_id FROM person_name_part WHERE part_hash = ANY($1)
        GROUP BY person_id HAVING COUNT(*) = $4)
      ORDER BY person_id LIMIT $3`,
      [parts, after, asked.limit, parts.length],
    ),
  )
}

export interface PersonCaseRow {
  readonly caseId: CaseId
  readonly programme: ProgrammeCode
  readonly fromMonth: number
  readonly toMonth: number
}

/** Households that a person belongs or belonged to, on a roll or not. Months are indices. */
export async function casesOfPerson(
  model: ReadModel,
  personId: PersonId,
): Promise<{ readonly rows: readonly PersonCaseRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => ({
    rows: await session.rows<PersonCaseRow>(
      `SELECT m.case_id AS "caseId", s.programme, m.from_month AS "fromMonth",
        m.to_month AS "toMonth"
      FROM case_member AS m
      JOIN case_state AS s ON s.case_id = m.case_id
      WHERE m.person_id = $1 AND m.known_to > $2
      ORDER BY m.from_month, m.case_id`,
      [personId, session.asOf.ordinal],
    ),
    asOf: session.asOf,
  }))
}

/** One person with all that was said of them but what is sealed; undefined when unknown. */
export async function personById(
  model: ReadModel,
  personId: PersonId,
): Promise<(PersonRow & { readonly asOf: AsOf }) | undefined> {
  const found = await answer(model, (session) =>
    session.rows<PersonRow>(`SELECT ${personColumns} FROM person WHERE person_id = $1`, [personId]),
  )
  const [row] = found.rows
  return row && { ...row, asOf: found.asOf }
}

function answer(
  model: ReadModel,
  rows: (session: ReadSession) => Promise<readonly PersonRow[]>,
): Promise<PeopleAnswer> {
  return model.read(async (session) => ({ rows: await rows(session), asOf: session.asOf }))
}
