import { chmod, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Config } from '../config.js'
import { BackupRefused } from '../database/backup/backup-refused.js'
import { type KeptFiles, readKeysFile, writeKeysFile } from '../database/backup/keys-file.js'
import { type EventRow, restoreBackup } from '../database/backup/restore-backup.js'
import { type BackupTaken, takeBackup } from '../database/backup/take-backup.js'
import { startEmbeddedPostgres } from '../database/embedded/start.js'
import { migrate } from '../database/migrate.js'
import { type Connection, createPool } from '../database/pool.js'
import { DomainError } from '../domain/errors.js'
import { copiedColumns, eventColumns, storedEvent } from '../event-store/postgres/stored-row.js'
import { leafHash } from '../integrity/leaf-hash.js'
import { createErasureFile } from '../sealing/erasure-list.js'
import { readMasterKey } from '../sealing/master-key.js'
import { createPostgresPersonKeys } from '../sealing/postgres-person-keys.js'
import { createVault } from '../sealing/vault.js'

export interface BackupRequest {
  readonly file: string
  readonly keysFile: string
  readonly passphrase: string
  /** An instant. */
  readonly takenAt: string
  /** Replaces files of these names; without it they are refused. */
  readonly overwrite: boolean
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export interface RestoreRequest extends Omit<BackupRequest, 'takenAt' | 'overwrite'> {
  /** A newer erasure list than the one that was kept with the keys. */
  readonly erasures?: string
}

export interface LedgerRestored {
  readonly ordinal: number
  readonly rows: Readonly<Record<string, number>>
  /** Persons whose keys were destroyed again. */
  readonly erased: number
}

/** Where a ledger keeps what its database does not hold, by the name in a keys file. */
export function secretFilesOf(config: Config): Readonly<Record<string, string>> {
  return {
    'master-key': config.masterKeyFile,
    'erased-persons': join(config.dataDirectory, 'erased-persons.txt'),
    'token-key': join(config.dataDirectory, 'token-key.json'),
  }
}

/**
 * Backs up a ledger into one file, and its keys into another one under the passphrase. Whoever has
 * only one of the two has no name, number or account.
 *
 * @throws DomainError backup-files-same, backup-file-exists
 */
export async function backupLedger(
  config: Config,
  admin: Connection,
  request: BackupRequest,
): Promise<BackupTaken> {
  await assertFilesOfTheirOwn(config, request)
  await readMasterKey(config.masterKeyFile)
  const files: Record<string, string> = {}
  for (const [name, path] of Object.entries(secretFilesOf(config))) {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text !== undefined) files[name] = text
  }
  await writeKeysFile(request.keysFile, { files, passphrase: request.passphrase })
  const { file: path, takenAt } = request
  return takeBackup({ admin, path, takenAt })
}

/** Neither file may be the other, a key of the ledger, or one that is kept. */
async function assertFilesOfTheirOwn(
  config: Config,
  { file, keysFile, overwrite }: BackupRequest,
): Promise<void> {
  const taken = new Set(await Promise.all(Object.values(secretFilesOf(config)).map(placeOf)))
  for (const path of [file, keysFile]) {
    const place = await placeOf(path)
    if (taken.has(place)) throw new DomainError('backup-files-same', { file: path })
    taken.add(place)
    const isThere = (await stat(path).catch(() => undefined)) !== undefined
    if (isThere && !overwrite) throw new DomainError('backup-file-exists', { file: path })
  }
}

/** Where a path leads, also through a link; of a file that is not there yet, through its folder. */
async function placeOf(path: string): Promise<string> {
  const whole = resolve(path)
  const folder = await realpath(dirname(whole)).catch(() => dirname(whole))
  return realpath(whole).catch(() => join(folder, basename(whole)))
}

/**
 * Restores a backup into an empty DATA_DIR: every event's hash is computed anew, the erasure list
 * applied again; read models are built at the next start. Refused, it leaves the folder empty.
 *
 * @throws DomainError backup-keys-missing, backup-passphrase-wrong, backup-broken,
 *   restore-target-not-empty, master-key-unfit
 */
export async function restoreLedger(
  config: Config,
  request: RestoreRequest,
): Promise<LedgerRestored> {
  return withDomainErrors(async () => {
    const files = await readKeysFile(request.keysFile, request.passphrase)
    await assertEmpty(config.dataDirectory)
    try {
      return await restoreInto(config, request, files)
    } catch (error) {
      await emptyFolder(config.dataDirectory)
      throw error
    }
  })
}

async function restoreInto(
  config: Config,
  request: RestoreRequest,
  files: KeptFiles,
): Promise<LedgerRestored> {
  const server = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory })
  try {
    await migrate({ admin: server.adminConnection })
    await writeSecrets(config, files)
    const { onProgress } = request
    const restored = await restoreBackup({
      admin: server.adminConnection,
      path: request.file,
      faultOf: faultOfEvent,
      onProgress: ({ rows, of }) => onProgress?.({ done: rows, total: of }),
    })
    const erased = await eraseAgain(config, server.serviceConnection, request.erasures)
    return { ...restored, erased }
  } finally {
    await server.stop()
  }
}

async function writeSecrets(config: Config, files: KeptFiles): Promise<void> {
  for (const [name, path] of Object.entries(secretFilesOf(config))) {
    const text = files[name]
    if (text === undefined) continue
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, text, { mode: 0o600, flag: 'wx' })
    await chmod(path, 0o600)
  }
}

async function eraseAgain(
  config: Config,
  service: Connection,
  newer: string | undefined,
): Promise<number> {
  const pool = createPool(service, { name: 'restore', connections: 1 })
  try {
    const erasures = createErasureFile(secretFilesOf(config)['erased-persons'] ?? '')
    if (newer !== undefined) await erasures.add(await createErasureFile(newer).all())
    const masterKey = await readMasterKey(config.masterKeyFile)
    const vault = createVault({ keys: createPostgresPersonKeys(pool), erasures, masterKey })
    await vault.assertMasterKeyFits()
    return await vault.reapplyErasures()
  } finally {
    await pool.end()
  }
}

const columnNames = eventColumns.split(', ')

/** Why an event can't be as it was written: its hash over what it says is another one. */
function faultOfEvent(row: EventRow): string | undefined {
  const line = columnNames.map((column) => row[column] ?? '').join('\t')
  const event = storedEvent(copiedColumns(line))
  return leafHash(event) === event.leafHash ? undefined : 'the leaf hash of an event is another'
}

async function assertEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  if (names.length > 0) throw new BackupRefused('restore-target-not-empty', { place: folder })
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    await rm(join(folder, name), { recursive: true, force: true })
}

async function withDomainErrors<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof BackupRefused) throw new DomainError(error.code, error.facts)
    throw error
  }
}
