import type { Instant } from '../../domain/values/calendar.js'
import type { Ordinal } from '../../domain/values/identifiers.js'
import type { OrdinalRange } from '../event-store.js'

/** Where an event stands in `$all`; outside of this adapter there are ordinals only. */
export interface Position {
  readonly commit: bigint
  readonly prepare: bigint
}

/** What the counting reader notes of an event. */
export interface CountedEvent {
  readonly ordinal: Ordinal
  readonly position: Position
  readonly eventId: string
  readonly stream: string
  readonly version: number
  readonly recorded: Instant
  /** Of the append whose last event this is; undefined on the others. */
  readonly append: CountedAppend | undefined
}

/** An append all of whose events were counted. */
export interface CountedAppend {
  readonly key: string
  readonly requestHash: string
  readonly attempt: string
  readonly version: number
  readonly ordinal: Ordinal
  readonly createdMilliseconds: number
}

export type IndexEnd = Pick<CountedEvent, 'ordinal' | 'position' | 'eventId'>

export interface StreamWithKey {
  readonly stream: string
  readonly key: string
}

/** What was counted of a stream and of a key when both were asked for. */
export interface StreamAndKey {
  /** -1 where there is no such stream. */
  readonly version: number
  /** Undefined: no event up to `version` is of an append with this key. */
  readonly append: CountedAppend | undefined
}

/**
 * Ordinals beside positions, versions of streams, and keys of appends: all that EventStoreDB can't
 * be asked. It holds nothing that the log does not say, and is counted anew from it when lost.
 */
export interface LogIndex extends IndexQueries {
  /** The last event that was counted; undefined at the beginning. */
  end(): IndexEnd | undefined
  /** Adds events directly after the end, in order. */
  add(events: readonly CountedEvent[]): Promise<void>
  lookUp(stream: string, key: string): Promise<StreamAndKey>
  /** Says what will be looked up soon, so that all of it is read at once. */
  foresee(asked: readonly StreamWithKey[]): Promise<void>
  /** The append with this key, if its last event comes after an ordinal. */
  appendAfter(after: Ordinal, key: string): Promise<CountedAppend | undefined>
}

/** What is asked of the whole index and of the part of it that is kept. */
export interface IndexQueries {
  /** The last counted version of each stream; -1 where there is none. */
  versionsOf(streams: readonly string[]): Promise<readonly number[]>
  /** The ordinals of a stream's events from a version on, as far as they were counted. */
  ordinalsOf(stream: string, fromVersion: number): Promise<readonly Ordinal[]>
  positionOf(ordinal: Ordinal): Promise<Position | undefined>
  /** The ids of the events in the range, in order. */
  eventIdsIn(range: OrdinalRange): Promise<readonly string[]>
  /** The last ordinal known at an instant, by the running maximum of `recorded`. */
  ordinalAt(at: Instant): Promise<Ordinal>
  /** Names of programme, standard and division streams that have events in the range. */
  policyStreams(range: OrdinalRange): Promise<readonly string[]>
  /** The appends whose last events are in the range, in order. */
  appendsIn(range: OrdinalRange): Promise<readonly CountedAppend[]>
}

export interface KeptEnd extends IndexEnd {
  /** The latest `recorded` of any event up to this one. */
  readonly recordedMaximum: Instant
}

export interface KeptQuestion extends StreamWithKey {
  /** What was kept after it is not looked at: another instance may have counted more. */
  readonly upTo: Ordinal
}

/**
 * The part of an index that outlives the process: a beginning of the log, without gaps. Another
 * instance may add to it, the same, and be ahead.
 */
export interface KeptIndex
  extends Pick<
    IndexQueries,
    'positionOf' | 'eventIdsIn' | 'ordinalAt' | 'policyStreams' | 'appendsIn'
  > {
  end(): Promise<KeptEnd | undefined>
  save(events: readonly CountedEvent[]): Promise<void>
  /** Answers in the order of the questions, all from one moment. */
  lookUp(asked: readonly KeptQuestion[]): Promise<readonly StreamAndKey[]>
  /** The ordinals up to one of a stream's events from a version on. */
  ordinalsOf(
    stream: string,
    of: { readonly fromVersion: number; readonly upTo: Ordinal },
  ): Promise<readonly Ordinal[]>
}

export function isAfter(position: Position, other: Position): boolean {
  return (
    position.commit > other.commit ||
    (position.commit === other.commit && position.prepare > other.prepare)
  )
}
