import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
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
import { type AttackedLog, type Settings, settingsOf } from './attacked-log.js'

/** One service process on the ledger under attack. */
export interface AttackedService {
  readonly origin: string
  /** How often it ended by itself: a service outlives whatever breaks under it. */
  readonly ownEnds: number
  /** SIGKILL, and started again at once. */
  kill(): Promise<void>
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

const silent = { info: () => undefined, warn: () => undefined }
const county = DivisionCode.parse('990301000000')

/** Founds the ledger and starts its services; `close` ends all of it and removes the folder. */
export async function openAttackedPlace(
  serviceCount: number,
  log?: AttackedLog,
): Promise<AttackedPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-torture-'))
  await chmod(folder, 0o755)
  let server = await startEmbeddedPostgres({ dataDirectory: folder })
  const settings = settingsOf(log)
  const token = await foundLedger({ ...settings, DATA_DIR: folder })
  const services: ServiceProcess[] = []
  for (let number = 0; number < serviceCount; number += 1)
    services.push(await ServiceProcess.start(folder, server, settings))
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

class ServiceProcess implements AttackedService {
  readonly origin: string
  ownEnds = 0
  readonly #environment: NodeJS.ProcessEnv
  #child: ChildProcess
  #isEnding = false
  #isKilled = false

  private constructor(origin: string, environment: NodeJS.ProcessEnv) {
    this.origin = origin
    this.#environment = environment
    this.#child = this.#spawn()
  }

  static async start(
    folder: string,
    server: EmbeddedPostgres,
    settings: Settings,
  ): Promise<ServiceProcess> {
    const port = await freePort()
    const service = new ServiceProcess(`http://127.0.0.1:${port}`, {
      ...process.env,
      ...settings,
      DATA_DIR: folder,
      DATABASE_URL: addressOf(server),
      PORT: String(port),
      LOG_LEVEL: 'fatal',
    })
    await service.#ready()
    return service
  }

  async kill(): Promise<void> {
    this.#isKilled = true
    this.#child.kill('SIGKILL')
    await this.#ready()
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
    const child = spawn(process.execPath, [...process.execArgv, mainOfProduct, 'serve'], {
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.once('exit', async () => {
      if (!this.#isKilled && !this.#isEnding) this.ownEnds += 1
      this.#isKilled = false
      await sleep(200)
      if (!this.#isEnding) this.#child = this.#spawn()
    })
    return child
  }

  async #ready(): Promise<void> {
    const end = performance.now() + readyMilliseconds
    while (performance.now() < end) {
      await sleep(100)
      const answer = await fetch(`${this.origin}/readyz`).catch(() => null)
      if (answer?.ok) return
    }
    throw new Error(`the service at ${this.origin} did not get ready`)
  }
}

const readyMilliseconds = 90_000
/** The product's own main, compiled or not as this file is. */
const mainOfProduct = fileURLToPath(
  new URL(`../../src/cli/main${extname(fileURLToPath(import.meta.url))}`, import.meta.url),
)

function addressOf({ serviceConnection }: EmbeddedPostgres): string {
  const { database, host, user } = serviceConnection
  return `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(String(host))}`
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
