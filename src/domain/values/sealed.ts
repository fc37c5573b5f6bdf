import { z } from 'zod'
import { PersonId } from './identifiers.js'

/** A field encrypted under the key of one person: base64url of nonce, ciphertext and tag. */
export const Sealed = z.strictObject({
  person: PersonId,
  cipher: z.string().regex(/^[A-Za-z0-9_-]{38,8192}$/),
})
export type Sealed = z.infer<typeof Sealed>

/** A keyed hash (HMAC-SHA-256) in 64 hex digits: finds a number without storing it. */
export const KeyedHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'KeyedHash'>()
export type KeyedHash = z.infer<typeof KeyedHash>
