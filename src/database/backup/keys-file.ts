import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { jsonOf } from './backup-file.js'
import { BackupRefused } from './backup-refused.js'

/** Small secret files by a name of their own: the master key, the token key, the erasure list. */
export type KeptFiles = Readonly<Record<string, string>>

/** The cost of one guess at the passphrase: 128 MiB and about half a second. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const
const Base64 = z.string().regex(/^[A-Za-z0-9_-]+$/)

const KeysFile = z.strictObject({
  format: z.literal('benefits-ledger keys'),
  version: z.literal(1),
  kdf: z.strictObject({ name: z.literal('scrypt'), N: z.int(), r: z.int(), p: z.int() }),
  cipher: z.literal('aes-256-gcm'),
  salt: Base64,
  nonce: Base64,
  sealed: Base64,
})

const Kept = z.record(z.string(), z.string())
const tagBytes = 16

/** Seals files under a passphrase into a file of mode 0600, whole or not at all. */
export async function writeKeysFile(
  path: string,
  { files, passphrase }: { readonly files: KeptFiles; readonly passphrase: string },
): Promise<void> {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, { salt, ...cost }), nonce)
  const body = [cipher.update(JSON.stringify(files), 'utf8'), cipher.final(), cipher.getAuthTag()]
  const { N, r, p } = cost
  const contents: z.infer<typeof KeysFile> = {
    format: 'benefits-ledger keys',
    version: 1,
    kdf: { name: 'scrypt', N, r, p },
    cipher: 'aes-256-gcm',
    salt: salt.toString('base64url'),
    nonce: nonce.toString('base64url'),
    sealed: Buffer.concat(body).toString('base64url'),
  }
  const draft = `${path}.part`
  try {
    await writeFile(draft, `${JSON.stringify(contents)}\n`, { mode: 0o600, flush: true })
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Refuses `backup-keys-missing`, `backup-broken` and `backup-passphrase-wrong`. */
export async function readKeysFile(path: string, passphrase: string): Promise<KeptFiles> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) throw new BackupRefused('backup-keys-missing', { file: path })
  const file = KeysFile.safeParse(jsonOf(text)).data
  if (!file || file.kdf.N > cost.N)
    throw new BackupRefused('backup-broken', { file: path, reason: 'not a keys file' })
  const salt = Buffer.from(file.salt, 'base64url')
  const key = await keyOf(passphrase, { salt, ...file.kdf, maxmem: cost.maxmem })
  const opened = open(key, file)
  if (opened === undefined) throw new BackupRefused('backup-passphrase-wrong', { file: path })
  return Kept.parse(jsonOf(opened))
}

function open(key: Buffer, file: z.infer<typeof KeysFile>): string | undefined {
  const sealed = Buffer.from(file.sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.nonce, 'base64url'))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    const body = [decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]
    return Buffer.concat(body).toString('utf8')
  } catch {
    return undefined
  }
}

function keyOf(
  passphrase: string,
  by: {
    readonly salt: Buffer
    readonly N: number
    readonly r: number
    readonly p: number
    readonly maxmem: number
  },
): Promise<Buffer> {
  const { salt, N, r, p, maxmem } = by
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFKC'), salt, 32, { N, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}
