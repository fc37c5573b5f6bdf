import { hash } from 'node:crypto'
import { EventId } from '../domain/values/identifiers.js'

/** The namespace of event ids; changing it would change every id that a retry derives. */
const namespace = Buffer.from('9d0b6c3a54e84f0e8a7f1c2b6d5e4f30', 'hex')
const variants = '89ab'

/** The id of an append's `index`-th event: UUIDv5 of (append key, index), so a retry repeats it. */
export function eventIdOf(appendKey: string, index: number): EventId {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(`${index}:${appendKey}`)]), 'hex')
  // RFC 9562: the version stands in digit 12, the variant in the upper two bits of digit 16.
  const variant = variants.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
  const third = `5${hex.slice(13, 16)}`
  const fourth = `${variant}${hex.slice(17, 20)}`
  return EventId.parse(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${third}-${fourth}-${hex.slice(20, 32)}`,
  )
}
