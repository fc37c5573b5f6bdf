import { createHash } from 'node:crypto'
import { EventId } from '../domain/values/identifiers.js'

/** The namespace of event ids; changing it would change every id that a retry derives. */
const namespace = Buffer.from('9d0b6c3a54e84f0e8a7f1c2b6d5e4f30', 'hex')

/** The id of an append's `index`-th event: UUIDv5 of (append key, index), so a retry repeats it. */
export function eventIdOf(appendKey: string, index: number): EventId {
  const hash = createHash('sha1').update(namespace).update(`${index}:${appendKey}`).digest()
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex', 0, 16)
  return EventId.parse(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  )
}
