import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { type Decider, fold } from '../domain/decider.js'
import { DomainError } from '../domain/errors.js'
import type { LedgerEventUnion, StreamKind } from '../domain/events.js'
import { beforeFirst, type Ordinal } from '../domain/values/identifiers.js'
import { codec, type EventOfKind } from '../event-store/codec.js'
import { eventIdOf } from '../event-store/event-id.js'
import type { Append, AppendOutcome, EventStore, StoredEvent } from '../event-store/event-store.js'
import { canonicalJson } from '../integrity/canonical-json.js'
import type { KeyedHashes } from '../sealing/keyed-hashes.js'
import { appendKeyOf, type Caller } from './caller.js'
import type { Clock } from './clock.js'
import type { Stream } from './streams.js'

export interface CommandHandlerParts {
  readonly store: EventStore
  readonly clock: Clock
  readonly hashes: Pick<KeyedHashes, 'request'>
  /** How long to wait after the n-th conflict; tests give their own. */
  readonly pause?: (attempt: number) => Promise<void>
}

export interface Handling<Kind extends StreamKind, State, Command> {
  readonly stream: Stream<Kind>
  readonly decider: Decider<State, Command, EventOfKind<Kind>>
  readonly command: Command
  readonly caller: Caller
  /** What this is within the request, when the request appends to more than one stream. */
  readonly step?: string
  /** What the caller asked, when the command also holds what the server filled in. */
  readonly request?: unknown
  /** The version the caller saw: a stream that went on since is refused, not tried again. */
  readonly expectedVersion?: number
}

/** What became of a command. A replay is answered as it was the first time. */
export interface Handled<Event = LedgerEventUnion> {
  /** False when all was already so. */
  readonly changed: boolean
  /** Of the stream after it; -1 where there is no stream. */
  readonly version: number
  /** Of the last event of its append, or of the stream where nothing changed. */
  readonly ordinal: Ordinal
  readonly events: readonly Event[]
}

export interface CommandHandler {
  /**
   * Reads the stream, decides, and appends at the version that was read.
   *
   * @throws DomainError of the decider; `stream-version-stale`, `idempotency-key-reused`,
   *   `recorded-clock-refused`, `log-busy` after too many conflicts
   */
  handle<Kind extends StreamKind, State, Command>(
    handling: Handling<Kind, State, Command>,
  ): Promise<Handled<EventOfKind<Kind>>>
  /** The stream's state, and its version (-1 where there is none). */
  load<Kind extends StreamKind, State>(
    stream: Stream<Kind>,
    decider: Pick<Decider<State, never, EventOfKind<Kind>>, 'initial' | 'evolve'>,
  ): Promise<{ readonly state: State; readonly version: number }>
}

/** Conflicts that one command may meet; each means that another command got through. */
const conflictsAtMost = 60

export function createCommandHandler(parts: CommandHandlerParts): CommandHandler {
  const { store, pause = pauseWithJitter } = parts
  return {
    async handle(handling) {
      for (let attempt = 1; attempt <= conflictsAtMost; attempt += 1) {
        const handled = await tryOnce(parts, handling)
        if (handled) return handled
        if (handling.expectedVersion !== undefined) throw stale(handling.stream)
        await pause(attempt)
      }
      throw new DomainError('log-busy', { stream: handling.stream.name })
    },
    async load(stream, decider) {
      const stored = await store.readStream(stream.name)
      return { state: fold(decider, decoded(stream, stored)), version: stored.length - 1 }
    },
  }
}

/** Full jitter: among many who meet on one stream, some wait hardly at all. */
function pauseWithJitter(attempt: number): Promise<void> {
  return wait(Math.random() * Math.min(200, 2 ** attempt))
}

