import { instantText } from '../../database/pool.js'
import { trusted } from '../../domain/values/trusted.js'
import type { StoredEvent } from '../event-store.js'

/** The columns that `storedEvent` reads, in its order. */
export const eventColumns =
  'ordinal, version, event_id, type, schema_version, effective, recorded, ' +
  'leaf_hash, stream, actor, correlation, data'

/**
 * The same columns as reads select them. A bytea's own text has a backslash, which would make
 * every line of a COPY an escaped one.
 */
export const eventSelection = eventColumns.replace('leaf_hash', "encode(leaf_hash, 'hex')")

const leafHashDigits = 64

/**
 * An event from the texts of its columns. A border: what the append function stored was parsed
 * before it was stored, and parsing it again would halve the speed of a rebuild.
 */
export function storedEvent(columns: readonly string[]): StoredEvent {
  const [ordinal, version, eventId = '', type = '', schemaVersion, effective = '', recorded = ''] =
    columns
  const [leafHash = '', stream = '', actor = '', correlation = '', data = ''] = columns.slice(7)
  return {
    ordinal: trusted.ordinal(Number(ordinal)),
    stream,
    version: Number(version),
    eventId: trusted.eventId(eventId),
    type,
    schemaVersion: Number(schemaVersion),
    effective,
    recorded: trusted.instant(instantText(recorded)),
    actor: trusted.actor(actor),
    correlation,
    // Without the \x that a bytea's own text begins with.
    leafHash: leafHash.slice(-leafHashDigits),
    data: JSON.parse(data),
  }
}

/** The columns of a line of COPY's text format; no column of the log is ever null there. */
export function copiedColumns(line: string): readonly string[] {
  const columns = line.split('\t')
  return line.includes('\\') ? columns.map(unescaped) : columns
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function unescaped(column: string): string {
  return column.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter)
}
