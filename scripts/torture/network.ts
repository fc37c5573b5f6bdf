import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Random } from '../demo/generator/random.js'
import { type Destination, NetworkLink, type Silence } from './network-link.js'

/** The network between one service and a server: a TCP proxy that can be broken. */
export interface Network {
  readonly port: number
  /** Answers that were taken away right after what was to be stored was on its way. */
  readonly stolenAnswers: () => number
  /** Every connection ends at once. */
  cut(): void
  /** Nothing passes, of old connections and new ones; then everything that waited does. */
  stall(milliseconds: number): Promise<void>
  /** Some connections lose one direction without a word; after a while their ends are told. */
  halfOpen(random: Random, milliseconds: number): void
  /** What is to be stored next is passed on, and its connection reset before the answer. */
  stealNextAnswer(): void
  close(): Promise<void>
}

const silences: readonly Silence[] = ['to-server', 'to-service']

export async function openNetwork(destination: Destination): Promise<Network> {
  const network = new ProxiedNetwork(destination)
  await network.listen()
  return network
}

class ProxiedNetwork implements Network {
  port = 0
  readonly #destination: Destination
  readonly #server: Server
  readonly #links = new Set<NetworkLink>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isStalled = false
  #isStealing = false
  #stolen = 0

  constructor(destination: Destination) {
    this.#destination = destination
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
    const link = new NetworkLink(service, this.#destination, {
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
