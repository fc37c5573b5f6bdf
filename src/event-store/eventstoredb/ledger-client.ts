import { setTimeout as wait } from 'node:timers/promises'
import { EventStoreDBClient } from '@eventstore/db-client'
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { DomainError } from '../../domain/errors.js'
import { AppendCall, type AppendDuplex } from './append-call.js'
import { sortFailure } from './failures.js'
import type { ServerAddress } from './server-address.js'
import { inTime, LateAnswer, type Timing } from './timing.js'

/** Failures of one kind in a row after which the client itself is taken to be at fault. */
const identicalFailures = 3

/** Before another call for appends is opened. */
const reopenMilliseconds = 5

/** gRPC's number of the state in which a channel takes no more calls. */
const shutDown = 4

class ChannelClosed extends Error {
  /** gRPC's "unavailable", so that it is sorted and tried again as such. */
  readonly code = 14
}

class LedgerClient extends EventStoreDBClient {
  /**
   * A call for appends of our own. The client's batch call shares one table of promises between
   * all streams of the process: one stream's error rejects the appends of all, an answer that then
   * comes throws outside of any promise and ends the process, and a stream that the server ended
   * in order leaves its appends pending for ever.
   */
  openAppends(): Promise<AppendDuplex> {
    const open = this.GRPCStreamCreator(StreamsClient, 'appends', (client) => {
      // A call on a channel that was closed meanwhile is not refused in order.
      if (client.getChannel().getConnectivityState(false) === shutDown) throw new ChannelClosed()
      const endless = { deadline: Number.POSITIVE_INFINITY }
      return client.batchAppend(...this.callArguments({ requiresLeader: true }, endless))
    })
    return open()
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
  #appends: Promise<AppendCall> | undefined

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
      // A client that is ended ends its calls in order, as if there were nothing more to read.
      if (client !== this.#client) throw new LateAnswer()
      this.#succeeded(client)
      return result
    } catch (error) {
      this.#failed(client, error)
      throw error
    }
  }

  /** The call on which appends are written now; another one once it was given up. */
  appends(): Promise<AppendCall> {
    if (this.#isClosed) return Promise.reject(new DomainError('log-closed'))
    this.#appends ??= this.#openAppends(this.#client)
    return this.#appends
  }

  /** Counts a failure; those of a client that was replaced since say nothing about this one. */
  #failed(client: EventStoreDBClient, error: unknown): void {
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

  #openAppends(client: LedgerClient): Promise<AppendCall> {
    const ended = (error: unknown) => {
      // The client closes the channel of a failed call a moment later, with what was opened on it.
      if (this.#appends === opening) {
        this.#appends = this.#openedAfterwards()
        this.#appends.catch(() => undefined)
      }
      this.#failed(client, error)
    }
    const opening = this.#openedInTime(client, ended)
    opening.catch(ended)
    return opening
  }

  async #openedAfterwards(): Promise<AppendCall> {
    await wait(reopenMilliseconds)
    this.#appends = undefined
    return this.appends()
  }

  async #openedInTime(client: LedgerClient, onEnd: (error: unknown) => void): Promise<AppendCall> {
    const opening = client.openAppends()
    try {
      const duplex = await inTime(opening, this.#timing.callMilliseconds)
      return new AppendCall(duplex, { onAnswer: () => this.#succeeded(client), onEnd })
    } catch (error) {
      opening.then(
        (late) => late.on('error', () => undefined).cancel(),
        () => undefined,
      )
      throw error
    }
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
    if ('endpoint' in settings) return new LedgerClient(settings, channel, credentials)
    if ('endpoints' in settings) return new LedgerClient(settings, channel, credentials)
    return new LedgerClient(settings, channel, credentials)
  }

  /** A client that can't be ended is left alone: it holds nothing that anybody waits for. */
  async #end(client: LedgerClient): Promise<void> {
    await inTime(client.end(), this.#timing.disposeMilliseconds).catch(() => undefined)
  }
}
