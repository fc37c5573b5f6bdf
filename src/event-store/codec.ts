import assert from 'node:assert/strict'
import { DomainError } from '../domain/errors.js'
import type { EventOf, EventSchema, EventSchemas } from '../domain/event-schema.js'
import { type StreamKind, streamKinds } from '../domain/events.js'
import type { Json, NewEvent, StoredEvent } from './event-store.js'

/** Kinds of stream by the word their names begin with, each with the events it may hold. */
export type Catalogue = Readonly<Record<string, EventSchemas>>

/** The domain events that a stream of this kind may hold. */
export type EventOfKind<Kind extends StreamKind> = EventOf<(typeof streamKinds)[Kind]>

/** A domain event together with its envelope: where it stands in the log, who wrote it, when. */
export type Recorded<Event> = Omit<StoredEvent, 'type' | 'data'> & Event

/** Turns the data of one version of an event into the data of the next. */
export type Upcaster = (data: NewEvent['data']) => NewEvent['data']

/** By event type, then by the version that it reads. Versions are never edited once written. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcaster>>>>

/** Domain events to and from what the log holds, for the kinds of one catalogue. */
export interface Codec<Kinds extends Catalogue = typeof streamKinds> {
  /**
   * The event as it is appended, checked against its strict schema. A wrong type for the stream is
   * refused as `event-unknown`; data that its schema refuses is a bug and throws.
   */
  encode<Kind extends keyof Kinds & string>(kind: Kind, event: EventOf<Kinds[Kind]>): NewEvent
  /**
   * The event as the domain knows it, older versions brought up to the current one. A type that
   * this kind of stream does not have, or a version nobody can read, is `event-unknown`.
   */
  decode<Kind extends keyof Kinds & string>(
    kind: Kind,
    stored: StoredEvent,
  ): Recorded<EventOf<Kinds[Kind]>>
  /** The same without its envelope, as deciders and folds take it. */
  eventOf<Kind extends keyof Kinds & string>(kind: Kind, stored: StoredEvent): EventOf<Kinds[Kind]>
}

/** Upcasters of this version of the software. None yet: every event is at its first version. */
export const upcasters: Upcasters = {}

export const codec: Codec = createCodec(streamKinds, upcasters)

/** The kind of a stream by its name, `case-4f…` is `case`; undefined for no kind of ours. */
export function kindOfStream(stream: string): StreamKind | undefined {
  const word = /^[A-Za-z]+/.exec(stream)?.[0] ?? ''
  return isStreamKind(word) ? word : undefined
}

function isStreamKind(word: string): word is StreamKind {
  return Object.hasOwn(streamKinds, word)
}

/** A codec of other kinds or upcasters than the service's own: for tests and tools. */
export function createCodec<Kinds extends Catalogue>(kinds: Kinds, older: Upcasters): Codec<Kinds> {
  return {
    encode: (kind, event) => encodeBy(schemaOf(kinds, kind, event.type), event),
    decode(kind, stored) {
      const current = currentOf(stored, schemaOf(kinds, kind, stored.type), older)
      assert(isEventOf(kinds, kind, current))
      return current
    },
    eventOf(kind, stored) {
      const current = currentOf(stored, schemaOf(kinds, kind, stored.type), older)
      const event = { type: current.type, data: current.data }
      assert(isEventOf(kinds, kind, event))
      return event
    },
  }
}

/**
 * Data of the current version was checked when it was written and its leaf hash protects it since;
 * checking it again would cost as much as parsing its JSON.
 */
function currentOf(stored: StoredEvent, schema: EventSchema, older: Upcasters): StoredEvent {
  return stored.schemaVersion === schema.version ? stored : upcast(stored, schema, older)
}

function encodeBy(
  schema: EventSchema,
  event: { readonly type: string; readonly data: unknown },
): NewEvent {
  const data = checked(schema, event)
  const effective = data[schema.effective]
  assert(typeof effective === 'string', `${event.type}: ${schema.effective} is no date or month`)
  return { type: event.type, schemaVersion: schema.version, effective, data }
}

function checked(
  schema: EventSchema,
  { type, data }: { readonly type: string; readonly data: unknown },
): NewEvent['data'] {
  const parsed = schema.data.safeParse(data)
  // Paths and codes only: the values may be personal data.
  const faults = parsed.error?.issues.map(({ code, path }) => `${path.join('.')} ${code}`) ?? []
  assert(parsed.success, `${type} does not fit its schema: ${faults.join(', ')}`)
  assert(isJsonObject(parsed.data), `${type} has no data`)
  return parsed.data
}

function upcast(stored: StoredEvent, schema: EventSchema, older: Upcasters): StoredEvent {
  const steps = Object.hasOwn(older, stored.type) ? older[stored.type] : undefined
  let data = stored.data
  for (let version = stored.schemaVersion; version !== schema.version; version += 1) {
    const step = steps?.[version]
    if (version > schema.version || !step) throw unknown(stored)
    data = step(data)
  }
  const upcasted = encodeBy(schema, { type: stored.type, data })
  return { ...stored, ...upcasted, effective: stored.effective }
}

function schemaOf(kinds: Catalogue, kind: string, type: string): EventSchema {
  const schemas = kinds[kind]
  const schema = schemas && Object.hasOwn(schemas, type) ? schemas[type] : undefined
  if (!schema) throw new DomainError('event-unknown', { kind, type })
  return schema
}

function unknown({ stream, ordinal, type, schemaVersion }: StoredEvent): DomainError {
  return new DomainError('event-unknown', { stream, ordinal, type, schemaVersion })
}

function isJsonObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEventOf<
  Kinds extends Catalogue,
  Kind extends keyof Kinds & string,
  Read extends { readonly type: string; readonly data: unknown },
>(kinds: Kinds, kind: Kind, read: Read): read is Read & EventOf<Kinds[Kind]> {
  return Object.hasOwn(kinds[kind] ?? {}, read.type)
}
