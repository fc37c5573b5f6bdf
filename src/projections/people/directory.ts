import type { PlainDate } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { CaseId, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import type { KeyedHash } from '../../domain/values/sealed.js'
import { placesNow } from '../places-now.js'
import { Parameters } from '../question.js'
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

export interface IdentityAsked {
  readonly hash: KeyedHash
  /** The subtree whose people ask: persons with a case in it, or with none, are found. */
  readonly within: DivisionCode
}

/** Who has this identity number, by its keyed hash; at most one who was not merged. */
export function peopleByIdentity(model: ReadModel, asked: IdentityAsked): Promise<PeopleAnswer> {
  return answer(model, (session) => {
    const parameters = new Parameters()
    return session.rows<PersonRow>(
      `SELECT ${personColumns} FROM person
      WHERE identity_hash = ${parameters.add(asked.hash)}
        AND ${personWithin(session, asked, parameters)}
      ORDER BY person_id`,
      parameters.values,
    )
  })
}

export interface NameAsked {
  /** The keyed hash of the whole name, or those of all neighbouring pairs of a part of it. */
  readonly name: { readonly whole: KeyedHash } | { readonly parts: readonly KeyedHash[] }
  readonly within: DivisionCode
  readonly after?: PersonId | undefined
  readonly limit: number
}

/** Who bears a name, or a name with this part in it; by person id. */
export function peopleByName(model: ReadModel, asked: NameAsked): Promise<PeopleAnswer> {
  return answer(model, (session) => {
    const parameters = new Parameters()
    return session.rows<PersonRow>(
      `SELECT ${personColumns} FROM person
      WHERE person_id > ${parameters.add(asked.after ?? '')} AND ${named(asked.name, parameters)}
        AND ${personWithin(session, asked, parameters)}
      ORDER BY person_id LIMIT ${parameters.add(asked.limit)}`,
      parameters.values,
    )
  })
}

function named(name: NameAsked['name'], parameters: Parameters): string {
  if ('whole' in name) return `name_hash = ${parameters.add(name.whole)}`
  const parts = [...new Set(name.parts)]
  return `person_id IN (
    SELECT person_id FROM person_name_part WHERE part_hash = ANY(${parameters.add(parts)})
    GROUP BY person_id HAVING COUNT(*) = ${parameters.add(parts.length)})`
}

function personWithin(
  session: ReadSession,
  { within }: { readonly within: DivisionCode },
  parameters: Parameters,
): string {
  return placesNow(session, within, parameters).personWithin('person.person_id')
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
      `SELECT m.case_id AS "caseId", s.programme, MIN(m.from_month) AS "fromMonth",
        MAX(m.to_month) AS "toMonth"
      FROM case_member AS m
      JOIN case_state AS s ON s.case_id = m.case_id
      WHERE m.person_id = $1 AND m.known_to > $2
      GROUP BY m.case_id, s.programme, m.joined_version
      ORDER BY MIN(m.from_month), m.case_id`,
      [personId, session.asOf.ordinal],
    ),
    asOf: session.asOf,
  }))
}

/** Who was registered twice and merged into this person, also by way of others. */
export async function mergedInto(
  model: ReadModel,
  personId: PersonId,
): Promise<readonly PersonId[]> {
  const rows = await model.read((session) =>
    session.rows<Pick<PersonRow, 'personId'>>(
      `WITH RECURSIVE merged AS (
        SELECT person_id FROM person WHERE merged_into = $1
        UNION
        SELECT person.person_id FROM person JOIN merged ON person.merged_into = merged.person_id
      )
      SELECT person_id AS "personId" FROM merged ORDER BY person_id`,
      [personId],
    ),
  )
  return rows.map((row) => row.personId)
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
