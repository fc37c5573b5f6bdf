import { type Decider, fold } from '../../domain/decider.js'
import type { StreamKind } from '../../domain/events.js'
import { codec, type EventOfKind } from '../../event-store/codec.js'
import type { EventStore, NewEvent, StoredEvent } from '../../event-store/event-store.js'
import type { Stream } from '../streams.js'

/** Streams that are read at once. */
const readsAtOnce = 500

/** Where a book reads from. */
export interface StreamSource {
  readonly store: Pick<EventStore, 'readStream'>
  /** Events of many streams in one go, each stream's in order; one by one where it is not given. */
  readonly readStreams?: (names: readonly string[]) => Promise<readonly StoredEvent[]>
}

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
  readonly #source: StreamSource
  readonly #decider: Decider<State, Command, EventOfKind<Kind>>
  readonly #pages = new Map<string, Page<State>>()

  constructor(
    kind: Kind,
    source: StreamSource,
    decider: Decider<State, Command, EventOfKind<Kind>>,
  ) {
    this.#kind = kind
    this.#source = source
    this.#decider = decider
  }

  /** Reads the streams that are not in the book yet. */
  async load(streams: Iterable<Stream<Kind>>): Promise<void> {
    const missing = new Set<string>()
    for (const { name } of streams) if (!this.#pages.has(name)) missing.add(name)
    const names = [...missing]
    for (let from = 0; from < names.length; from += readsAtOnce)
      await this.#read(names.slice(from, from + readsAtOnce))
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

  async #read(names: readonly string[]): Promise<void> {
    const { readStreams, store } = this.#source
    const stored = readStreams
      ? await readStreams(names)
      : (await Promise.all(names.map((name) => store.readStream(name)))).flat()
    const byStream = new Map<string, EventOfKind<Kind>[]>(names.map((name) => [name, []]))
    for (const event of stored) byStream.get(event.stream)?.push(codec.eventOf(this.#kind, event))
    for (const [name, events] of byStream)
      this.#enter(name, { version: events.length - 1, state: fold(this.#decider, events) })
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
