import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Random } from '../demo/generator/random.js'
import { NetworkLink, type Silence } from './network-link.js'

/** The network between one service and the database: a TCP proxy that can be broken. */
export interface DatabaseNetwork {
  readonly port: number
  /** Answers of the database that were taken away right after a COMMIT was on its way. */
  readonly stolenAnswers: () => number
  /** Every connection ends at once. */
  cut(): void
  /** Nothing passes, of old connections and new ones; then everything that waited does. */
  stall(milliseconds: number): Promise<void>
  /** Some connections lose one direction without a word; after a while their ends are told. */
  halfOpen(random: Random, milliseconds: number): void
  /** From now on the next COMMIT is passed on, and its connection reset before the answer. */
  stealNextAnswer(): void
  close(): Promise<void>
}

const silences: readonly Silence[] = ['to-database', 'to-service']

/** Opens the network to the database that listens on the socket. */
export async function openDatabaseNetwork(databaseSocket: string): Promise<DatabaseNetwork> {
  const network = new ProxiedNetwork(databaseSocket)
  await network.listen()
  return network
}

class ProxiedNetwork implements DatabaseNetwork {
  port = 0
  readonly #databaseSocket: string
  readonly #server: Server
  readonly #links = new Set<NetworkLink>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isStalled = false
  #isStealing = false
  #stolen = 0

  constructor(databaseSocket: string) {
    this.#databaseSocket = databaseSocket
    this.#server = createServer((service) => this.#join(service))
  }

  readonly stolenAnswers = () => this.#stolen

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('no free port')
    this.port = address.port
  }

  cut(): void {
    for (const link of this.#links) link.reset()
  }

  async stall(milliseconds: number): Promise<void> {
    this.#isStalled = true
    for (const link of this.#links) link.stall()
    await new Promise<void>((resolve) => this.#later(milliseconds, resolve))
    this.#isStalled = false
    for (const link of this.#links) link.flow()
  }

  halfOpen(random: Random, milliseconds: number): void {
    const chosen = [...this.#links].filter(() => random.chance(50))
    for (const link of chosen) link.silence(random.pick(silences))
    this.#later(milliseconds, () => {
      for (const link of chosen) link.reset()
    })
  }

  stealNextAnswer(): void {
    this.#isStealing = true
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#server.close()
    this.cut()
    await once(this.#server, 'close')
  }

  #join(service: Socket): void {
    const link = new NetworkLink(service, this.#databaseSocket, {
      isAnswerToSteal: () => {
        const isStealing = this.#isStealing
        this.#isStealing = false
        if (isStealing) this.#stolen += 1
        return isStealing
      },
      onEnd: () => this.#links.delete(link),
    })
    this.#links.add(link)
    if (this.#isStalled) link.stall()
  }

  #later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, milliseconds)
    this.#timers.add(timer)
  }
}
