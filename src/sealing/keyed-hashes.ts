import { createHmac } from 'node:crypto'
import type { IdentityNumber } from '../domain/values/identity-number.js'
import { KeyedHash } from '../domain/values/sealed.js'
import { derivedKey, type MasterKey } from './master-key.js'

/** Hashes that only the holder of the master key can make: they find without storing. */
export interface KeyedHashes {
  /** Of a checked identity number: the same person, the same hash. */
  identity(number: IdentityNumber): KeyedHash
  /** Of a whole name as `normalisedName` has it. */
  name(name: string): KeyedHash
  /** Of each pair of neighbouring characters of a name, each once; of the character alone in a
   *  name of one. They find a part of a name. */
  nameParts(name: string): readonly KeyedHash[]
  /** Of a request's canonical text, which may hold personal data. */
  request(canonical: string): KeyedHash
}

export function createKeyedHashes(masterKey: MasterKey): KeyedHashes {
  const identityKey = derivedKey(masterKey, 'identity-number')
  const nameKey = derivedKey(masterKey, 'name')
  const partKey = derivedKey(masterKey, 'name-part')
  const requestKey = derivedKey(masterKey, 'request')
  return {
    identity: (number) => keyedHash(identityKey, number),
    name: (name) => keyedHash(nameKey, normalisedName(name)),
    nameParts: (name) => partsOf(normalisedName(name)).map((part) => keyedHash(partKey, part)),
    request: (canonical) => keyedHash(requestKey, canonical),
  }
}

/**
 * A name as it is compared: NFKC, no spaces, small letters, one kind of dot between the parts of a
 * transcribed name (买买提·艾力 is typed with several).
 */
export function normalisedName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\s+/gu, '')
    .replace(/[·•‧∙⋅・.]/gu, '·')
    .toLowerCase()
}

function partsOf(name: string): readonly string[] {
  const characters = [...name]
  if (characters.length < 2) return characters
  const pairs = characters.slice(1).map((character, at) => `${characters[at]}${character}`)
  return [...new Set(pairs)]
}

function keyedHash(key: Buffer, text: string): KeyedHash {
  return KeyedHash.parse(createHmac('sha256', key).update(text, 'utf8').digest('hex'))
}
