import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { issueToken } from '../../src/api/auth/tokens.js'
import { createOperatorPorts } from '../../src/compose/operators.js'
import { openService } from '../../src/compose/service.js'
import { tokenRules } from '../../src/compose/token-rules.js'
import { readConfig } from '../../src/config.js'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/start.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ActorId } from '../../src/domain/values/identifiers.js'
import {
  type AttackedLog,
  openLogNetwork,
  type Settings,
  settingsOf,
  settingsThrough,
} from './attacked-log.js'
import { type Network, openNetwork } from './network.js'
import { databaseAt } from './network-link.js'

/** One service process on the ledger under attack. */
export interface AttackedService {
  readonly origin: string
  /** Between it and the database. */
  readonly network: Network
  /** Between it and the server of the log, where that is one node of EventStoreDB. */
  readonly logNetwork: Network | undefined
  /** How often it ended by itself once it was ready: it outlives whatever breaks under it. */
  readonly ownEnds: number
  /** SIGKILL, and started again at once. */
  kill(): Promise<void>
  /** Resolves when it can do its work. */
  ready(): Promise<void>
  processId(): number | undefined
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** From now on its clock is so far ahead of the machine's, or behind it. */
  setClockAhead(milliseconds: number): Promise<void>
}

/** A ledger of its own: one embedded PostgreSQL, several service processes, one clerk. */
export interface AttackedPlace {
  /** Where the log is when it is not in PostgreSQL. */
  readonly log: AttackedLog | undefined
  readonly services: readonly AttackedService[]
  readonly token: string
  /** The server as it runs now; another one after each `killServer`. */
  server(): EmbeddedPostgres
  /** SIGKILL to the postmaster, and started again. */
  killServer(): Promise<void>
  /** SIGKILL to the process of one session, as the kernel does when memory runs out. */
  killSession(processId: number): void
  /** Derives every read model anew by the second path; the differences, of which none may be. */
  check(): Promise<readonly string[]>
  close(): Promise<void>
}

interface Start {
  readonly folder: string
  readonly server: EmbeddedPostgres
  readonly settings: Settings
  readonly log: AttackedLog | undefined
}

const silent = { info: () => undefined, warn: () => undefined }
const county = DivisionCode.parse('990301000000')

/** Where a ledger under attack is, and what its services are told beside that. */
export interface PlaceOptions {
  /** Where the log is when it is not in PostgreSQL. */
  readonly log?: AttackedLog | undefined
  readonly settings?: Settings
  /** Holds its folder. */
  readonly parent?: string
}

