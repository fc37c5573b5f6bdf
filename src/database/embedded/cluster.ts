import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, chmod, chown, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.js'
import { folderClosedTo, type ServerUser } from './server-user.js'

/** Where an embedded cluster keeps its things. */
export interface ClusterFolders {
  /** PostgreSQL's own data directory. */
  readonly database: string
  /** Holds the Unix socket; only the server's user can enter it. */
  readonly socket: string
  readonly serverLog: string
}

export const superuser = 'postgres'

/** The kernel's limit for a socket's path is 108 bytes with the ending zero. */
const longestSocketPath = 107
const socketName = '.s.PGSQL.5432'
const run = promisify(execFile)

/** Makes the folders, for the server's user alone where that matters. */
export async function prepareFolders(
  dataDirectory: string,
  user: ServerUser | undefined,
): Promise<ClusterFolders> {
  await makeEnterable(dataDirectory, user)
  const socket = socketFolderFor(dataDirectory)
  await makePrivate(socket, user)
  return {
    database: join(dataDirectory, 'db'),
    socket,
    serverLog: join(dataDirectory, 'postgresql.log'),
  }
}

async function makeEnterable(dataDirectory: string, user: ServerUser | undefined): Promise<void> {
  try {
    await mkdir(dataDirectory, { recursive: true, mode: 0o755 })
  } catch (error) {
    throw new Error(`DATA_DIR: the folder ${dataDirectory} cannot be made.`, { cause: error })
  }
  const closed = await folderClosedTo(user, dataDirectory)
  if (closed === undefined) return
  throw new Error(
    `DATA_DIR: PostgreSQL runs as user id ${user?.uid}, which cannot enter ${closed}. ` +
      'Set DATA_DIR to a folder that every user can enter, such as one below /var/lib.',
  )
}

function socketFolderFor(dataDirectory: string): string {
  const beside = join(dataDirectory, 'socket')
  if (fits(beside)) return beside
  const digest = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)
  const short = join(tmpdir(), `benefits-ledger-${digest}`)
  if (fits(short)) return short
  throw new Error(
    `DATA_DIR: the path ${beside} is too long for a Unix socket, and so is ${short}. ` +
      'Set DATA_DIR to a shorter path.',
  )
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, socketName)) <= longestSocketPath
}

/** A folder below a shared one may have been made by someone else: only our own will do. */
async function makePrivate(folder: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const own = process.getuid?.()
  const found = await lstat(folder)
  const owner = user?.uid ?? own ?? found.uid
  // Our own where another start made it a moment ago and has yet to hand it over.
  const isOurs = found.uid === owner || found.uid === own
  if (!found.isDirectory() || !isOurs)
    throw new Error(`DATA_DIR: ${folder} belongs to someone else; remove it and start again.`)
  if (user) await chown(folder, user.uid, user.gid)
  await chmod(folder, 0o700)
}

/**
 * Makes the cluster unless it is there. It is made aside and renamed, so that a crash in between
 * leaves nothing that looks whole, and of two first starts at once the later takes the other's.
 */
export async function ensureCluster(
  folders: ClusterFolders,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<void> {
  if (await isMade(folders)) return
  const unfinished = await mkdtemp(unfinishedFolders(folders))
  try {
    if (user) await chown(unfinished, user.uid, user.gid)
    await run(binaries.initdb, initdbArguments(unfinished), { ...user, cwd: unfinished })
    await rename(unfinished, folders.database)
  } catch (error) {
    if (await isMade(folders)) return
    throw new Error(`DATA_DIR: no PostgreSQL cluster could be made in ${unfinished}.`, {
      cause: error,
    })
  } finally {
    await removeUnfinished(folders)
  }
}

function isMade(folders: ClusterFolders): Promise<boolean> {
  return isReadable(join(folders.database, 'PG_VERSION'))
}

function unfinishedFolders(folders: ClusterFolders): string {
  return `${folders.database}.new-`
}

/** Once one is whole, those of a crash or of another first start are of no use to anybody. */
async function removeUnfinished(folders: ClusterFolders): Promise<void> {
  if (!(await isMade(folders))) return
  const prefix = unfinishedFolders(folders)
  const beside = dirname(prefix)
  for (const name of await readdir(beside)) {
    const path = join(beside, name)
    if (path.startsWith(prefix)) await rm(path, { recursive: true, force: true }).catch(() => null)
  }
}

function initdbArguments(folder: string): readonly string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${superuser}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    // Who can enter the socket's folder is who `peer` would let in.
    '--auth-local=trust',
    '--auth-host=reject',
    '--no-instructions',
  ]
}

async function isReadable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
