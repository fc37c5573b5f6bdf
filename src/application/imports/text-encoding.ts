import iconv from 'iconv-lite'
import { DomainError } from '../../domain/errors.js'

export type TextEncoding = 'utf-8' | 'gb18030'

export interface DecodedText {
  readonly text: string
  readonly encoding: TextEncoding
}

const utf16Marks = ['fffe', 'feff']
const replacement = '\uFFFD'

/**
 * Text of a file in UTF-8, with or without a mark, or else in GB18030; told apart strictly, never
 * by guessing from frequencies. Refuses `file-encoding-unknown` with the line where it breaks.
 */
export function decodeText(bytes: Buffer): DecodedText {
  if (utf16Marks.includes(bytes.toString('hex', 0, 2))) throw unknownAt(1)
  const asUtf8 = bytes.toString('utf8')
  const brokenAt = asUtf8.indexOf(replacement)
  if (brokenAt < 0) return { text: withoutMark(refuseNul(asUtf8)), encoding: 'utf-8' }
  // Chinese that reads well up to a fault is broken UTF-8: as GB18030 it would all be nonsense.
  if (looksChinese(asUtf8.slice(0, brokenAt))) throw unknownAt(lineOf(asUtf8, brokenAt))
  return { text: decodeGb18030(bytes), encoding: 'gb18030' }
}

function decodeGb18030(bytes: Buffer): string {
  const text = refuseNul(iconv.decode(bytes, 'gb18030'))
  const brokenAt = text.search(/[\uFFFD\uE000-\uF8FF]/u)
  if (brokenAt >= 0) throw unknownAt(lineOf(text, brokenAt))
  return text
}

function refuseNul(text: string): string {
  const at = text.indexOf('\u0000')
  if (at >= 0) throw unknownAt(lineOf(text, at))
  return text
}

/** Three ideographs in a row of valid UTF-8 do not come about by chance in GB18030. */
function looksChinese(text: string): boolean {
  return /\p{Script=Han}{3}/u.test(text)
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function lineOf(text: string, at: number): number {
  let line = 1
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1))
    line += 1
  return line
}

function unknownAt(line: number): DomainError {
  return new DomainError('file-encoding-unknown', { line })
}
