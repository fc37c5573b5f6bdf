import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { DomainError } from '../domain/errors.js'
import { canonicalJson } from '../integrity/canonical-json.js'

/** How many rows a page has at most. */
export const largestPage = 1000

export const PageParameters = z.strictObject({
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(largestPage).default(100),
})

/** The place after which a page begins: values of the sort key, never personal data. */
export type Keyset = readonly (string | number | null)[]

const KeysetJson = z.array(z.union([z.string(), z.int(), z.null()]))

const signatureBytes = 16

/** Makes and reads cursors. One is good for the list and the filters it was made for only. */
export interface Cursors {
  write(list: ListIdentity, keyset: Keyset): string
  /** @throws DomainError cursor-invalid */
  read(list: ListIdentity, cursor: string): Keyset
}

export interface ListIdentity {
  readonly route: string
  readonly filters: unknown
}

/** Cursors signed with a key of this ledger, so that every process reads the others'. */
export function createCursors(key: Uint8Array): Cursors {
  const sign = (list: ListIdentity, text: string) =>
    createHmac('sha256', key)
      .update(canonicalJson({ route: list.route, filters: list.filters, text }))
      .digest()
      .subarray(0, signatureBytes)

  return {
    write(list, keyset) {
      const text = canonicalJson(keyset)
      return Buffer.concat([sign(list, text), Buffer.from(text)]).toString('base64url')
    },
    read(list, cursor) {
      const bytes = Buffer.from(cursor, 'base64url')
      const text = bytes.subarray(signatureBytes).toString('utf8')
      const signature = bytes.subarray(0, signatureBytes)
      if (signature.length < signatureBytes || !timingSafeEqual(signature, sign(list, text)))
        throw new DomainError('cursor-invalid')
      return KeysetJson.parse(JSON.parse(text))
    },
  }
}
