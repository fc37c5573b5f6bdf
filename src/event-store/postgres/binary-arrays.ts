/**
 * Arrays in PostgreSQL's binary form (array_recv), which the server takes without parsing text:
 * a third less work a flush than the same rows as JSON.
 */
interface ElementType<Item> {
  readonly oid: number
  bytesOf(item: Item): number
  write(buffer: Buffer, at: number, item: Item): void
}

const headerBytes = 20
const lengthBytes = 4

function arrayOf<Item>(type: ElementType<Item>, items: readonly Item[]): Buffer {
  let size = headerBytes
  for (const item of items) size += lengthBytes + type.bytesOf(item)
  const buffer = Buffer.allocUnsafe(size)
  // One dimension, no nulls, subscripts from 1.
  for (const [at, field] of [1, 0, type.oid, items.length, 1].entries())
    buffer.writeInt32BE(field, at * 4)
  let at = headerBytes
  for (const item of items) {
    const bytes = type.bytesOf(item)
    buffer.writeInt32BE(bytes, at)
    type.write(buffer, at + lengthBytes, item)
    at += lengthBytes + bytes
  }
  return buffer
}

const integer: ElementType<number> = {
  oid: 23,
  bytesOf: () => 4,
  write: (buffer, at, value) => buffer.writeInt32BE(value, at),
}

const text: ElementType<string> = {
  oid: 25,
  bytesOf: (value) => Buffer.byteLength(value),
  write: (buffer, at, value) => buffer.write(value, at),
}

const jsonbFormatVersion = 1
const jsonb: ElementType<string> = {
  oid: 3802,
  bytesOf: (value) => 1 + Buffer.byteLength(value),
  write(buffer, at, value) {
    buffer.writeInt8(jsonbFormatVersion, at)
    buffer.write(value, at + 1)
  },
}

const bytea: ElementType<string> = {
  oid: 17,
  bytesOf: (hex) => hex.length / 2,
  write: (buffer, at, hex) => buffer.write(hex, at, 'hex'),
}

const uuid: ElementType<string> = {
  oid: 2950,
  bytesOf: () => 16,
  write: (buffer, at, value) => buffer.write(value.replaceAll('-', ''), at, 'hex'),
}

/** Milliseconds from 1970 to PostgreSQL's own beginning of time, 2000-01-01. */
const epochMilliseconds = 946_684_800_000
const timestamptz: ElementType<string> = {
  oid: 1184,
  bytesOf: () => 8,
  write: (buffer, at, instant) =>
    buffer.writeBigInt64BE(BigInt(Date.parse(instant) - epochMilliseconds) * 1000n, at),
}

export const integers = (items: readonly number[]) => arrayOf(integer, items)
export const texts = (items: readonly string[]) => arrayOf(text, items)
/** From JSON texts. */
export const jsonbs = (items: readonly string[]) => arrayOf(jsonb, items)
/** From hex digits. */
export const byteas = (items: readonly string[]) => arrayOf(bytea, items)
export const uuids = (items: readonly string[]) => arrayOf(uuid, items)
/** From instants. */
export const timestamps = (items: readonly string[]) => arrayOf(timestamptz, items)
