import { randomUUID } from 'node:crypto'
import type { PoolClient } from '../database/copy-rows.js'
import type { Instant } from '../domain/values/calendar.js'
import { beforeFirst, type Ordinal } from '../domain/values/identifiers.js'
import type { Projection } from './projection.js'
import { createIndexes, createKey, createTable } from './tables.js'

export const liveSchema = 'read_model'

/** How far a read model is; one row a schema, changed in the transaction of the rows themselves. */
export interface Checkpoint {
  /** Other for every build of the tables. */
  readonly generation: string
  readonly ordinal: Ordinal
  /** The latest `recorded` up to that ordinal; null before the first event. */
  readonly recorded: Instant | null
  readonly epoch: number
  /** Versions of the projections that the tables were made by. */
  readonly versions: Readonly<Record<string, number>>
  readonly halted: Halt | null
}

/** Where and why a projector stopped. The message holds codes and names of ours, no data. */
export interface Halt {
  readonly ordinal: Ordinal
  readonly type: string
  readonly message: string
}

/** The right to write a read model: void as soon as another owner claimed it. */
export interface Lease {
  readonly epoch: number
  readonly ordinal: Ordinal
}

/** Somebody else wrote the read model, or it was replaced by a rebuilt one. */
export class LeaseLost extends Error {
  constructor() {
    super('another owner writes this read model')
    this.name = 'LeaseLost'
  }
}

const createCheckpoint = `
  CREATE TABLE checkpoint (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    generation text NOT NULL,
    ordinal bigint NOT NULL,
    recorded text,
    owner text NOT NULL,
    epoch bigint NOT NULL,
    versions jsonb NOT NULL,
    halted jsonb
  )`

const insertCheckpoint = `
  INSERT INTO checkpoint (generation, ordinal, owner, epoch, versions)
  VALUES ($1, $2, '', 0, $3)`

export function selectCheckpoint(schema: string): string {
  return `SELECT generation, ordinal, recorded, epoch, versions, halted FROM ${schema}.checkpoint`
}

const claimCheckpoint = `
  UPDATE checkpoint SET owner = $1, epoch = epoch + 1
  RETURNING generation, ordinal, recorded, epoch, versions, halted`

const advanceCheckpoint = `
  UPDATE checkpoint
  SET ordinal = $3, recorded = GREATEST(recorded, $4), halted = NULL
  WHERE epoch = $1 AND ordinal = $2`

const haltCheckpoint = 'UPDATE checkpoint SET halted = $2 WHERE epoch = $1'

/**
 * Makes the empty tables of a read model. With `indexes` it is ready for readers; without, those
 * that `createAllIndexes` makes are left for later.
 */
export async function createReadModel(
  client: PoolClient,
  projections: readonly Projection[],
  options: { readonly schema: string; readonly indexes: boolean },
): Promise<void> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${options.schema}`)
  await client.query(`SET LOCAL search_path TO ${options.schema}`)
  await client.query(createCheckpoint)
  await client.query(insertCheckpoint, [
    randomUUID(),
    beforeFirst,
    JSON.stringify(versionsOf(projections)),
  ])
  const tables = projections.flatMap((projection) => projection.tables)
  for (const table of tables) {
    await client.query(createTable(table))
    if (!table.keyedLast) await client.query(createKey(table))
  }
  for (const { definitions = [] } of projections)
    for (const definition of definitions) await client.query(definition)
  if (options.indexes) await createAllIndexes(client, projections)
}

export async function createAllIndexes(
  client: PoolClient,
  projections: readonly Projection[],
): Promise<void> {
  for (const table of projections.flatMap((projection) => projection.tables))
    for (const statement of [createKey(table), ...createIndexes(table)])
      await client.query(statement)
}

export function versionsOf(projections: readonly Projection[]): Readonly<Record<string, number>> {
  return Object.fromEntries(projections.map(({ name, version }) => [name, version]))
}

/** Whether the tables were made by exactly these projections. */
export function isMadeBy(checkpoint: Checkpoint, projections: readonly Projection[]): boolean {
  const wanted = Object.entries(versionsOf(projections))
  return (
    wanted.length === Object.keys(checkpoint.versions).length &&
    wanted.every(([name, version]) => checkpoint.versions[name] === version)
  )
}

/** Takes over the read model of the current search path: every earlier lease on it is void. */
export async function claimReadModel(client: PoolClient, owner: string): Promise<Checkpoint> {
  const { rows } = await client.query<Checkpoint>(claimCheckpoint, [owner])
  const [checkpoint] = rows
  if (!checkpoint) throw new Error('a read model without its checkpoint')
  return checkpoint
}

/** Moves the checkpoint in the transaction of the rows, or throws `LeaseLost`. */
export async function advance(
  client: PoolClient,
  lease: Lease,
  to: { readonly ordinal: Ordinal; readonly recorded: Instant },
): Promise<void> {
  const { rowCount } = await client.query(advanceCheckpoint, [
    lease.epoch,
    lease.ordinal,
    to.ordinal,
    to.recorded,
  ])
  if (rowCount !== 1) throw new LeaseLost()
}

export async function recordHalt(client: PoolClient, lease: Lease, halt: Halt): Promise<void> {
  await client.query(haltCheckpoint, [lease.epoch, JSON.stringify(halt)])
}
