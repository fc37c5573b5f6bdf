import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { DomainError } from '../domain/errors.js'
import type { EventId, PersonId } from '../domain/values/identifiers.js'
import type { Sealed } from '../domain/values/sealed.js'
import { derivedKey, type MasterKey } from './master-key.js'

const nonceBytes = 12
const tagBytes = 16
const personKeyBytes = 32
/** What `Sealed` can carry: 8192 characters of base64url. */
const longestText = 6116

/** One field of one event about one person, to be sealed. */
export interface SealRequest {
  readonly person: PersonId
  /** The event that will hold the field: with the field's name it makes the nonce unique. */
  readonly eventId: EventId
  readonly field: string
  readonly text: string
}

/**
 * The keys of one person, in use. Both come from one secret, so that destroying it leaves nothing
 * behind: were nonces made with a common key, its holder could test guesses of an erased field.
 */
export interface PersonKey {
  readonly sealing: Buffer
  readonly nonces: Buffer
}

export function newPersonSecret(): Buffer {
  return randomBytes(personKeyBytes)
}

/** One HMAC a key: a secret is 32 random bytes already, and imports make keys by the thousand. */
export function personKeyOf(secret: Buffer): PersonKey {
  const keyFor = (purpose: string) => createHmac('sha256', secret).update(purpose).digest()
  return { sealing: keyFor('seal'), nonces: keyFor('nonce') }
}

/** AES-256-GCM with a nonce from (event, field, text), so that a retry makes the same bytes. */
export function sealWith(key: PersonKey, { person, eventId, field, text }: SealRequest): Sealed {
  const plain = Buffer.from(text, 'utf8')
  assert(plain.length <= longestText, `${field} is too long to be sealed`)
  const nonce = createHmac('sha256', key.nonces)
    .update(JSON.stringify([eventId, field, text]))
    .digest()
    .subarray(0, nonceBytes)
  return { person, cipher: encrypt({ key: key.sealing, nonce, about: person }, plain) }
}

/** The text of a sealed field; `sealed-field-broken` when it is not what was sealed. */
export function openWith(key: PersonKey, { person, cipher }: Sealed): string {
  const plain = decrypt({ key: key.sealing, about: person }, cipher)
  if (!plain) throw new DomainError('sealed-field-broken', { person })
  return plain.toString('utf8')
}

/** Turns persons' secrets into what is kept in the database, and back. */
export interface SecretWrapper {
  wrap(person: PersonId, secret: Buffer): string
  /** Refuses `master-key-unfit` when another master key wrapped it. */
  unwrap(person: PersonId, wrapped: string): Buffer
}

export function createSecretWrapper(masterKey: MasterKey): SecretWrapper {
  const key = derivedKey(masterKey, 'wrap')
  return {
    wrap: (person, secret) =>
      encrypt({ key, nonce: randomBytes(nonceBytes), about: person }, secret),
    unwrap(person, wrapped) {
      const secret = decrypt({ key, about: person }, wrapped)
      if (!secret)
        throw new DomainError('master-key-unfit', { reason: 'another key wrapped it', person })
      return secret
    },
  }
}

function encrypt(
  by: { readonly key: Buffer; readonly nonce: Buffer; readonly about: string },
  plain: Buffer,
): string {
  const cipher = createCipheriv('aes-256-gcm', by.key, by.nonce)
  cipher.setAAD(Buffer.from(by.about))
  const body = [by.nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat(body).toString('base64url')
}

function decrypt(
  by: { readonly key: Buffer; readonly about: string },
  text: string,
): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < nonceBytes + tagBytes) return undefined
  const decipher = createDecipheriv('aes-256-gcm', by.key, bytes.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(by.about))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  try {
    const body = bytes.subarray(nonceBytes, -tagBytes)
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch {
    return undefined
  }
}
