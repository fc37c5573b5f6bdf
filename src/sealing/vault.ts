import assert from 'node:assert/strict'
import { DomainError } from '../domain/errors.js'
import type { PersonId } from '../domain/values/identifiers.js'
import type { Sealed } from '../domain/values/sealed.js'
import type { ErasureList } from './erasure-list.js'
import type { MasterKey } from './master-key.js'
import {
  createSecretWrapper,
  newPersonSecret,
  openWith,
  type PersonKey,
  personKeyOf,
  type SealRequest,
  type SecretWrapper,
  sealWith,
} from './person-cipher.js'
import type { PersonKeys } from './person-keys.js'

export interface VaultParts {
  readonly keys: PersonKeys
  readonly erasures: ErasureList
  readonly masterKey: MasterKey
}

/** Seals and opens what the log holds about persons, each under a key of their own. */
export interface Vault {
  /** Refuses `person-erased`. Makes the person's key at the first use. */
  seal(request: SealRequest): Promise<Sealed>
  /** One answer a request, in order; one read and one write of keys however many they are. */
  sealAll(requests: readonly SealRequest[]): Promise<readonly Sealed[]>
  /** The text, or null when the person was erased. Refuses `sealed-field-broken`. */
  open(sealed: Sealed): Promise<string | null>
  openAll(sealed: readonly Sealed[]): Promise<readonly (string | null)[]>
  /** Erases the persons: nothing sealed for them can be opened ever again. */
  destroy(persons: readonly PersonId[]): Promise<void>
  /** After a restore: destroys again the keys of all who are on the erasure list. */
  reapplyErasures(): Promise<number>
  /** Refuses `master-key-unfit` where the stored keys were wrapped by another master key. */
  assertMasterKeyFits(): Promise<void>
}

/** Persons whose keys one statement reads or writes. */
const personsAtOnce = 5000

/** What is asked of the keys again and again, with the master key's part made once. */
interface KeyRing {
  readonly keys: PersonKeys
  readonly wrapper: SecretWrapper
}

export function createVault({ keys, erasures, masterKey }: VaultParts): Vault {
  const ring: KeyRing = { keys, wrapper: createSecretWrapper(masterKey) }

  const vault: Vault = {
    async seal(request) {
      const [sealed] = await vault.sealAll([request])
      assert(sealed)
      return sealed
    },
    async sealAll(requests) {
      const inUse = await keysInUse(ring, personsOf(requests))
      return requests.map((request) => {
        const key = inUse.get(request.person)
        if (!key) throw new DomainError('person-erased', { person: request.person })
        return sealWith(key, request)
      })
    },
    async open(sealed) {
      const [text = null] = await vault.openAll([sealed])
      return text
    },
    async openAll(sealed) {
      const found = await readKeys(ring, personsOf(sealed))
      return sealed.map((field) => {
        const key = found.get(field.person)
        // A key that nobody destroyed and nobody has is a loss, and must not look like an erasure.
        if (key === undefined)
          throw new DomainError('sealed-field-broken', { person: field.person })
        return key && openWith(key, field)
      })
    },
    async destroy(persons) {
      // The list first: a crash between the two leaves an erasure to apply again, not a lost one.
      await erasures.add(persons)
      await keys.destroy(persons)
    },
    async reapplyErasures() {
      const persons = await erasures.all()
      for (const some of slices(persons)) await keys.destroy(some)
      return persons.length
    },
    async assertMasterKeyFits() {
      const person = await keys.sample()
      if (person) await readKeys(ring, [person])
    },
  }
  return vault
}

function personsOf(fields: readonly { readonly person: PersonId }[]): readonly PersonId[] {
  return [...new Set(fields.map(({ person }) => person))]
}

/** Keys of all but the erased, made where there was none. Whoever stores one first gives it. */
async function keysInUse(
  ring: KeyRing,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, PersonKey>> {
  const found = await readKeys(ring, persons)
  const without = persons.filter((person) => !found.has(person))
  if (without.length === 0) return usable(found)
  for (const some of slices(without)) {
    const wrap = (person: PersonId) => ring.wrapper.wrap(person, newPersonSecret())
    await ring.keys.add(new Map(some.map((person) => [person, wrap(person)])))
  }
  return usable(new Map([...found, ...(await readKeys(ring, without))]))
}

/** Keys by person: null where destroyed, absent where there is none. */
async function readKeys(
  { keys, wrapper }: KeyRing,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, PersonKey | null>> {
  const found = new Map<PersonId, PersonKey | null>()
  for (const some of slices(persons))
    for (const [person, wrapped] of await keys.read(some))
      found.set(person, wrapped === null ? null : personKeyOf(wrapper.unwrap(person, wrapped)))
  return found
}

function usable(found: ReadonlyMap<PersonId, PersonKey | null>): ReadonlyMap<PersonId, PersonKey> {
  const inUse = new Map<PersonId, PersonKey>()
  for (const [person, key] of found) if (key) inUse.set(person, key)
  return inUse
}

function* slices(persons: readonly PersonId[]): Generator<readonly PersonId[]> {
  for (let from = 0; from < persons.length; from += personsAtOnce)
    yield persons.slice(from, from + personsAtOnce)
}
