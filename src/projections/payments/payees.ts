import { lastDayOf, type Month, type PlainDate } from '../../domain/values/calendar.js'
import type { Ordinal, PersonId } from '../../domain/values/identifiers.js'
import type { ReadSession } from '../read-model.js'

export interface PayeeAccount {
  readonly payee: PersonId
  /** The version of the account in force; null when the payee has none. */
  readonly accountVersion: number | null
}

export interface PayeesAsked {
  readonly persons: readonly PersonId[]
  readonly ordinal: Ordinal
  readonly month: Month
}

/** Who gets a person's money, and what keeps it from being paid. */
export interface Payee extends PayeeAccount {
  /** Reasons of the holds on the person and the payee, and on the payee's account. */
  readonly holds: readonly string[]
  /** The last month for which the person was seen alive; null when nobody has looked. */
  readonly lifeVerifiedThrough: Month | null
}

/** Every person asked for has an entry; the payee is the person unless somebody was designated. */
export async function payeesIn(
  session: ReadSession,
  asked: PayeesAsked,
): Promise<ReadonlyMap<PersonId, Payee>> {
  const own = await factsOf(session, asked)
  const on = lastDayOf(asked.month)
  const payees = new Map(
    asked.persons.map((person) => [person, payeeOf(person, own.get(person) ?? [], on)] as const),
  )
  const others = [...payees.values()].filter((payee) => !own.has(payee))
  const facts = new Map([...own, ...(await factsOf(session, { ...asked, persons: others }))])
  return new Map(
    [...payees].map(([person, payee]) => {
      const said = facts.get(payee) ?? []
      const accountVersion = accountOf(said, on)
      const both = payee === person ? said : [...(own.get(person) ?? []), ...said]
      const holds = holdsIn(both, asked.month)
      const lifeVerifiedThrough = verifiedThrough(own.get(person) ?? [])
      return [person, { payee, accountVersion, holds, lifeVerifiedThrough }]
    }),
  )
}

interface PersonFactData {
  readonly from?: string
  readonly payee?: PersonId
  readonly accountVersion?: number
  readonly holdId?: string
  readonly reason?: string
  readonly validThrough?: Month
}

interface PersonFact {
  readonly person_id: PersonId
  readonly type: string
  readonly data: PersonFactData
}

const selectFacts = `
  SELECT person_id, type, data FROM person_fact
  WHERE person_id = ANY($1) AND ordinal <= $2 AND type = ANY($3)
  ORDER BY person_id, ordinal`

const factTypes = [
  'PayeeAccountSet',
  'PayeeDesignated',
  'PersonHoldPlaced',
  'PersonHoldLifted',
  'LifeVerified',
  'PersonErased',
]

async function factsOf(
  session: ReadSession,
  { persons, ordinal }: PayeesAsked,
): Promise<Map<PersonId, PersonFact[]>> {
  if (persons.length === 0) return new Map()
  const rows = await session.rows<PersonFact>(selectFacts, [
    [...new Set(persons)],
    ordinal,
    factTypes,
  ])
  const byPerson = new Map<PersonId, PersonFact[]>()
  for (const row of rows) {
    const facts = byPerson.get(row.person_id) ?? []
    byPerson.set(row.person_id, facts)
    facts.push(row)
  }
  return byPerson
}

function isType(type: string): (fact: PersonFact) => boolean {
  return (fact) => fact.type === type
}

function payeeOf(person: PersonId, facts: readonly PersonFact[], on: PlainDate): PersonId {
  return inForce(facts.filter(isType('PayeeDesignated')), on)?.data.payee ?? person
}

/** The version in force; who was erased has no account that could be opened. */
function accountOf(facts: readonly PersonFact[], on: PlainDate): number | null {
  if (facts.some(isType('PersonErased'))) return null
  return inForce(facts.filter(isType('PayeeAccountSet')), on)?.data.accountVersion ?? null
}

/** The last said of those with the latest date that has come. */
function inForce(facts: readonly PersonFact[], on: PlainDate): PersonFact | undefined {
  let best: PersonFact | undefined
  for (const fact of facts) {
    const from = fact.data.from ?? ''
    if (from <= on && (!best || from >= (best.data.from ?? ''))) best = fact
  }
  return best
}

function holdsIn(facts: readonly PersonFact[], month: Month): readonly string[] {
  const lifted = facts
    .filter(isType('PersonHoldLifted'))
    .filter((fact) => (fact.data.from ?? '') <= month)
    .map((fact) => fact.data.holdId)
  return facts
    .filter(isType('PersonHoldPlaced'))
    .filter((fact) => (fact.data.from ?? '') <= month && !lifted.includes(fact.data.holdId))
    .map((fact) => fact.data.reason ?? '')
}

function verifiedThrough(facts: readonly PersonFact[]): Month | null {
  const months = facts.flatMap((fact) => fact.data.validThrough ?? [])
  return months.sort().at(-1) ?? null
}
