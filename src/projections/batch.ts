import type { PoolClient } from '../database/copy-rows.js'
import { DomainError } from '../domain/errors.js'
import type { Instant } from '../domain/values/calendar.js'
import type { Ordinal } from '../domain/values/identifiers.js'
import type { StoredEvent } from '../event-store/event-store.js'
import { advance, type Lease } from './checkpoint.js'
import type { Fold } from './projection.js'
import { type RecordedEvent, recordedEvent } from './recorded-event.js'

/** What a batch is written to: a session at its schema, the folds, the right to write. */
export interface BatchTarget {
  readonly client: PoolClient
  readonly schema: string
  readonly folds: readonly Fold[]
}

/**
 * Folds a batch and moves the checkpoint in one transaction. Throws with nothing written; the folds
 * have then forgotten what they remembered.
 */
export async function writeBatch(
  target: BatchTarget,
  lease: Lease,
  stored: readonly StoredEvent[],
): Promise<Lease> {
  const { client, schema, folds } = target
  const end = endOf(stored)
  try {
    const events = stored.map(recordedEvent)
    await client.query(`BEGIN; SET LOCAL search_path TO ${schema}`)
    // First, so that a lost lease is noticed before any work and never beside another owner's.
    await advance(client, lease, end)
    for (const fold of folds) await fold.fold(events, client)
    await client.query('COMMIT')
    return { epoch: lease.epoch, ordinal: end.ordinal }
  } catch (error) {
    for (const fold of folds) fold.forget()
    await client.query('ROLLBACK')
    throw error
  }
}

/** Folds events in a transaction of their own, beside a rebuild's other sessions. */
export async function foldApart(
  { client, folds, schema }: BatchTarget,
  events: readonly RecordedEvent[],
): Promise<void> {
  await client.query(`BEGIN; SET LOCAL search_path TO ${schema}`)
  for (const fold of folds) await fold.fold(events, client)
  await client.query('COMMIT')
}

/** Moves the checkpoint to the end of events that were folded. */
export async function advanceTo(
  { client, schema }: Omit<BatchTarget, 'folds'>,
  lease: Lease,
  stored: readonly StoredEvent[],
): Promise<Lease> {
  const end = endOf(stored)
  await client.query(`BEGIN; SET LOCAL search_path TO ${schema}`)
  await advance(client, lease, end)
  await client.query('COMMIT')
  return { epoch: lease.epoch, ordinal: end.ordinal }
}

function endOf(stored: readonly StoredEvent[]): { ordinal: Ordinal; recorded: Instant } {
  const last = stored.at(-1)
  if (!last) throw new Error('a batch without events')
  let { recorded } = last
  for (const event of stored) if (event.recorded > recorded) recorded = event.recorded
  return { ordinal: last.ordinal, recorded }
}

/** SQLSTATE classes of a server that is away, busy or restarting: the same batch will do later. */
const passing = /^(08|40|53|55P03|57)/

/** Whether trying the same batch again can help. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  if (code === undefined) return error instanceof Error && /connection|timeout/i.test(error.message)
  return passing.test(code) || /^E[A-Z]+$/.test(code)
}

/** What may be shown of an error: its kind, its code, our own words. */
export function describeError(error: unknown): string {
  if (error instanceof DomainError) return error.code
  const code = codeOf(error)
  if (code !== undefined) return `database error ${code}`
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown error'
}

function codeOf(error: unknown): string | undefined {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error
  return hasCode && typeof error.code === 'string' ? error.code : undefined
}
