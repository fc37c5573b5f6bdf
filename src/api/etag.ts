import { DomainError } from '../domain/errors.js'

/** The ETag of a stream at a version: `"7"`. */
export function etagOf(version: number): string {
  return `"${version}"`
}

/**
 * The version that If-Match names; undefined when the header is absent or `*`.
 *
 * @throws DomainError etag-malformed
 */
export function versionOfIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined
  const match = /^"(0|[1-9]\d{0,9})"$/.exec(header)
  if (!match) throw new DomainError('etag-malformed')
  return Number(match[1])
}
