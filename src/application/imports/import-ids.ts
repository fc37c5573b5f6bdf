import { createHash } from 'node:crypto'
import { CaseId, ImportId, PersonId } from '../../domain/values/identifiers.js'
import type { KeyedHash } from '../../domain/values/sealed.js'

/** The namespace of imported ids; changing it would make a second person of every imported one. */
const namespace = Buffer.from('0b7e2f4c6d8a4b1f93c5a7e1d2f3b4c6', 'hex')

/** The case of a household number: a household number is unique in a ledger. */
export function caseIdOfHousehold(householdNumber: string): CaseId {
  return CaseId.parse(uuidOf('household', householdNumber))
}

/** The one-off case of one recipient of a campaign. */
export function caseIdOfRecipient(of: {
  readonly campaign: string
  readonly recipient: string
}): CaseId {
  return CaseId.parse(uuidOf('campaign', JSON.stringify([of.campaign, of.recipient])))
}

/** The id that an imported person gets when the identity number is nobody's yet. */
export function personIdOfIdentity(hash: KeyedHash): PersonId {
  return PersonId.parse(uuidOf('identity', hash))
}

/** The person of an office's own number: for those who have no identity number. */
export function personIdOfNumber(personNumber: string): PersonId {
  return PersonId.parse(uuidOf('person-number', personNumber))
}

/** How a campaign names a household, whether it comes from a roll or from a list. */
export function householdOfHead(head: PersonId): string {
  return `household-of/${head}`
}

/** The n-th import, from 1, of what `content` says, in whatever order its rows stand. */
export function importIdOf(of: {
  readonly kind: string
  readonly content: KeyedHash
  readonly generation: number
}): ImportId {
  return ImportId.parse(uuidOf(`import-${of.kind}`, `${of.content}/${of.generation}`))
}

/** UUIDv5 (RFC 9562) of a word for what it is and a name. */
function uuidOf(what: string, name: string): string {
  const hash = createHash('sha1').update(namespace).update(`${what}/${name}`).digest()
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex', 0, 16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}
