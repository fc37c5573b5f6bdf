import { endOfTime, monthIndex } from '../domain/values/calendar.js'
import { type DivisionCode, subtreePrefix } from '../domain/values/division.js'
import type { Ordinal, PersonId } from '../domain/values/identifiers.js'
import { Parameters } from './question.js'
import type { ReadModel, ReadSession } from './read-model.js'

const lastMonth = monthIndex(endOfTime)

/** Conditions on where cases and persons are now, for one statement about one subtree. */
export interface PlacesNow {
  /** That a division column lies in the subtree. */
  divisionWithin(column: string): string
  /** That the case of a column is in the subtree. */
  caseWithin(column: string): string
  /** That a case of the person of a column is in the subtree; nobody's place is that of no case. */
  personWithin(column: string): string
}

/** Places are taken by their codes, as they are when a request is checked against a token. */
export function placesNow(
  { asOf }: Pick<ReadSession, 'asOf'>,
  division: DivisionCode,
  parameters: Parameters,
): PlacesNow {
  const prefix = subtreePrefix(division)
  const [from, before] = [parameters.add(prefix), parameters.add(`${prefix}:`)]
  // A statement may not be given a value that it has no use for.
  const known = () => parameters.add(asOf.ordinal)
  const divisionWithin = (column: string) => `${column} >= ${from} AND ${column} < ${before}`
  const caseWithin = (column: string) => `EXISTS (
    SELECT FROM case_place AS p WHERE p.case_id = ${column} AND p.known_to > ${known()}
      AND p.to_month = ${lastMonth} AND ${divisionWithin('p.division')})`
  const memberships = (column: string) =>
    `SELECT FROM case_member AS m WHERE m.person_id = ${column} AND m.known_to > ${known()}`
  const personWithin = (column: string) => `(
    NOT EXISTS (${memberships(column)})
    OR EXISTS (${memberships(column)} AND ${caseWithin('m.case_id')}))`
  return { divisionWithin, caseWithin, personWithin }
}

/** That the subtree may see what the id of a column is the id of. */
const conditions = {
  case: (id: string, { caseWithin }: PlacesNow) => caseWithin(id),
  person: (id: string, { personWithin }: PlacesNow) => personWithin(id),
  run: (id: string, { divisionWithin }: PlacesNow) => `EXISTS (
    SELECT FROM payment_run AS r WHERE r.run_id = ${id} AND ${divisionWithin('r.division')})`,
} as const
export type Named = keyof typeof conditions

export interface IdsAsked {
  readonly of: Named
  readonly ids: ReadonlySet<string>
  readonly division: DivisionCode
}

/** The cases, persons or runs among some that the people of a subtree may see. */
export async function idsWithin(
  session: ReadSession,
  { division, ids, of }: IdsAsked,
): Promise<ReadonlySet<string>> {
  if (ids.size === 0) return ids
  const parameters = new Parameters()
  const given = parameters.add([...ids])
  const condition = conditions[of]('id', placesNow(session, division, parameters))
  const statement = `SELECT id FROM unnest(${given}::text[]) AS id WHERE ${condition}`
  const rows = await session.rows<{ readonly id: string }>(statement, parameters.values)
  return new Set(rows.map(({ id }) => id))
}

/** An event about a case, by its place in the log. */
export interface CaseEventAt {
  readonly caseId: string
  readonly ordinal: Ordinal
}

/** Events made while their case was in the subtree, with the one that took it away. */
export async function madeWithin(
  session: ReadSession,
  asked: { readonly events: readonly CaseEventAt[]; readonly division: DivisionCode },
): Promise<ReadonlySet<number>> {
  const { division, events } = asked
  if (events.length === 0) return new Set()
  const parameters = new Parameters()
  const cases = parameters.add(events.map(({ caseId }) => caseId))
  const ordinals = parameters.add(events.map(({ ordinal }) => ordinal))
  const { divisionWithin } = placesNow(session, division, parameters)
  const statement = `
    SELECT made.ordinal FROM unnest(${cases}::text[], ${ordinals}::bigint[]) AS made (id, ordinal)
    WHERE EXISTS (SELECT FROM case_place AS p
      WHERE p.case_id = made.id AND p.to_month = ${lastMonth}
        AND p.known_from <= made.ordinal AND p.known_to >= made.ordinal
        AND ${divisionWithin('p.division')})`
  const rows = await session.rows<{ readonly ordinal: number }>(statement, parameters.values)
  return new Set(rows.map(({ ordinal }) => Number(ordinal)))
}

/** The persons among some that the people of a subtree may see. */
export function personsWithin(
  model: ReadModel,
  asked: { readonly persons: readonly PersonId[]; readonly division: DivisionCode },
): Promise<ReadonlySet<string>> {
  const { division, persons } = asked
  return model.read((session) =>
    idsWithin(session, { of: 'person', ids: new Set(persons), division }),
  )
}
