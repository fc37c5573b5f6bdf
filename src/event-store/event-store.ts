import type { Instant } from '../domain/values/calendar.js'
import type { ActorId, EventId, Ordinal } from '../domain/values/identifiers.js'

/** JSON for RFC 8785: integers within ±(2^53 − 1), no U+0000, no lone surrogate. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }

/** An event as a command handler hands it to the log. */
export interface NewEvent {
  readonly type: string
  readonly schemaVersion: number
  /** A civil date or month: when the fact is true in the world. */
  readonly effective: string
  readonly data: { readonly [key: string]: Json }
}

/** An event as the log holds it. It never changes. */
export interface StoredEvent extends NewEvent {
  readonly ordinal: Ordinal
  readonly stream: string
  /** 0-based, dense within the stream. */
  readonly version: number
  readonly eventId: EventId
  readonly recorded: Instant
  readonly actor: ActorId
  readonly correlation: string
  /** SHA-256 over 0x00 and the canonical envelope, 64 hex digits (see integrity/leaf-hash.ts). */
  readonly leafHash: string
}

/** The version a stream must be at: an exact last version, none at all, or any that exists. */
export type ExpectedVersion = number | 'none' | 'exists'

/** One command's events for one stream. They are stored together or not at all. */
export interface Append {
  readonly stream: string
  readonly expected: ExpectedVersion
  readonly events: readonly NewEvent[]
  /** Unique a command; the same key with the same request is answered as it was the first time. */
  readonly key: string
  /** Keyed hash of the request, 64 hex digits: requests hold personal data. */
  readonly requestHash: string
  readonly recorded: Instant
  readonly actor: ActorId
  readonly correlation: string
}

/** What became of one append; a bad one never fails its neighbours in the batch. */
export type AppendOutcome =
  | Appended
  | { readonly kind: 'replayed'; readonly version: number; readonly ordinal: Ordinal }
  | { readonly kind: 'conflict'; readonly actual: number | 'none' }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'clock-refused'; readonly storeClock: Instant }

export interface Appended {
  readonly kind: 'appended'
  /** The stream's version after the append. */
  readonly version: number
  /** The ordinal of the append's last event. */
  readonly ordinal: Ordinal
}

export interface Subscription {
  /** Ends when `stop` is called; rejects when the log is broken or the handler threw. */
  readonly done: Promise<void>
  stop(): Promise<void>
}

/** The largest things the log takes. Past one of them the named error is thrown, nothing stored. */
export interface LogLimits {
  readonly eventBytes: number
  readonly eventsPerAppend: number
  readonly appendsPerBatch: number
  readonly appendBytes: number
  readonly waitingAppends: number
}

export interface ReadRange {
  /** Events after this ordinal; `beforeFirst` for all. */
  readonly after: Ordinal
  readonly limit: number
}

/** Ordinals after `after` up to `upTo`, both as events of the whole log count them. */
export interface OrdinalRange {
  readonly after: Ordinal
  readonly upTo: Ordinal
}

/** What told an append from others: with it, the same append can be made in another log. */
export interface AppendMark {
  /** Of the append's last event. */
  readonly ordinal: Ordinal
  readonly key: string
  readonly requestHash: string
}

/** What some readers ask of a log beside the port: found without reading all of it. */
export interface LogQueries {
  /** The events of programme, standard and division streams in a range, in log order. */
  policyEvents(range: OrdinalRange): Promise<readonly StoredEvent[]>
  /** The events of many streams, each stream's in order. */
  readStreams(streams: readonly string[]): Promise<readonly StoredEvent[]>
  /** The appends whose last events are in the range, in log order. */
  appendsIn(range: OrdinalRange): Promise<readonly AppendMark[]>
}

/**
 * The log. Every adapter passes `test/event-store/contract.ts`. There is no append across
 * streams: what must hold across streams has one stream that decides it.
 */
export interface EventStore {
  readonly limits: LogLimits
  /** The events of a stream from `fromVersion` on, in order; empty when there is no such stream. */
  readStream(stream: string, fromVersion?: number): Promise<readonly StoredEvent[]>
  /** Events of all streams in ordinal order, dense; empty at the end. */
  readAll(range: ReadRange): Promise<readonly StoredEvent[]>
  /** Calls `handle` with batches in order, each once, live ones too, one batch at a time. */
  subscribe(after: Ordinal, handle: (events: readonly StoredEvent[]) => Promise<void>): Subscription
  /** One outcome an append, in the order given. */
  append(batch: readonly Append[]): Promise<readonly AppendOutcome[]>
  /** The ordinal of the newest event that readers can see. */
  head(): Promise<Ordinal>
  /** The last ordinal known at an instant, by the running maximum of `recorded` along the order. */
  ordinalAt(at: Instant): Promise<Ordinal>
  close(): Promise<void>
}
