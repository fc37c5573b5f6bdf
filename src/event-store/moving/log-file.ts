import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import { Instant } from '../../domain/values/calendar.js'
import { ActorId, EventId, Ordinal } from '../../domain/values/identifiers.js'
import { canonicalJson } from '../../integrity/canonical-json.js'
import type { StoredEvent } from '../event-store.js'

/** The first line of a log file; the appends follow, one a line, then the end with a checksum. */
const Header = z.strictObject({
  format: z.literal('benefits-ledger log'),
  version: z.literal(1),
  events: z.int().min(0),
})

const FiledEvent: z.ZodType<StoredEvent> = z.strictObject({
  ordinal: Ordinal,
  stream: z.string(),
  version: z.int().min(0),
  eventId: EventId,
  type: z.string(),
  schemaVersion: z.int().min(1),
  effective: z.string(),
  recorded: Instant,
  actor: ActorId,
  correlation: z.string(),
  leafHash: z.string().length(64),
  data: z.record(z.string(), z.json()),
})

/** An append of the log with what told it from others. */
const FiledAppend = z.strictObject({
  key: z.string(),
  requestHash: z.string().length(64),
  events: z.array(FiledEvent).min(1),
})
export type FiledAppend = z.infer<typeof FiledAppend>

/** SHA-256 over every byte before this line. */
const End = z.strictObject({ end: z.literal(true), sha256: z.string().length(64) })

/** Writes a log file: on disk and complete under its name, or not there at all. */
export async function writeLogFile(
  path: string,
  { appends, events }: { readonly appends: AsyncIterable<FiledAppend>; readonly events: number },
): Promise<string> {
  const draft = `${path}.part`
  const hash = createHash('sha256')
  let sha256 = ''
  async function* lines() {
    const header: z.infer<typeof Header> = { format: 'benefits-ledger log', version: 1, events }
    const line = (value: object) => {
      const text = `${oneLine(value)}\n`
      hash.update(text)
      return text
    }
    yield line(header)
    for await (const append of appends) yield line(append)
    sha256 = hash.digest('hex')
    yield `${JSON.stringify({ end: true, sha256 })}\n`
  }
  try {
    await pipeline(lines, createWriteStream(draft, { mode: 0o600 }))
    const file = await open(draft, 'r')
    await file.sync().finally(() => file.close())
    await rename(draft, path)
    return sha256
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * The appends of a log file, each with the number of its line. The last one comes before the
 * checksum is known to be right: who writes what is read reads all of it once before.
 *
 * @throws DomainError log-file-broken
 */
export async function* readLogFile(
  path: string,
): AsyncGenerator<{ readonly line: number; readonly append: FiledAppend }> {
  const hash = createHash('sha256')
  const lines = createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  let line = 0
  let left = 0
  let isWhole = false
  for await (const text of lines) {
    line += 1
    const value = parsed(text, line)
    if (isWhole) throw broken(line, 'something follows the end')
    if (line === 1) left = shaped(Header, value, line).events
    else if (End.safeParse(value).success) {
      const { sha256 } = shaped(End, value, line)
      if (sha256 !== hash.digest('hex')) throw broken(line, 'the checksum is another')
      isWhole = true
      continue
    } else {
      const append = shaped(FiledAppend, value, line)
      left -= append.events.length
      yield { line, append }
    }
    hash.update(`${text}\n`)
  }
  if (!isWhole) throw broken(line, 'the end is missing')
  if (left !== 0) throw broken(line, 'the number of events is another')
}

/** The same bytes from either log. Node's reader of lines takes these two letters for ends. */
function oneLine(value: object): string {
  return canonicalJson(value, '').replace(/[\u2028\u2029]/g, (letter) =>
    letter === '\u2028' ? '\\u2028' : '\\u2029',
  )
}

export function broken(line: number, fault: string): DomainError {
  return new DomainError('log-file-broken', { line, fault })
}

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw broken(line, 'it is no JSON')
  }
}

function shaped<Value>(schema: z.ZodType<Value>, value: unknown, line: number): Value {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw broken(line, `${result.error.issues[0]?.path.join('.')} is not as it should be`)
}