/** One reading and one append; undefined on a conflict. */
async function tryOnce<Kind extends StreamKind, State, Command>(
  { store, clock, hashes }: CommandHandlerParts,
  handling: Handling<Kind, State, Command>,
): Promise<Handled<EventOfKind<Kind>> | undefined> {
  const { caller, command, decider, stream, step = '', request = command } = handling
  const stored = await store.readStream(stream.name)
  const written = {
    stream: stream.name,
    key: appendKeyOf(caller, step),
    requestHash: hashes.request(canonicalJson({ stream: stream.name, request })),
    actor: caller.actor.sub,
    correlation: caller.correlation,
  }
  const earlier = appendedBefore(stored, written.key)
  const [first] = earlier
  if (first) return answer(stream, earlier, await appendAgain(store, first, { earlier, written }))

  const version = stored.length - 1
  if ((handling.expectedVersion ?? version) !== version) throw stale(stream, version)
  const events = decider.decide(command, fold(decider, decoded(stream, stored)))
  if (events.length === 0) return unchanged(stored)

  const outcome = await appendOne(store, {
    ...written,
    expected: version < 0 ? 'none' : version,
    events: events.map((event) => codec.encode(stream.kind, event)),
    recorded: clock.now(),
  })
  return settled(outcome, { stream, events })
}

function unchanged(stored: readonly StoredEvent[]): Handled<never> {
  const ordinal = stored.at(-1)?.ordinal ?? beforeFirst
  return { changed: false, version: stored.length - 1, ordinal, events: [] }
}

function settled<Kind extends StreamKind>(
  outcome: AppendOutcome,
  of: { readonly stream: Stream<Kind>; readonly events: readonly EventOfKind<Kind>[] },
): Handled<EventOfKind<Kind>> | undefined {
  if (outcome.kind === 'conflict') return undefined
  const { version, ordinal } = accepted(outcome, of.stream)
  return { changed: true, version, ordinal, events: of.events }
}

/** The events that this key stored, where it did: their ids derive from it. */
function appendedBefore(stored: readonly StoredEvent[], key: string): readonly StoredEvent[] {
  const firstId = eventIdOf(key, 0)
  const start = stored.findIndex(({ eventId }) => eventId === firstId)
  if (start < 0) return []
  const after = stored.slice(start)
  const end = after.findIndex(({ eventId }, index) => eventId !== eventIdOf(key, index))
  return end < 0 ? after : after.slice(0, end)
}

/** The log compares the request with the first one and answers as it did then. */
function appendAgain(
  store: EventStore,
  first: StoredEvent,
  of: {
    readonly earlier: readonly StoredEvent[]
    readonly written: Pick<Append, 'stream' | 'key' | 'requestHash' | 'actor'>
  },
): Promise<AppendOutcome> {
  return appendOne(store, {
    ...of.written,
    expected: first.version === 0 ? 'none' : first.version - 1,
    events: of.earlier.map(({ type, schemaVersion, effective, data }) => ({
      type,
      schemaVersion,
      effective,
      data,
    })),
    recorded: first.recorded,
    correlation: first.correlation,
  })
}

function answer<Kind extends StreamKind>(
  stream: Stream<Kind>,
  earlier: readonly StoredEvent[],
  outcome: AppendOutcome,
): Handled<EventOfKind<Kind>> {
  const { version, ordinal } = accepted(outcome, stream)
  return { changed: true, version, ordinal, events: decoded(stream, earlier) }
}

function decoded<Kind extends StreamKind>(
  { kind }: Stream<Kind>,
  stored: readonly StoredEvent[],
): readonly EventOfKind<Kind>[] {
  return stored.map((event) => codec.eventOf(kind, event))
}

function accepted(
  outcome: AppendOutcome,
  stream: Stream<StreamKind>,
): { readonly version: number; readonly ordinal: Ordinal } {
  const where = { stream: stream.name }
  switch (outcome.kind) {
    case 'appended':
    case 'replayed':
      return outcome
    case 'key-reused':
      throw new DomainError('idempotency-key-reused')
    case 'clock-refused':
      throw new DomainError('recorded-clock-refused', { storeClock: outcome.storeClock })
    case 'conflict':
      throw new DomainError('stream-version-stale', where)
  }
}

async function appendOne(store: EventStore, append: Append): Promise<AppendOutcome> {
  const [outcome] = await store.append([append])
  assert(outcome, 'the log answers every append')
  return outcome
}

function stale(stream: Stream<StreamKind>, version?: number): DomainError {
  const actual = version === undefined ? {} : { actual: version }
  return new DomainError('stream-version-stale', { stream: stream.name, ...actual })
}
