import type { Pool, PoolClient } from '../database/copy-rows.js'
import { DomainError } from '../domain/errors.js'
import type { Policy } from '../domain/policy/policy.js'
import type { Instant } from '../domain/values/calendar.js'
import type { Ordinal } from '../domain/values/identifiers.js'
import { liveSchema } from './checkpoint.js'
import { PolicyFacts } from './policy-facts.js'

/** Which events an answer takes in: the newest one's ordinal, and the latest recorded instant. */
export interface AsOf {
  readonly ordinal: Ordinal
  /** Null on a ledger without events. */
  readonly instant: Instant | null
}

/** One consistent view of all tables; statements name tables without a schema. */
export interface ReadSession {
  readonly asOf: AsOf
  /** Other after every rebuild. */
  readonly generation: string
  /** All policy as known at an ordinal, the newest when none is given. */
  policyAt(known?: number): Promise<Policy>
  rows<Row extends object>(statement: string, values?: readonly unknown[]): Promise<readonly Row[]>
}

/** Answers questions about the ledger from its read models. */
export interface ReadModel {
  /**
   * Runs `work` on one view of the tables, all of the same ordinal, also while they are replaced by
   * rebuilt ones. `work` only reads, and may be run again.
   */
  read<Answer>(work: (session: ReadSession) => Promise<Answer>): Promise<Answer>
}

const attempts = 5

/** A read model over the tables of `schema`, the live ones unless told otherwise. */
export function openReadModel(pool: Pool, schema = liveSchema): ReadModel {
  const policies = new PolicyFacts()
  return {
    async read(work) {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const answer = await readOnce({ pool, schema, policies }, work)
        if (answer.settled) return answer.value
      }
      throw new DomainError('read-model-changing')
    },
  }
}

type Attempt<Answer> =
  | { readonly settled: true; readonly value: Answer }
  | { readonly settled: false }

interface CheckpointRow {
  readonly generation: string
  readonly ordinal: Ordinal
  readonly recorded: Instant | null
}

interface Source {
  readonly pool: Pool
  readonly schema: string
  readonly policies: PolicyFacts
}

async function readOnce<Answer>(
  from: Source,
  work: (session: ReadSession) => Promise<Answer>,
): Promise<Attempt<Answer>> {
  const client = await from.pool.connect()
  let broken = true
  try {
    const before = await begin(client, from.schema)
    if (!before) throw new DomainError('read-model-changing')
    const { ordinal, recorded, generation } = before
    const session: ReadSession = {
      asOf: { ordinal, instant: recorded },
      generation,
      policyAt: (known = ordinal) => from.policies.at(session, known),
      rows: async <Row extends object>(statement: string, values: readonly unknown[] = []) =>
        (await client.query<Row>(statement, [...values])).rows,
    }
    const value = await work(session)
    // Tables that were swapped underneath are read with a view from before they were filled.
    const after = await generationAtEnd(client)
    broken = false
    return generation === after ? { settled: true, value } : { settled: false }
  } catch (error) {
    broken = !(await rolledBack(client))
    throw error
  } finally {
    client.release(broken)
  }
}

async function begin(client: PoolClient, schema: string): Promise<CheckpointRow | undefined> {
  const statements = `
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL search_path TO ${schema};
    SELECT generation, ordinal, recorded FROM checkpoint`
  return lastRow<CheckpointRow>(client, statements, 'SELECT')
}

async function generationAtEnd(client: PoolClient): Promise<string | undefined> {
  const statements = 'SELECT generation FROM checkpoint; COMMIT'
  const row = await lastRow<{ generation: string }>(client, statements, 'SELECT')
  return row?.generation
}

interface StatementResult {
  readonly command: string
  readonly rows: readonly unknown[]
}

/** The first row of the one SELECT among several statements sent in one message. */
async function lastRow<Row>(
  client: PoolClient,
  statements: string,
  command: string,
): Promise<Row | undefined> {
  const answered: unknown = await client.query(statements)
  const results = isResults<Row>(answered) ? answered : []
  return results.find((result) => result.command === command)?.rows[0]
}

function isResults<Row>(
  answered: unknown,
): answered is readonly (StatementResult & { readonly rows: readonly Row[] })[] {
  return Array.isArray(answered)
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  )
}
