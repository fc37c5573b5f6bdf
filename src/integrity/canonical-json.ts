import { DomainError } from '../domain/errors.js'

/**
 * The one text of a JSON value by RFC 8785: keys in UTF-16 order, no spaces. Integers within
 * ±(2^53 − 1) only; a float, `undefined`, U+0000, a lone surrogate or a value that is no plain
 * JSON is refused as `not-canonical-json`, with the JSON pointer of the place as `path`.
 */
export function canonicalJson(value: unknown, path = ''): string {
  if (typeof value === 'string') return canonicalString(value, path)
  if (typeof value === 'number') return canonicalInteger(value, path)
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return canonicalArray(value, path)
  if (isPlainObject(value)) return canonicalObject(value, path)
  throw notCanonical(path, typeof value)
}

function canonicalString(text: string, path: string): string {
  if (text.includes('\u0000')) throw notCanonical(path, 'U+0000')
  if (/\p{Surrogate}/u.test(text)) throw notCanonical(path, 'lone surrogate')
  return JSON.stringify(text)
}

function canonicalInteger(value: number, path: string): string {
  if (!Number.isSafeInteger(value)) throw notCanonical(path, 'not a safe integer')
  return Object.is(value, -0) ? '0' : String(value)
}

function canonicalArray(items: readonly unknown[], path: string): string {
  // Array.from visits holes, which map would skip and so let through.
  return `[${Array.from(items, (item, at) => canonicalJson(item, `${path}/${at}`)).join(',')}]`
}

function canonicalObject(value: object, path: string): string {
  const entries: [string, unknown][] = Object.entries(value)
  entries.sort(([left], [right]) => (left < right ? -1 : 1))
  let text = ''
  for (const [key, member] of entries) {
    const place = `${path}/${key}`
    text += `${text && ','}${canonicalString(key, place)}:${canonicalJson(member, place)}`
  }
  return `{${text}}`
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function notCanonical(path: string, found: string): DomainError {
  return new DomainError('not-canonical-json', { path, found })
}
