import { z } from 'zod'
import { ActorId } from '../../domain/values/identifiers.js'
import type { AnswerKey, AnswerStore, SqlClient, StoredAnswer } from '../ports.js'
import { gather } from './gather.js'
import { reached } from './reached.js'

const selectAnswers = `
SELECT actor, key, encode(request_hash, 'hex') AS request_hash, status, etag, location, response
FROM unnest($1::text[], $2::text[]) AS asked (actor, key)
JOIN vault.idempotency USING (actor, key)
WHERE expires > clock_timestamp()`

const insertAnswers = `
INSERT INTO vault.idempotency
  (actor, key, request_hash, status, etag, location, response, expires)
SELECT actor, key, decode(request_hash, 'hex'), status, etag, location, response,
  clock_timestamp() + make_interval(hours => $8)
FROM unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::text[])
  AS answered (actor, key, request_hash, status, etag, location, response)
ON CONFLICT DO NOTHING`

const deleteExpired = 'DELETE FROM vault.idempotency WHERE expires <= clock_timestamp()'

const Row = z
  .object({
    actor: ActorId,
    key: z.string(),
    request_hash: z.string(),
    status: z.int(),
    etag: z.string().nullable(),
    location: z.string().nullable(),
    response: z.string(),
  })
  .transform(({ request_hash, response, ...rest }): StoredAnswer => {
    return { ...rest, requestHash: request_hash, body: response }
  })

/** After that a retry is answered from the log alone. */
const keptHours = 7 * 24
const largestBatch = 500

/** Answers of earlier writes in PostgreSQL; calls that come together share one statement. */
export function postgresAnswers(client: SqlClient): AnswerStore {
  return {
    find: gather((keys: readonly AnswerKey[]) => findAnswers(client, keys), largestBatch),
    keep: gather((answers: readonly StoredAnswer[]) => keepAnswers(client, answers), largestBatch),
  }
}

async function findAnswers(
  client: SqlClient,
  keys: readonly AnswerKey[],
): Promise<readonly (StoredAnswer | null)[]> {
  const { rows } = await reached(
    client.query(selectAnswers, [keys.map((key) => key.actor), keys.map((key) => key.key)]),
  )
  const found = new Map(rows.map((row) => Row.parse(row)).map((row) => [nameOf(row), row]))
  return keys.map((key) => found.get(nameOf(key)) ?? null)
}

async function keepAnswers(
  client: SqlClient,
  answers: readonly StoredAnswer[],
): Promise<readonly undefined[]> {
  await reached(
    client.query(insertAnswers, [
      answers.map((answer) => answer.actor),
      answers.map((answer) => answer.key),
      answers.map((answer) => answer.requestHash),
      answers.map((answer) => answer.status),
      answers.map((answer) => answer.etag),
      answers.map((answer) => answer.location),
      answers.map((answer) => answer.body),
      keptHours,
    ]),
  )
  return answers.map(() => undefined)
}

/** Removes answers that are too old to be asked for; called now and then by the service. */
export async function removeExpiredAnswers(client: SqlClient): Promise<void> {
  await reached(client.query(deleteExpired, []))
}

/** Answers of a ledger in memory. */
export function memoryAnswers(): AnswerStore {
  const answers = new Map<string, StoredAnswer>()
  return {
    async find(key) {
      return answers.get(nameOf(key)) ?? null
    },
    async keep(answer) {
      if (!answers.has(nameOf(answer))) answers.set(nameOf(answer), answer)
    },
  }
}

function nameOf({ actor, key }: AnswerKey): string {
  return JSON.stringify([actor, key])
}
