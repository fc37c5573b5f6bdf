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

/** Printable ASCII without quote and backslash: most texts, and their own JSON. */
const plainText = /^[ !#-[\]-~]*$/

function canonicalString(text: string, path: string): string {
  if (plainText.test(text)) return `"${text}"`
  if (text.includes('\u0000')) throw notCanonical(path, 'U+0000')
  if (/\p{Surrogate}/u.test(text)) throw notCanonical(path, 'lone surrogate')
  return JSON.stringify(text)
}

function canonicalInteger(value: number, path: string): string {
  if (!Number.isSafeInteger(value)) throw notCanonical(path, 'not a safe integer')
  return Object.is(value, -0) ? '0' : String(value)
}

function canonicalArray(items: readonly unknown[], path: string): string {
  let text = ''
  // A counted loop visits holes, which map would skip and so let through.
  for (let at = 0; at < items.length; at += 1)
    text += `${at > 0 ? ',' : ''}${canonicalJson(items[at], `${path}/${at}`)}`
  return `[${text}]`
}

function canonicalObject(value: PlainObject, path: string): string {
  let text = ''
  for (const key of Object.keys(value).sort()) {
    const place = `${path}/${key}`
    text += `${text && ','}${canonicalString(key, place)}:${canonicalJson(value[key], place)}`
  }
  return `{${text}}`
}

type PlainObject = Readonly<Record<string, unknown>>

function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function notCanonical(path: string, found: string): DomainError {
  return new DomainError('not-canonical-json', { path, found })
}