/** Founds the ledger and starts its services; `close` ends all of it and removes the folder. */
export async function openAttackedPlace(
  serviceCount: number,
  { log, parent = tmpdir(), ...options }: PlaceOptions = {},
): Promise<AttackedPlace> {
  const folder = await mkdtemp(join(parent, 'ledger-torture-'))
  await chmod(folder, 0o755)
  let server = await startEmbeddedPostgres({ dataDirectory: folder })
  const settings = { ...settingsOf(log), ...options.settings }
  const token = await foundLedger({ ...settings, DATA_DIR: folder })
  const services: ServiceProcess[] = []
  for (let number = 0; number < serviceCount; number += 1)
    services.push(await ServiceProcess.start({ folder, server, settings, log }))
  return {
    log,
    services,
    token,
    server: () => server,
    async killServer() {
      process.kill(await postmasterOf(folder), 'SIGKILL')
      server = await startEmbeddedPostgres({ dataDirectory: folder })
    },
    check: () => checkLedger({ ...settings, DATA_DIR: folder, DATABASE_URL: addressOf(server) }),
    killSession: (processId) => void process.kill(processId, 'SIGKILL'),
    async close() {
      await Promise.all(services.map((service) => service.end()))
      await Promise.all(
        services.flatMap(({ logNetwork, network }) => [network.close(), logNetwork?.close()]),
      )
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function postmasterOf(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'db', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

/** Answers the token of a clerk. */
async function foundLedger(settings: Settings): Promise<string> {
  const config = readConfig(settings)
  const service = await openService(config, { log: silent, name: '受攻击的台账' })
  const { localKey } = await tokenRules(config)
  await service.close()
  if (!localKey) throw new Error('a ledger without an identity provider has a key of its own')
  const { audience, issuer } = config.tokenSource
  const order = {
    actor: ActorId.parse('torture-clerk'),
    name: '经办员',
    roles: ['clerk' as const],
    division: county,
    lifetimeSeconds: 7 * 24 * 3600,
  }
  return (await issueToken(order, { key: localKey, issuer, audience })).token
}

async function checkLedger(settings: Settings): Promise<readonly string[]> {
  const config = readConfig(settings)
  const ledger = await createOperatorPorts(config, silent).open()
  try {
    return await ledger.check(() => undefined)
  } finally {
    await ledger.close()
  }
}

type Networks = Pick<AttackedService, 'network' | 'logNetwork'>

class ServiceProcess implements AttackedService {
  readonly origin: string
  readonly network: Network
  readonly logNetwork: Network | undefined
  ownEnds = 0
  readonly #environment: NodeJS.ProcessEnv
  #child: ChildProcess
  #isEnding = false
  #isKilled = false
  /** A start that the attacks break ends with a sentence, and is tried again. */
  #isStarting = true

  private constructor(
    { port, ...networks }: Networks & { readonly port: number },
    environment: NodeJS.ProcessEnv,
  ) {
    this.origin = `http://127.0.0.1:${port}`
    this.network = networks.network
    this.logNetwork = networks.logNetwork
    this.#environment = environment
    this.#child = this.#spawn()
  }

  static async start({ folder, log, server, settings }: Start): Promise<ServiceProcess> {
    const port = await freePort()
    const network = await openNetwork(databaseAt(socketOf(server)))
    const logNetwork = await openLogNetwork(log)
    const service = new ServiceProcess(
      { port, network, logNetwork },
      {
        ...process.env,
        DATA_DIR: folder,
        DATABASE_URL: addressThrough(network, server),
        PORT: String(port),
        LOG_LEVEL: 'fatal',
        TORTURE_CLOCK: join(folder, `clock-${port}`),
        ...settings,
        ...settingsThrough(log, logNetwork),
      },
    )
    await service.ready()
    return service
  }

  async kill(): Promise<void> {
    this.#isKilled = true
    this.#isStarting = true
    this.#child.kill('SIGKILL')
    await this.ready()
  }

  processId(): number | undefined {
    return this.#child.pid
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name)
  }

  async setClockAhead(milliseconds: number): Promise<void> {
    await writeFile(String(this.#environment['TORTURE_CLOCK']), String(milliseconds))
  }

  async end(): Promise<void> {
    this.#isEnding = true
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  /** Whatever ended a service, its supervisor starts it again, as systemd would. */
  #spawn(): ChildProcess {
    const child = spawn(process.execPath, [...process.execArgv, ...serve], {
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.once('exit', async () => {
      const isOwn = !this.#isKilled && !this.#isStarting && !this.#isEnding
      if (isOwn) this.ownEnds += 1
      this.#isKilled = false
      await sleep(200)
      if (!this.#isEnding) this.#child = this.#spawn()
    })
    return child
  }

  async ready(): Promise<void> {
    const end = performance.now() + readyMilliseconds
    while (performance.now() < end) {
      await sleep(100)
      const answer = await fetch(`${this.origin}/readyz`).catch(() => null)
      this.#isStarting &&= !answer?.ok
      if (answer?.ok) return
    }
    throw new Error(`the service at ${this.origin} did not get ready`)
  }
}

const readyMilliseconds = 300_000
/** Modules beside this one, compiled or not as this file is. */
const suffix = extname(fileURLToPath(import.meta.url))
const mainOfProduct = fileURLToPath(new URL(`../../src/cli/main${suffix}`, import.meta.url))
const jumpingClock = new URL(`./jumping-clock${suffix}`, import.meta.url).href
const serve = ['--import', jumpingClock, mainOfProduct, 'serve']

function addressOf({ serviceConnection }: EmbeddedPostgres): string {
  const { database, host, user } = serviceConnection
  return `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(String(host))}`
}

/** The same database, past a network that can be broken. */
function addressThrough({ port }: Network, { serviceConnection }: EmbeddedPostgres): string {
  const { database, user } = serviceConnection
  return `postgresql://${user}@127.0.0.1:${port}/${database}`
}

function socketOf({ serviceConnection: { host, port } }: EmbeddedPostgres): string {
  return join(String(host), `.s.PGSQL.${port}`)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no free port')
  return address.port
}
