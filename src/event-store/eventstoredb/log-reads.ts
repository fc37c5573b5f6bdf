import type { Readable } from 'node:stream'
import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  type ResolvedEvent,
  START,
} from '@eventstore/db-client'
import { DomainError } from '../../domain/errors.js'
import { ledgerEvent, serverStream, type UncountedEvent } from './event-envelope.js'
import { sortFailure } from './failures.js'
import type { ClientHolder } from './ledger-client.js'
import type { Position } from './log-index.js'
import { LateAnswer, pauseBefore, type Timing } from './timing.js'

export interface ReadParts {
  readonly client: ClientHolder
  readonly ledger: string
  readonly timing: Timing
}

/** Events a page: a page must come within one call's time. */
export const pageEvents = 1000

/** Reads of the server, from its leader: a follower may not have what was decided upon. */
export class LogReads {
  readonly #parts: ReadParts

  constructor(parts: ReadParts) {
    this.#parts = parts
  }

  /** A page of `$all` from a position on, that one included; shorter than asked at the end. */
  allPage(from: Position | undefined, count: number): Promise<readonly AllStreamResolvedEvent[]> {
    return this.#collect((client) =>
      client.readAll({ fromPosition: from ?? START, maxCount: count, requiresLeader: true }),
    )
  }

  /** All events of a stream from a version on; empty where there is no such stream. */
  async stream(stream: string, fromVersion: number): Promise<readonly UncountedEvent[]> {
    const events: UncountedEvent[] = []
    for (;;) {
      const from = fromVersion + events.length
      const page = await this.streamPage(stream, { from })
      events.push(...page)
      if (page.length < pageEvents) return events
    }
  }

  async streamPage(
    stream: string,
    { from, count = pageEvents }: { readonly from: number; readonly count?: number },
  ): Promise<readonly UncountedEvent[]> {
    const read = await this.#ofStream((client) =>
      client.readStream(serverStream(this.#parts.ledger, stream), {
        fromRevision: BigInt(from),
        maxCount: count,
        requiresLeader: true,
      }),
    )
    return read.flatMap(({ event }) => (event && ledgerEvent(this.#parts.ledger, event)) || [])
  }

  /** The last version of a stream at the leader; -1 where there is none. */
  async lastVersion(stream: string): Promise<number> {
    const read = await this.#ofStream((client) =>
      client.readStream(serverStream(this.#parts.ledger, stream), {
        direction: BACKWARDS,
        fromRevision: END,
        maxCount: 1,
        requiresLeader: true,
      }),
    )
    return Number(read[0]?.event?.revision ?? -1)
  }

  /**
   * Tries a read until it has an answer, for a bounded time.
   *
   * @throws DomainError `log-unreachable` when there was none
   */
  async persistently<Result>(read: () => Promise<Result>): Promise<Result> {
    const end = performance.now() + this.#parts.timing.settleMilliseconds
    for (let attempt = 1; ; attempt += 1)
      try {
        return await read()
      } catch (error) {
        const failure = sortFailure(error)
        if (failure.kind !== 'unknown') throw error
        if (performance.now() > end)
          throw new DomainError('log-unreachable', { failure: failure.name })
        await pauseBefore(attempt, this.#parts.timing)
      }
  }

  async #ofStream(
    open: (client: EventStoreDBClient) => Cancellable<ResolvedEvent>,
  ): Promise<readonly ResolvedEvent[]> {
    try {
      return await this.#collect(open)
    } catch (error) {
      if (sortFailure(error).kind === 'no-stream') return []
      throw error
    }
  }

  #collect<Item>(
    open: (client: EventStoreDBClient) => Cancellable<Item>,
  ): Promise<readonly Item[]> {
    const { client, timing } = this.#parts
    return client.call((current) => collected(open(current), timing.callMilliseconds))
  }
}

/** What the client's reads are, as far as they are used here. */
interface Cancellable<Item> extends Pick<Readable, 'destroy'> {
  on(event: 'data', listener: (item: Item) => void): unknown
  on(event: 'end' | 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  cancel(): Promise<void>
}

/** Everything that a read gives; LateAnswer, and the read cancelled, when it takes too long. */
function collected<Item>(read: Cancellable<Item>, milliseconds: number): Promise<readonly Item[]> {
  return new Promise((resolve, reject) => {
    const items: Item[] = []
    const timer = setTimeout(() => {
      reject(new LateAnswer())
      // Waits for a stream that may never have come to be.
      read.cancel().catch(() => undefined)
      read.destroy()
    }, milliseconds)
    let isSettled = false
    const settle = (how: () => void) => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      how()
    }
    read.on('data', (item) => items.push(item))
    read.on('end', () => settle(() => resolve(items)))
    read.on('error', (error) => settle(() => reject(error)))
    read.on('close', () => settle(() => reject(new LateAnswer())))
  })
}
