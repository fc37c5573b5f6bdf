import { execFile, spawn } from 'node:child_process'
import { chown, open, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.js'
import type { ClusterFolders } from './cluster.js'
import type { ServerUser } from './server-user.js'

const run = promisify(execFile)

/** The process that `postmaster.pid` names; `undefined` when there is no such file. */
export async function recordedProcess(database: string): Promise<number | undefined> {
  const text = await readFile(pidFile(database), 'utf8').catch(() => '')
  const processId = Number(text.split('\n')[0])
  return Number.isSafeInteger(processId) && processId > 0 ? processId : undefined
}

/** Whether a living process is the server of this very cluster. */
export async function isServerOf(database: string, processId: number): Promise<boolean> {
  if (!isAlive(processId)) return false
  const folder = await readlink(`/proc/${processId}/cwd`).catch(() => undefined)
  if (folder !== undefined) return folder === (await realpath(database))
  const listed = await run('ps', ['-o', 'command=', '-p', String(processId)]).catch(() => undefined)
  return listed?.stdout.includes(database) ?? false
}

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A server killed with its machine leaves a file that may name a living stranger by now. */
export async function removeStalePidFile(database: string): Promise<void> {
  await rm(pidFile(database), { force: true })
}

/** A server process that was just spawned; `exitCode` is set once it has ended. */
export interface SpawnedServer {
  readonly processId: number | undefined
  exitCode(): number | undefined
}

export async function spawnServer(
  folders: ClusterFolders,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<SpawnedServer> {
  const log = await open(folders.serverLog, 'a', 0o600)
  if (user) await chown(folders.serverLog, user.uid, user.gid)
  let ended: number | undefined
  const child = spawn(binaries.postgres, serverArguments(folders), {
    ...user,
    cwd: folders.database,
    // A terminal's Ctrl-C goes to the whole group; the server must outlive its clients' last work.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  child.on('error', () => {
    ended = 1
  })
  child.on('exit', (code) => {
    ended = code ?? 1
  })
  child.unref()
  await log.close()
  return { processId: child.pid, exitCode: () => ended }
}

function serverArguments(folders: ClusterFolders): readonly string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folders.socket,
    unix_socket_permissions: '0700',
    max_connections: '60',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    wal_level: 'minimal',
    max_wal_senders: '0',
    log_checkpoints: 'off',
    timezone: 'UTC',
  }
  return [
    '-D',
    folders.database,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** Fast shutdown; what does not end in time is told to end at once. Nothing committed is lost. */
export async function stopServer(processId: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(processId)) return
    process.kill(processId, signal)
    if (await hasEnded(processId, 20_000)) return
  }
}

async function hasEnded(processId: number, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds
  while (isAlive(processId)) {
    if (performance.now() > end) return false
    await sleep(10)
  }
  return true
}

function pidFile(database: string): string {
  return join(database, 'postmaster.pid')
}
