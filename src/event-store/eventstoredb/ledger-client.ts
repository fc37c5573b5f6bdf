import { EventStoreDBClient } from '@eventstore/db-client'
import { DomainError } from '../../domain/errors.js'
import { sortFailure } from './failures.js'
import type { ServerAddress } from './server-address.js'
import { inTime, type Timing } from './timing.js'

/** Failures of one kind in a row after which the client itself is taken to be at fault. */
const identicalFailures = 3

/** gRPC's number of the state in which a channel takes no more calls. */
const shutDown = 4

class ChannelClosed extends Error {
  /** gRPC's "unavailable", so that it is sorted and tried again as such. */
  readonly code = 14
}

/**
 * The client with one gRPC call an append. Its batch call shares one table of promises between all
 * streams of the process: one stream's error rejects the appends of all, an answer that then comes
 * throws outside of any promise and ends the process, and a stream that the server ended in order
 * leaves its appends pending for ever.
 */
class LedgerClient extends EventStoreDBClient {
  protected override supports = async (): Promise<boolean> => false

  /**
   * An append on a channel that was closed meanwhile throws inside of a promise's maker, which
   * nobody can catch and which ends the process. So it is looked at right before.
   */
  guarded(): this {
    const { execute } = this
    this.execute = (Client, name, action) =>
      execute(Client, name, (client) => {
        if (client.getChannel().getConnectivityState(false) === shutDown) throw new ChannelClosed()
        return action(client)
      })
    return this
  }

  /** Ends streams and connection; what is under way fails. */
  async end(): Promise<void> {
    await this.dispose()
    const channel = await this.getChannel()
    channel.close()
  }
}

/** The process's one client; it is built anew when the same failure comes again and again. */
export class ClientHolder {
  readonly #address: ServerAddress
  readonly #timing: Timing
  #client: LedgerClient
  #failures = { name: '', count: 0 }
  #rebuilds = 0
  #isClosed = false

  constructor(address: ServerAddress, timing: Timing) {
    this.#address = address
    this.#timing = timing
    this.#client = this.#build()
  }

  /** How often the client was built anew. */
  get rebuilds(): number {
    return this.#rebuilds
  }

  /** Makes a call within an own timer, and counts what becomes of it. */
  async call<Result>(make: (client: EventStoreDBClient) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw new DomainError('log-closed')
    const client = this.#client
    try {
      const result = await inTime(make(client), this.#timing.callMilliseconds)
      this.#succeeded(client)
      return result
    } catch (error) {
      this.failed(client, error)
      throw error
    }
  }

  /** For a subscription, which has no one answer. */
  get client(): EventStoreDBClient {
    return this.#client
  }

  /** Counts a failure; those of a client that was replaced since say nothing about this one. */
  failed(client: EventStoreDBClient, error: unknown): void {
    if (client !== this.#client) return
    const failure = sortFailure(error)
    if (failure.kind !== 'unknown') {
      this.#succeeded(client)
      return
    }
    const count = failure.name === this.#failures.name ? this.#failures.count + 1 : 1
    this.#failures = { name: failure.name, count }
    if (count >= identicalFailures && !this.#isClosed) this.#rebuild()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#end(this.#client)
  }

  #succeeded(client: EventStoreDBClient): void {
    if (client === this.#client) this.#failures = { name: '', count: 0 }
  }

  #rebuild(): void {
    const old = this.#client
    this.#failures = { name: '', count: 0 }
    this.#rebuilds += 1
    this.#client = this.#build()
    void this.#end(old)
  }

  #build(): LedgerClient {
    const { settings, channel, credentials } = this.#address
    if ('endpoint' in settings) return new LedgerClient(settings, channel, credentials).guarded()
    if ('endpoints' in settings) return new LedgerClient(settings, channel, credentials).guarded()
    return new LedgerClient(settings, channel, credentials).guarded()
  }

  /** A client that can't be ended is left alone: it holds nothing that anybody waits for. */
  async #end(client: LedgerClient): Promise<void> {
    await inTime(client.end(), this.#timing.disposeMilliseconds).catch(() => undefined)
  }
}
