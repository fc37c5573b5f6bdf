import { setImmediate as nextTurn } from 'node:timers/promises'
import { DomainError } from '../domain/errors.js'
import type { Instant } from '../domain/values/calendar.js'
import type { EventId, Ordinal } from '../domain/values/identifiers.js'
import { canonicalJson } from '../integrity/canonical-json.js'
import { leafHashAround } from '../integrity/leaf-hash.js'
import { eventIdOf } from './event-id.js'
import type { Append, LogLimits, NewEvent, StoredEvent } from './event-store.js'

/** What every adapter takes unless it is opened with other limits. */
export const defaultLogLimits: LogLimits = {
  eventBytes: 64 * 1024,
  eventsPerAppend: 1000,
  appendsPerBatch: 5000,
  appendBytes: 1024 * 1024,
  waitingAppends: 20_000,
}

/** An append that was checked and measured, with all that does not depend on the version. */
export interface PreparedAppend {
  readonly append: Append
  readonly events: readonly PreparedEvent[]
  /** UTF-8 bytes of the events' canonical data. */
  readonly bytes: number
}

export interface PreparedEvent {
  readonly event: NewEvent
  readonly eventId: EventId
  readonly canonicalData: string
}

/** How far a wrong clock may be away before a log on the real clock refuses what it recorded. */
export const clockToleranceMilliseconds = 5 * 60 * 1000

const longestName = 250
const largestSchemaVersion = 32_767
const appendsPerTurn = 250

/**
 * Checks a batch against the limits and makes ids and canonical data. Throws the DomainError of
 * the first limit that is passed or the first value that is not canonical JSON.
 */
export function prepareBatch(
  batch: readonly Append[],
  limits: LogLimits,
): readonly PreparedAppend[] {
  checkBatchSize(batch, limits)
  return batch.map((append) => prepareAppend(append, limits))
}

/** `prepareBatch` that lets other work of the process in between, for a large batch. */
export async function prepareInTurns(
  batch: readonly Append[],
  limits: LogLimits,
): Promise<readonly PreparedAppend[]> {
  checkBatchSize(batch, limits)
  const prepared: PreparedAppend[] = []
  for (let at = 0; at < batch.length; at += appendsPerTurn) {
    if (at > 0) await nextTurn()
    prepared.push(...prepareBatch(batch.slice(at, at + appendsPerTurn), limits))
  }
  return prepared
}

function checkBatchSize(batch: readonly Append[], limits: LogLimits): void {
  if (batch.length > limits.appendsPerBatch)
    throw new DomainError('too-many-appends-in-batch', {
      appends: batch.length,
      limit: limits.appendsPerBatch,
    })
}

function prepareAppend(append: Append, limits: LogLimits): PreparedAppend {
  checkShape(append, limits)
  const events = append.events.map((event, index) => prepareEvent(event, append, index))
  let bytes = 0
  for (const [index, { canonicalData }] of events.entries()) {
    const eventBytes = Buffer.byteLength(canonicalData)
    if (eventBytes > limits.eventBytes)
      throw refused('event-too-large', append, {
        index,
        bytes: eventBytes,
        limit: limits.eventBytes,
      })
    bytes += eventBytes
  }
  if (bytes > limits.appendBytes)
    throw refused('append-too-large', append, { bytes, limit: limits.appendBytes })
  return { append, events, bytes }
}

function checkShape(append: Append, limits: LogLimits): void {
  const { length } = append.events
  if (length === 0) throw refused('append-without-events', append, {})
  if (length > limits.eventsPerAppend)
    throw refused('too-many-events-in-append', append, {
      events: length,
      limit: limits.eventsPerAppend,
    })
  for (const field of ['stream', 'key', 'actor', 'correlation'] as const)
    if (append[field].length === 0 || append[field].length > longestName)
      throw refused('append-malformed', append, { field })
  if (!/^[0-9a-f]{64}$/.test(append.requestHash))
    throw refused('append-malformed', append, { field: 'requestHash' })
  canonicalJson(append.key, '/key')
}

function prepareEvent(event: NewEvent, append: Append, index: number): PreparedEvent {
  if (event.type.length === 0 || event.type.length > longestName)
    throw refused('append-malformed', append, { field: 'type', index })
  if (event.schemaVersion < 1 || event.schemaVersion > largestSchemaVersion)
    throw refused('append-malformed', append, { field: 'schemaVersion', index })
  return {
    event,
    eventId: eventIdOf(append.key, index),
    canonicalData: canonicalJson(event.data, '/data'),
  }
}

function refused(
  code: ConstructorParameters<typeof DomainError>[0],
  append: Append,
  facts: Record<string, string | number>,
): DomainError {
  return new DomainError(code, { stream: append.stream.slice(0, longestName), ...facts })
}

/** The leaf hashes of a prepared append whose first event gets `firstVersion`. */
export function leafHashesAt(prepared: PreparedAppend, firstVersion: number): readonly string[] {
  const { stream, recorded, actor, correlation } = prepared.append
  return prepared.events.map(({ event, eventId, canonicalData }, index) =>
    leafHashAround(
      {
        stream,
        version: firstVersion + index,
        eventId,
        type: event.type,
        schemaVersion: event.schemaVersion,
        effective: event.effective,
        recorded,
        actor,
        correlation,
      },
      canonicalData,
    ),
  )
}

/** A batch of events in log order directly after `after`, or the log is broken. */
export function assertDense(after: Ordinal, events: readonly StoredEvent[]): void {
  let previous: number = after
  for (const { ordinal } of events) {
    if (ordinal !== previous + 1)
      throw new DomainError('log-broken', { expected: previous + 1, found: ordinal })
    previous = ordinal
  }
}

/** Whether `recorded` is so far from the store's clock that a real ledger must refuse it. */
export function isFarFrom(storeClock: Instant, recorded: Instant): boolean {
  return Math.abs(Date.parse(storeClock) - Date.parse(recorded)) > clockToleranceMilliseconds
}
