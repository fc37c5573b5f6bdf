import { type Decider, fold } from '../../domain/decider.js'
import type { StreamKind } from '../../domain/events.js'
import { codec, type EventOfKind } from '../../event-store/codec.js'
import type { EventStore, NewEvent } from '../../event-store/event-store.js'
import type { Stream } from '../streams.js'

/** Streams that are read at once; a pool of connections shares them out. */
const readsAtOnce = 256

/** What a plan adds to one stream, after the version it was read at (-1 for a new stream). */
export interface PlannedStream {
  readonly stream: string
  readonly version: number
  readonly events: readonly NewEvent[]
}

interface Page<State> {
  readonly version: number
  readonly planned: NewEvent[]
  state: State
}

/**
 * Streams of one kind as a plan finds and leaves them: each is read once, then decided on in
 * memory; nothing is written.
 */
export class StreamBook<Kind extends StreamKind, State, Command> {
  readonly #kind: Kind
  readonly #store: Pick<EventStore, 'readStream'>
  readonly #decider: Decider<State, Command, EventOfKind<Kind>>
  readonly #pages = new Map<string, Page<State>>()

  constructor(
    kind: Kind,
    store: Pick<EventStore, 'readStream'>,
    decider: Decider<State, Command, EventOfKind<Kind>>,
  ) {
    this.#kind = kind
    this.#store = store
    this.#decider = decider
  }

  /** Reads the streams that are not in the book yet. */
  async load(streams: Iterable<Stream<Kind>>): Promise<void> {
    const missing = new Set<string>()
    for (const { name } of streams) if (!this.#pages.has(name)) missing.add(name)
    const names = [...missing]
    for (let from = 0; from < names.length; from += readsAtOnce)
      await Promise.all(names.slice(from, from + readsAtOnce).map((name) => this.#read(name)))
  }

  /** Enters streams that are known not to exist, so that they need no reading. */
  enterNew(streams: Iterable<Stream<Kind>>): void {
    for (const { name } of streams)
      if (!this.#pages.has(name)) this.#enter(name, { version: -1, state: this.#decider.initial })
  }

  /** Whether the log had the stream when it was read. */
  existed(stream: Stream<Kind>): boolean {
    return this.#page(stream).version >= 0
  }

  /** With what this plan has decided so far. */
  stateOf(stream: Stream<Kind>): State {
    return this.#page(stream).state
  }

  /** Decides in memory. Throws the decider's DomainError; answers the events that are new. */
  decide(stream: Stream<Kind>, command: Command): readonly EventOfKind<Kind>[] {
    const page = this.#page(stream)
    const events = this.#decider.decide(command, page.state)
    for (const event of events) {
      page.state = this.#decider.evolve(page.state, event)
      page.planned.push(codec.encode(this.#kind, event))
    }
    return events
  }

  /** Streams to which something is added, in the order they came into the book. */
  planned(): readonly PlannedStream[] {
    const streams: PlannedStream[] = []
    for (const [stream, { version, planned }] of this.#pages)
      if (planned.length > 0) streams.push({ stream, version, events: planned })
    return streams
  }

  async #read(name: string): Promise<void> {
    const stored = await this.#store.readStream(name)
    const events = stored.map((event) => codec.eventOf(this.#kind, event))
    this.#enter(name, { version: stored.length - 1, state: fold(this.#decider, events) })
  }

  #enter(name: string, page: { readonly version: number; readonly state: State }): void {
    this.#pages.set(name, { ...page, planned: [] })
  }

  #page({ name }: Stream<Kind>): Page<State> {
    const page = this.#pages.get(name)
    if (!page) throw new Error(`${name} was not read before it was decided on`)
    return page
  }
}
