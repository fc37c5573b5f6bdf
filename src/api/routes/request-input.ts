import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type FieldFault, fieldFaults } from '../field-faults.js'
import { InvalidRequest } from '../problem.js'

/** The parts of a request, or the schemas of those parts. */
export interface RequestInput<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
}

export type InputSchemas<Params, Query, Body> = RequestInput<
  z.ZodType<Params>,
  z.ZodType<Query>,
  z.ZodType<Body>
>

/**
 * Reads all parts of a request at once, so that the caller learns of every fault in one answer.
 *
 * @throws InvalidRequest
 */
export function readInput<Params, Query, Body>(
  raw: RequestInput<unknown, unknown, unknown>,
  schemas: InputSchemas<Params, Query, Body>,
): RequestInput<Params, Query, Body> {
  const params = readPart('path', schemas.params, raw.params)
  const query = readPart('query', schemas.query, raw.query)
  const body = readPart('body', schemas.body, raw.body)
  if (params.read && query.read && body.read)
    return { params: params.value, query: query.value, body: body.value }
  throw new InvalidRequest([params, query, body].flatMap((part) => (part.read ? [] : part.faults)))
}

/** One part of a request. @throws InvalidRequest */
export function readOne<Value>(name: string, schema: z.ZodType<Value>, raw: unknown): Value {
  const part = readPart(name, schema, raw)
  if (!part.read) throw new InvalidRequest(part.faults)
  return part.value
}

type Part<Value> =
  | { readonly read: true; readonly value: Value }
  | { readonly read: false; readonly faults: readonly FieldFault[] }

function readPart<Value>(name: string, schema: z.ZodType<Value>, raw: unknown): Part<Value> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return { read: true, value: parsed.data }
  return { read: false, faults: fieldFaults(name, parsed.error.issues) }
}

/** The parts of a request as they came, as plain objects (the router's own have a prototype). */
export function rawParts(request: FastifyRequest) {
  return {
    params: plain(request.params),
    query: plain(request.query),
    body: request.body ?? null,
  }
}

function plain(part: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(Object(part)))
}

/** A query in two: what every read of its kind understands, and what is the route's own. */
export function splitQuery(query: Readonly<Record<string, unknown>>, reserved: readonly string[]) {
  const entries = Object.entries(query)
  return {
    reserved: Object.fromEntries(entries.filter(([name]) => reserved.includes(name))),
    own: Object.fromEntries(entries.filter(([name]) => !reserved.includes(name))),
  }
}
