import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CryptoKey,
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWTVerifyGetKey,
} from 'jose'
import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'

/** The key with which a ledger without an identity provider signs its own tokens. */
export interface LocalKey {
  readonly algorithm: string
  readonly keyId: string
  readonly privateKey: CryptoKey
  readonly keys: JWTVerifyGetKey
}

const PrivateJwk = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
})
type PrivateJwk = z.infer<typeof PrivateJwk>

const algorithm = 'EdDSA'
const fileName = 'token-key.json'

/**
 * Opens the Ed25519 key in `directory`, making it at the first start. Two processes that start at
 * once end with one key. Nobody else may be able to read the file.
 *
 * @throws DomainError token-key-file-unsafe
 */
export async function openLocalKey(directory: string): Promise<LocalKey> {
  await mkdir(directory, { recursive: true })
  const file = join(directory, fileName)
  const jwk = (await readKey(file)) ?? (await makeKey(file))
  const { d: _, ...publicHalf } = jwk
  const keyId = await calculateJwkThumbprint(publicHalf)
  const privateKey = await importJWK(jwk, algorithm)
  if (privateKey instanceof Uint8Array) throw unsafe(file)
  const keys = createLocalJWKSet({ keys: [{ ...publicHalf, kid: keyId, alg: algorithm }] })
  return { algorithm, keyId, privateKey, keys }
}

async function readKey(file: string): Promise<PrivateJwk | null> {
  const handle = await open(file, 'r').catch(absentAsNull)
  if (!handle) return null
  try {
    const { mode } = await handle.stat()
    if ((mode & 0o077) !== 0) throw unsafe(file)
    const jwk = PrivateJwk.safeParse(parseJson(await handle.readFile('utf8')))
    if (!jwk.success) throw unsafe(file)
    return jwk.data
  } finally {
    await handle.close()
  }
}

/** Written whole under another name and then linked, so that nobody ever reads half a key. */
async function makeKey(file: string): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true })
  const { kty, crv, x, d } = await exportJWK(privateKey)
  const made = PrivateJwk.parse({ kty, crv, x, d })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(made), { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, file)
    return made
  } catch (error) {
    const first = await readKey(file)
    if (!first) throw error
    return first
  } finally {
    await rm(draft, { force: true })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function absentAsNull(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}

function unsafe(file: string): DomainError {
  return new DomainError('token-key-file-unsafe', { file })
}
