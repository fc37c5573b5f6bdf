import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventStore } from '../../src/event-store/event-store.js'
import { openEventStoreDb } from '../../src/event-store/eventstoredb/open.js'
import { parseServerAddress } from '../../src/event-store/eventstoredb/server-address.js'
import { type Network, openNetwork } from './network.js'
import { logServerAt } from './network-link.js'

/** A log that is not in PostgreSQL, whose servers can be killed. */
export interface AttackedLog {
  readonly connectionString: string
  /** SIGKILL to one of its servers, and started again; which one is told by a number below 1. */
  kill(which: number): Promise<void>
  close(): Promise<void>
}

export type Settings = Readonly<Record<string, string>>

/** A ledger of its own beside the others that a server may hold. */
const ledger = `torture-${process.pid}-${Date.now()}`

/** Settings of a service on this log. */
export function settingsOf(log: AttackedLog | undefined): Settings {
  if (!log) return {}
  return {
    EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: log.connectionString,
    EVENTSTOREDB_LEDGER: ledger,
  }
}

const defaultPort = 2113

/** The network to a log of one node; to nodes of a cluster there is none, they name each other. */
export async function openLogNetwork(log: AttackedLog | undefined): Promise<Network | undefined> {
  if (!log) return undefined
  const { channel, settings } = parseServerAddress(log.connectionString)
  if (!('endpoint' in settings) || !channel.insecure) return undefined
  const { hostname, port } = new URL(log.connectionString)
  return openNetwork(logServerAt(hostname, Number(port || defaultPort)))
}

/** Settings of a service that reaches the log through a network. */
export function settingsThrough(
  log: AttackedLog | undefined,
  network: Network | undefined,
): Settings {
  if (!log || !network) return {}
  const address = new URL(log.connectionString)
  address.host = `127.0.0.1:${network.port}`
  return { EVENTSTOREDB_URL: address.href }
}

/** The log itself, past the services. */
export function openAttackedLog({ connectionString }: AttackedLog): Promise<EventStore> {
  return openEventStoreDb({ connectionString, clock: 'real', ledger })
}

/** Servers by the commands that start them: one node, or the nodes of a cluster. */
export async function startLogServers(
  connectionString: string,
  commands: readonly string[],
): Promise<AttackedLog> {
  const servers = commands.map((command) => new LogServer(command))
  const log: AttackedLog = {
    connectionString,
    async kill(which) {
      await servers[Math.floor(which * servers.length)]?.kill()
      await answering(log)
    },
    async close() {
      await Promise.all(servers.map((server) => server.end()))
    },
  }
  await answering(log)
  return log
}

const pauseMilliseconds = 200
const startMilliseconds = 180_000

async function answering(log: AttackedLog): Promise<void> {
  const end = performance.now() + startMilliseconds
  for (;;) {
    try {
      const store = await openAttackedLog(log)
      await store.close()
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(pauseMilliseconds)
    }
  }
}

class LogServer {
  readonly #command: string
  #child: ChildProcess

  constructor(command: string) {
    this.#command = command
    this.#child = this.#start()
  }

  async kill(): Promise<void> {
    await this.end()
    this.#child = this.#start()
  }

  /** Ends the shell and all that it started: they are a group of their own. */
  async end(): Promise<void> {
    const { exitCode, pid, signalCode } = this.#child
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    const ended = once(this.#child, 'exit')
    process.kill(-pid, 'SIGKILL')
    await ended
  }

  #start(): ChildProcess {
    return spawn('sh', ['-c', this.#command], { detached: true, stdio: 'ignore' })
  }
}
