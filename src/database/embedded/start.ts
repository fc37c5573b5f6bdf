import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Connection } from '../pool.js'
import { type Binaries, serverBinaries } from './binaries.js'
import { type ClusterFolders, ensureCluster, prepareFolders, superuser } from './cluster.js'
import {
  isServerOf,
  recordedProcess,
  removeStalePidFile,
  spawnServer,
  stopServer,
} from './postmaster.js'
import { type ServerUser, serverUser } from './server-user.js'

/** What the supervisor tells: an object and a past-tense phrase, as pino takes them. */
export interface SupervisorLog {
  info(facts: object, phrase: string): void
  warn(facts: object, phrase: string): void
}

export interface EmbeddedOptions {
  /** The setting DATA_DIR: holds the cluster, its socket and its log. */
  readonly dataDirectory: string
  readonly log?: SupervisorLog
}

export interface EmbeddedPostgres {
  /** As the superuser: for migrations. */
  readonly adminConnection: Connection
  /** As the role of the running service; there once the migrations ran. */
  readonly serviceConnection: Connection
  /** A server that ran already was taken over: one who only visits must not stop it. */
  readonly adopted: boolean
  /** Ends the server; close the pools first. */
  stop(): Promise<void>
}

const databaseName = 'ledger'
const serviceRole = 'ledger_service'
const startMilliseconds = 60_000
const pauseMilliseconds = 20
const restartPauseMilliseconds = 250

/**
 * Starts PostgreSQL from the optional package in `dataDirectory`, making the cluster the first
 * time, or adopts the server that still runs there. Throws with a sentence that names DATA_DIR.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const started = performance.now()
  const dataDirectory = resolve(options.dataDirectory)
  const user = serverUser()
  const folders = await prepareFolders(dataDirectory, user)
  const server = await adoptOrStart({ dataDirectory, folders, user })
  await ensureDatabase(folders)
  const milliseconds = Math.round(performance.now() - started)
  options.log?.info({ ...server, milliseconds }, 'started database')
  return embeddedPostgres(folders, server)
}

function embeddedPostgres(folders: ClusterFolders, server: RunningServer): EmbeddedPostgres {
  return {
    adminConnection: connectionAs(folders, superuser),
    serviceConnection: connectionAs(folders, serviceRole),
    adopted: server.adopted,
    stop: () => stopServer(server.processId),
  }
}

function connectionAs(folders: ClusterFolders, user: string): Connection {
  return { host: folders.socket, port: 5432, user, database: databaseName }
}

/** The process id of our own server if one runs; waits for one that is starting or stopping. */
async function adopt(folders: ClusterFolders): Promise<number | undefined> {
  const end = performance.now() + startMilliseconds
  for (;;) {
    const processId = await recordedProcess(folders.database)
    if (processId === undefined) return undefined
    if (!(await isServerOf(folders.database, processId))) {
      await removeStalePidFile(folders.database)
      return undefined
    }
    if (await answers(folders)) return processId
    if (performance.now() > end) throw new Error(notAnswering(folders, 'runs but does not answer'))
    await sleep(pauseMilliseconds)
  }
}

interface Place {
  readonly dataDirectory: string
  readonly folders: ClusterFolders
  readonly user: ServerUser | undefined
}

interface RunningServer {
  readonly processId: number
  readonly adopted: boolean
}

async function adoptOrStart(place: Place): Promise<RunningServer> {
  const { dataDirectory, folders, user } = place
  const running = await adopt(folders)
  if (running !== undefined) return { processId: running, adopted: true }
  const binaries = await serverBinaries(user, dataDirectory)
  await ensureCluster(folders, binaries, user)
  const end = performance.now() + startMilliseconds
  for (;;) {
    const started = await startOnce(place, binaries)
    if (started !== undefined) return { processId: started, adopted: false }
    // Another start may have been first.
    const other = await adopt(folders)
    if (other !== undefined) return { processId: other, adopted: true }
    // Backends of a killed server hold its shared memory for some seconds and block the restart.
    if (performance.now() > end || !(await isBlocked(folders)))
      throw new Error(notAnswering(folders, 'did not start'), { cause: await endOfLog(folders) })
    await sleep(restartPauseMilliseconds)
  }
}

async function startOnce(place: Place, binaries: Binaries): Promise<number | undefined> {
  const server = await spawnServer(place.folders, binaries, place.user)
  const end = performance.now() + startMilliseconds
  while (server.exitCode() === undefined && server.processId !== undefined) {
    // Who answers may be the server of another start, which ours has yet to find and give way to.
    const recorded = await recordedProcess(place.folders.database)
    if (recorded === server.processId && (await answers(place.folders))) return recorded
    if (performance.now() > end) return undefined
    await sleep(pauseMilliseconds)
  }
  return undefined
}

async function isBlocked(folders: ClusterFolders): Promise<boolean> {
  return /is still in use|lock file ".*" already exists/.test(await endOfLog(folders))
}

async function endOfLog(folders: ClusterFolders): Promise<string> {
  const text = await readFile(folders.serverLog, 'utf8').catch(() => '')
  return text.split('\n').slice(-8).join('\n')
}

function notAnswering(folders: ClusterFolders, what: string): string {
  return (
    `DATA_DIR: the PostgreSQL server of ${folders.database} ${what}; ` +
    `its own words are at the end of ${folders.serverLog}.`
  )
}

async function answers(folders: ClusterFolders): Promise<boolean> {
  return withSuperuser(folders, async (client) => {
    const { rows } = await client.query<{ folder: string }>(
      "SELECT current_setting('data_directory') AS folder",
    )
    return rows[0]?.folder === folders.database
  }).catch(() => false)
}

async function ensureDatabase(folders: ClusterFolders): Promise<void> {
  await withSuperuser(folders, async (client) => {
    const isThere = async () =>
      (await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName])).rowCount
    if (await isThere()) return
    await client.query(`CREATE DATABASE ${databaseName}`).catch(async (error) => {
      // Of two first starts at once, one makes it.
      if (!(await isThere())) throw error
    })
  })
}

async function withSuperuser<Result>(
  folders: ClusterFolders,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ ...connectionAs(folders, superuser), database: 'postgres' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
