import { DomainError } from '../../domain/errors.js'
import type { IdentityCommand, PersonCommand } from '../../domain/person/commands.js'
import { personDecider } from '../../domain/person/decide.js'
import { type Identity, identityDecider } from '../../domain/person/identity.js'
import type { Person } from '../../domain/person/person.js'
import type { Policy } from '../../domain/policy/policy.js'
import type { PersonId } from '../../domain/values/identifiers.js'
import type { IdentityNumber } from '../../domain/values/identity-number.js'
import type { KeyedHash, Sealed } from '../../domain/values/sealed.js'
import { identityStream, personStream } from '../streams.js'
import { personIdOfIdentity, personIdOfNumber } from './import-ids.js'
import { PendingSeals } from './pending-seals.js'
import type { ImportParts } from './run-import.js'
import { type PlannedStream, StreamBook, type StreamSource } from './stream-book.js'

/** How a row says who is meant; the identity number counts where both are given. */
export interface PersonReference {
  readonly identity_number?: IdentityNumber | undefined
  readonly person_no?: string | undefined
}

type SealedField = 'name' | 'identityNumber' | 'address' | 'phone'

/** A person's sealed details in the open; null where there is none, or the person was erased. */
export type OpenDetails = Readonly<Record<SealedField, string | null>>

export interface OpenAccount {
  readonly account: string | null
  readonly holder: string | null
}

/** The persons that a file speaks of: found, decided on and newly made, all in memory. */
export class People {
  readonly seals = new PendingSeals()
  readonly #parts: Pick<ImportParts, 'hashes' | 'vault'>
  readonly #hashes = new Map<IdentityNumber, KeyedHash>()
  readonly #identities: StreamBook<'identity', Identity, IdentityCommand>
  readonly #persons: StreamBook<'person', Person, PersonCommand>

  constructor(parts: StreamSource & Pick<ImportParts, 'hashes' | 'vault'>, policy: Policy) {
    this.#parts = parts
    this.#identities = new StreamBook('identity', parts, identityDecider)
    this.#persons = new StreamBook('person', parts, personDecider(policy))
  }

  /** Reads everyone who is meant, so that the rest can ask without waiting. */
  async load(references: readonly PersonReference[]): Promise<void> {
    const numbers = references.flatMap((reference) => reference.identity_number ?? [])
    await this.#identities.load(numbers.map((number) => this.#identity(number)))
    // A number is reserved before its person is registered: nobody's number has no person yet.
    const free = numbers.filter((number) => this.#reservedFor(number) === null)
    this.#persons.enterNew(free.map((number) => personStream(this.#newPersonOf(number))))
    await this.#persons.load(references.map((reference) => personStream(this.idOf(reference))))
  }

  /** Reads persons who are known by their id. */
  async loadPersons(persons: readonly PersonId[]): Promise<void> {
    await this.#persons.load(persons.map(personStream))
  }

  /** Refuses `person-reference-missing`. */
  idOf({ identity_number: number, person_no: personNumber }: PersonReference): PersonId {
    if (number !== undefined) return this.#reservedFor(number) ?? this.#newPersonOf(number)
    if (personNumber !== undefined) return personIdOfNumber(personNumber)
    throw new DomainError('person-reference-missing')
  }

  /** As the log and this plan have it. */
  stateOf(person: PersonId): Person {
    return this.#persons.stateOf(personStream(person))
  }

  /** How many events the command adds. Throws the decider's DomainError. */
  decide(person: PersonId, command: PersonCommand): number {
    return this.#persons.decide(personStream(person), command).length
  }

  reserve(person: PersonId, number: IdentityNumber, command: IdentityCommand): number {
    if (this.#reservedFor(number) === person) return 0
    return this.#identities.decide(this.#identity(number), command).length
  }

  hashOf(number: IdentityNumber): KeyedHash {
    const known = this.#hashes.get(number)
    if (known) return known
    const hash = this.#parts.hashes.identity(number)
    this.#hashes.set(number, hash)
    return hash
  }

  /** What the log already holds of these persons, opened to be compared with the file. */
  async openDetails(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, OpenDetails>> {
    const known = this.#registered(persons)
    const texts = await this.#opened(
      known.flatMap(({ details }) => [
        details.name,
        details.identityNumber,
        details.address,
        details.phone,
      ]),
    )
    return new Map(
      known.map(({ person }, at) => {
        const [name = null, identityNumber = null, address = null, phone = null] = texts.slice(
          at * 4,
          at * 4 + 4,
        )
        return [person, { name, identityNumber, address, phone }]
      }),
    )
  }

  /** The latest account of those who have one. */
  async openAccounts(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, OpenAccount>> {
    const known = [...new Set(persons)].flatMap((person) => {
      const account = this.stateOf(person).accounts.at(-1)
      return account ? [{ person, account }] : []
    })
    const texts = await this.#opened(
      known.flatMap(({ account }) => [account.account, account.holder]),
    )
    return new Map(
      known.map(({ person }, at) => {
        const [account = null, holder = null] = texts.slice(at * 2, at * 2 + 2)
        return [person, { account, holder }]
      }),
    )
  }

  /** Numbers first: who has one is registered once it is reserved. */
  stages(): readonly (readonly PlannedStream[])[] {
    return [this.#identities.planned(), this.#persons.planned()]
  }

  #identity(number: IdentityNumber) {
    return identityStream(this.hashOf(number))
  }

  #reservedFor(number: IdentityNumber): PersonId | null {
    return this.#identities.stateOf(this.#identity(number)).personId
  }

  #newPersonOf(number: IdentityNumber): PersonId {
    return personIdOfIdentity(this.hashOf(number))
  }

  #registered(persons: readonly PersonId[]) {
    return [...new Set(persons)].flatMap((person) => {
      const { details } = this.stateOf(person)
      return details ? [{ person, details }] : []
    })
  }

  async #opened(fields: readonly (Sealed | null)[]): Promise<readonly (string | null)[]> {
    const sealed = fields.filter((field) => field !== null)
    const texts = await this.#parts.vault.openAll(sealed)
    let next = 0
    return fields.map((field) => {
      if (field === null) return null
      const text = texts[next] ?? null
      next += 1
      return text
    })
  }
}
