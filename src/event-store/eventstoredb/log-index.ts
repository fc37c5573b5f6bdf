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

/**
 * Ordinals beside positions, versions of streams, and keys of appends: all that EventStoreDB can't
 * be asked. It holds nothing that the log does not say, and is counted anew from it when lost.
 */
export interface LogIndex {
  /** The last event that was counted; undefined at the beginning. */
  end(): Promise<IndexEnd | undefined>
  /** Adds events directly after the end, in order. */
  add(events: readonly CountedEvent[]): Promise<void>
  /** The first append with this key. */
  appendOf(key: string): Promise<CountedAppend | undefined>
  /** The last counted version of a stream; -1 where there is none. */
  versionOf(stream: string): Promise<number>
  /** The ordinal of a stream's event; undefined where it was not counted. */
  ordinalOf(stream: string, version: number): Promise<Ordinal | undefined>
  positionOf(ordinal: Ordinal): Promise<Position | undefined>
  /** The last ordinal known at an instant, by the running maximum of `recorded`. */
  ordinalAt(at: Instant): Promise<Ordinal>
  /** Names of programme, standard and division streams that have events in the range. */
  policyStreams(range: OrdinalRange): Promise<readonly string[]>
  /** The appends whose last events are in the range, in order. */
  appendsIn(range: OrdinalRange): Promise<readonly CountedAppend[]>
}

/** Where an index is kept between starts. What is kept is a beginning of the log, without gaps. */
export interface KeptIndex {
  load(take: (events: readonly CountedEvent[]) => Promise<void>): Promise<void>
  save(events: readonly CountedEvent[]): Promise<void>
}

export function isAfter(position: Position, other: Position): boolean {
  return (
    position.commit > other.commit ||
    (position.commit === other.commit && position.prepare > other.prepare)
  )
}
