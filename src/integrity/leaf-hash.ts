import { hash } from 'node:crypto'
import { canonicalJson } from './canonical-json.js'

/** What an event's leaf commits to. Its ordinal stays out: the place in the tree says it. */
export interface LeafEnvelope {
  readonly stream: string
  readonly version: number
  readonly eventId: string
  readonly type: string
  readonly schemaVersion: number
  readonly effective: string
  readonly recorded: string
  readonly actor: string
  readonly correlation: string
  readonly data: unknown
}

/** The RFC 8785 text of the envelope, whatever else the object carries. */
export function canonicalEnvelope(event: LeafEnvelope): string {
  return envelopeAround(event, canonicalJson(event.data, '/data'))
}

/** SHA-256(0x00 ‖ canonical envelope) as 64 hex digits: a leaf by RFC 6962. */
export function leafHash(event: LeafEnvelope): string {
  return hashOfLeaf(canonicalEnvelope(event))
}

/** `leafHash` for one who holds the canonical text of `data` already. */
export function leafHashAround(event: Omit<LeafEnvelope, 'data'>, canonicalData: string): string {
  return hashOfLeaf(envelopeAround(event, canonicalData))
}

function hashOfLeaf(envelope: string): string {
  return hash('sha256', `\u0000${envelope}`, 'hex')
}

function envelopeAround(event: Omit<LeafEnvelope, 'data'>, canonicalData: string): string {
  const { actor, correlation, effective, eventId, recorded } = event
  const { schemaVersion, stream, type, version } = event
  const before = canonicalJson({ actor, correlation })
  const after = canonicalJson({
    effective,
    eventId,
    recorded,
    schemaVersion,
    stream,
    type,
    version,
  })
  return `${before.slice(0, -1)},"data":${canonicalData},${after.slice(1)}`
}
