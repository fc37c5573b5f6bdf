import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DomainError } from '../domain/errors.js'

/** The secret that wraps every person's key and keys every hash: 32 bytes, never in a database. */
export type MasterKey = Buffer & { readonly __masterKey: unique symbol }

const masterKeyBytes = 32

/** A master key from 32 bytes, for tests and tools; a service reads its own from a file. */
export function masterKeyOf(bytes: Buffer): MasterKey {
  if (!isMasterKey(bytes)) throw new DomainError('master-key-unfit', { reason: 'not 32 bytes' })
  return bytes
}

/**
 * Reads the master key from a file of 64 hex digits. Refuses a file that is not there
 * (`master-key-missing`) or that others can read or that holds something else
 * (`master-key-unfit`).
 */
export async function readMasterKey(path: string): Promise<MasterKey> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) throw new DomainError('master-key-missing', { path })
  try {
    const { mode } = await file.stat()
    if ((mode & 0o077) !== 0)
      throw new DomainError('master-key-unfit', { path, reason: 'others can read it: chmod 600' })
    const text = (await file.readFile('utf8')).trim()
    if (!/^[0-9a-f]{64}$/.test(text))
      throw new DomainError('master-key-unfit', { path, reason: 'not 64 hex digits' })
    return masterKeyOf(Buffer.from(text, 'hex'))
  } finally {
    await file.close()
  }
}

/**
 * Makes a new master key in a file of mode 0600 that must not exist yet, on disk before it is
 * used: what is sealed with a lost key stays sealed for ever.
 */
export async function createMasterKey(path: string): Promise<MasterKey> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(masterKeyBytes).toString('hex')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return readMasterKey(path)
}

/** The key of `path`, made anew only where there is no file: for the first start of a ledger. */
export async function openMasterKey(path: string): Promise<MasterKey> {
  const exists = await stat(path).catch(() => undefined)
  return exists ? readMasterKey(path) : createMasterKey(path)
}

/** A key of 32 bytes for one purpose, so that no two uses share one (HKDF-SHA-256, RFC 5869). */
export function derivedKey(from: Buffer, purpose: string): Buffer {
  const purposeBytes = `benefits-ledger/1/${purpose}`
  return Buffer.from(hkdfSync('sha256', from, Buffer.alloc(0), purposeBytes, masterKeyBytes))
}

function isMasterKey(bytes: Buffer): bytes is MasterKey {
  return bytes.length === masterKeyBytes
}
