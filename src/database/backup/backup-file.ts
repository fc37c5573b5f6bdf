import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { BackupRefused } from './backup-refused.js'

/**
 * The first line of a backup. After it, table by table, a line of JSON names the table and its
 * columns, the rows follow as COPY's text format writes them, and a line `\.` ends them. The last
 * line holds SHA-256 over every byte before it. The whole is compressed by gzip.
 */
export const BackupHeader = z.strictObject({
  format: z.literal('benefits-ledger backup'),
  version: z.literal(1),
  /** The newest event inside; -1 for an empty log. */
  ordinal: z.int().min(-1),
  takenAt: z.string(),
  migrations: z.array(z.strictObject({ number: z.int(), sha256: z.string() })),
})
export type BackupHeader = z.infer<typeof BackupHeader>

export const BackupTable = z.strictObject({
  table: z.string().regex(/^(ledger|vault)\.[a-z_]+$/),
  columns: z.array(z.string().regex(/^[a-z_]+$/)).min(1),
})
export type BackupTable = z.infer<typeof BackupTable>

const Trailer = z.strictObject({ end: z.literal(true), sha256: z.string() })

export const endOfRows = '\\.'

/** Writes a backup file: on disk and complete under its name, or not there at all. */
export async function writeBackupFile(
  path: string,
  contents: AsyncIterable<Buffer | string>,
): Promise<string> {
  const draft = `${path}.part`
  const hash = createHash('sha256')
  let sha256 = ''
  async function* hashed() {
    for await (const part of contents) {
      hash.update(part)
      yield part
    }
    sha256 = hash.digest('hex')
    yield `${JSON.stringify({ end: true, sha256 })}\n`
  }
  try {
    await pipeline(hashed, createGzip({ level: 1 }), createWriteStream(draft, { mode: 0o600 }))
    const file = await open(draft, 'r')
    await file.sync().finally(() => file.close())
    await rename(draft, path)
    return sha256
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * The lines of a backup file without its trailer; the last one comes only when the checksum is
 * right. Refuses `backup-broken`.
 */
export async function* readBackupLines(path: string): AsyncGenerator<string> {
  const hash = createHash('sha256')
  let held: string | undefined
  try {
    for await (const line of linesOf(path)) {
      if (held !== undefined) {
        hash.update(`${held}\n`)
        yield held
      }
      held = line
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new BackupRefused('backup-broken', { file: path, reason: 'cut off or changed' })
    throw error
  }
  assertChecksum(path, { held, hash })
}

function assertChecksum(
  path: string,
  { held, hash }: { readonly held: string | undefined; readonly hash: Hash },
): void {
  const trailer = Trailer.safeParse(jsonOf(held ?? '')).data
  if (!trailer) throw new BackupRefused('backup-broken', { file: path, reason: 'cut off' })
  if (trailer.sha256 !== hash.digest('hex'))
    throw new BackupRefused('backup-broken', { file: path, reason: 'checksum' })
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  const source = createReadStream(path)
  const text = source.pipe(createGunzip())
  source.on('error', (error) => text.destroy(error))
  text.setEncoding('utf8')
  for await (const chunk of text) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') throw new BackupRefused('backup-broken', { file: path, reason: 'cut off' })
}

/** JSON as it is, or undefined: a border checks what it holds. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
