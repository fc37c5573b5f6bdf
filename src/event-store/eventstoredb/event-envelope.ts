import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import type { Ordinal } from '../../domain/values/identifiers.js'
import { trusted } from '../../domain/values/trusted.js'
import type { Json, StoredEvent } from '../event-store.js'
import { leafHashesAt, type PreparedAppend } from '../prepared-append.js'
import type { WireEvent } from './append-call.js'
import type { Position } from './log-index.js'

/**
 * What stands in the metadata of every ledger event. `append` names the request that stored it:
 * the key decides what is a repetition, and `attempt` who of several with one key got through.
 */
const Metadata = z.object({
  schemaVersion: z.int().min(1),
  effective: z.string(),
  recorded: z.string(),
  actor: z.string(),
  leafHash: z.string().length(64),
  $correlationId: z.string(),
  append: z.object({
    key: z.string(),
    requestHash: z.string(),
    attempt: z.string(),
    /** 0-based place in the append, and the number of its events. */
    index: z.int().min(0),
    events: z.int().min(1),
  }),
})
type Metadata = z.infer<typeof Metadata>

/** An event as the client reads it, with nothing believed yet. */
export interface ReadEvent {
  readonly id: string
  readonly streamId: string
  readonly revision: bigint
  readonly type: string
  readonly data: unknown
  readonly metadata?: unknown
  readonly created: Date
  readonly position?: Position
}

/** A ledger event without its ordinal, which only the counting reader knows. */
export interface UncountedEvent {
  readonly event: Omit<StoredEvent, 'ordinal'>
  readonly append: Metadata['append']
  /** The server's clock when it stored the event, milliseconds since 1970. */
  readonly createdMilliseconds: number
}

/** The name of a ledger's stream on the server, where it may have neighbours. */
export function serverStream(ledger: string, stream: string): string {
  return `${ledger}.${stream}`
}

/** The events of an append as they go over the wire: the bytes that were measured. */
export function wireEvents(
  prepared: PreparedAppend,
  of: { readonly firstVersion: number; readonly attempt: string },
): readonly WireEvent[] {
  const { append, events } = prepared
  const { actor, correlation, key, recorded, requestHash } = append
  const hashes = leafHashesAt(prepared, of.firstVersion)
  return events.map(({ canonicalData, event, eventId }, index) => {
    const { effective, schemaVersion, type } = event
    const metadata: Metadata = {
      schemaVersion,
      effective,
      recorded,
      actor,
      leafHash: hashes[index] ?? '',
      $correlationId: correlation,
      append: { key, requestHash, attempt: of.attempt, index, events: events.length },
    }
    const data = Buffer.from(canonicalData)
    return { id: eventId, type, data, metadata: Buffer.from(JSON.stringify(metadata)) }
  })
}

/**
 * The ledger event that was read, or undefined where it is the server's own or a neighbour's.
 *
 * @throws DomainError `log-broken` where a stranger wrote into a stream of the ledger
 */
export function ledgerEvent(ledger: string, read: ReadEvent): UncountedEvent | undefined {
  const prefix = serverStream(ledger, '')
  if (read.type.startsWith('$') || !read.streamId.startsWith(prefix)) return undefined
  const stream = read.streamId.slice(prefix.length)
  const metadata = Metadata.safeParse(read.metadata)
  if (!metadata.success || !isJsonObject(read.data))
    throw new DomainError('log-broken', {
      expected: 'an event of the ledger',
      found: `${read.type.slice(0, 80)} of a stranger in ${stream.slice(0, 80)}`,
    })
  const { $correlationId, actor, append, recorded, ...rest } = metadata.data
  return {
    append,
    createdMilliseconds: read.created.getTime(),
    event: {
      ...rest,
      stream,
      version: Number(read.revision),
      eventId: trusted.eventId(read.id),
      type: read.type,
      recorded: trusted.instant(recorded),
      actor: trusted.actor(actor),
      correlation: $correlationId,
      data: read.data,
    },
  }
}

export function counted({ event }: UncountedEvent, ordinal: Ordinal): StoredEvent {
  return { ordinal, ...event }
}

function isJsonObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
