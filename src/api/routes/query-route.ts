import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { PersonId } from '../../domain/values/identifiers.js'
import type { Actor } from '../auth/actor.js'
import { actorOn, assertWithinScope } from '../auth/authenticate.js'
import { etagOf } from '../etag.js'
import { openGate } from '../personal-data.js'
import { AsOf, asOfFor, knownAtIn } from '../position.js'
import { rawParts, readInput, readOne, splitQuery } from './request-input.js'
import {
  type Duration,
  deadlineOf,
  describeRoute,
  noBody,
  type Route,
  type RouteFace,
  type RouteServices,
  refusalResponse,
  type Scope,
} from './route.js'

/** A read, declared. A search with personal data in it is a POST: addresses end up in logs. */
export interface QueryRoute<Params, Query, Body, Result> extends RouteFace {
  readonly method: 'GET' | 'POST'
  readonly params: z.ZodType<Params>
  readonly query: QuerySchema<Query>
  readonly body: z.ZodType<Body>
  readonly result: z.ZodType<Result>
  readonly scope: Scope<QueryInput<Params, Query, Body>>
  /** Given where the answer holds personal data: whose. */
  readonly personal?: (result: Result) => readonly PersonId[]
  /** `long` for work over a whole roll; ordinary when absent. */
  readonly duration?: Duration
  /** The stream's version, where the answer is about one stream. */
  readonly version?: (result: Result) => number
  readonly read: (input: QueryInput<Params, Query, Body>, asOf: AsOf) => Promise<Result>
}

/** A strict object schema; its parameters stand in the API page one by one. */
export type QuerySchema<Query> = z.ZodType<Query> & { readonly shape: z.core.$ZodShape }

export interface QueryInput<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly actor: Actor
}

/** What every read understands beside its own parameters. */
export const ReadParameters = z.strictObject({
  minPosition: z.string().max(60).optional().describe('the position of a write to wait for'),
})
export const PurposeParameter = z.strictObject({
  purpose: z.string().max(2000).optional().describe('查阅事由 why personal data is read'),
})

export const personalNotes = [
  '含个人信息：须以请求头 `Access-Purpose`（百分号编码）或参数 `purpose` 写明事由，查阅会留痕。',
  'Holds personal data: say why in the header `Access-Purpose` (percent-encoded UTF-8) or the ' +
    'parameter `purpose`; the access is logged.',
]

/** A read under `/v1`: within the actor's scope, waits for `minPosition`, says `asOf`. */
export function queryRoute<Params, Query, Body, Result>(
  declared: QueryRoute<Params, Query, Body, Result>,
): Route {
  const Reserved = declared.personal
    ? ReadParameters.extend(PurposeParameter.shape)
    : ReadParameters
  return (app, services) => {
    app.route({
      method: declared.method,
      url: declared.url,
      config: {
        access: declared.roles,
        deadline: deadlineOf(declared.duration ?? 'ordinary', services),
      },
      schema: {
        ...describeRoute(declared, declared.personal ? personalNotes : []),
        params: declared.params,
        querystring: z.strictObject({ ...declared.query.shape, ...Reserved.shape }),
        ...(declared.method === 'POST' ? { body: declared.body } : {}),
        response: {
          200: z.strictObject({ result: declared.result, asOf: AsOf }),
          '4xx': refusalResponse,
        },
      },
      handler: (request, reply) => answer({ declared, services, request, reply }),
    })
  }
}

interface Handling<Params, Query, Body, Result> {
  readonly declared: QueryRoute<Params, Query, Body, Result>
  readonly services: RouteServices
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function answer<Params, Query, Body, Result>({
  declared,
  services,
  request,
  reply,
}: Handling<Params, Query, Body, Result>): Promise<FastifyReply> {
  const raw = rawParts(request)
  const { reserved, own } = splitQuery(raw.query, ['minPosition', 'purpose'])
  const { minPosition, purpose } = readReserved(reserved)
  const input = { ...readInput({ ...raw, query: own }, declared), actor: actorOn(request) }
  const gate = declared.personal && openGate(request, { purpose, log: services.accessLog })
  assertWithinScope(input.actor, await declared.scope(input, input.actor))

  const asOf = await asOfFor(services.progress, { minPosition, ...knownAtIn(input.query) })
  const result = await declared.read(input, asOf)
  if (gate && declared.personal) await gate.letOut(declared.personal(result))
  if (declared.version) reply.header('etag', etagOf(declared.version(result)))
  return reply.code(200).send({ result, asOf })
}

function readReserved(raw: Record<string, unknown>) {
  return readOne('query', ReadParameters.extend(PurposeParameter.shape), raw)
}

/** For reads that have no body. */
export const withoutBody = { method: 'GET', body: noBody } as const
