import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { assertDatesInReach } from '../../application/dates-in-reach.js'
import { DomainError } from '../../domain/errors.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import { Ordinal } from '../../domain/values/identifiers.js'
import type { Actor } from '../auth/actor.js'
import { actorOn, assertWithinScope } from '../auth/authenticate.js'
import { etagOf, versionOfIfMatch } from '../etag.js'
import { idempotencyKeyOf, requestHashOf } from '../idempotency.js'
import type { CommandContext, CommandOutcome, StoredAnswer } from '../ports.js'
import { AsOf, positionOf } from '../position.js'
import { rawParts, readInput } from './request-input.js'
import {
  type Duration,
  deadlineOf,
  describeRoute,
  nothing,
  type Route,
  type RouteFace,
  type RouteServices,
  refusalResponse,
  type Scope,
} from './route.js'

/** A write, declared. Its result holds ids and amounts, never personal data: answers are kept. */
export interface CommandRoute<Params, Body, Result> extends RouteFace {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly params: z.ZodType<Params>
  readonly body: z.ZodType<Body>
  readonly result: z.ZodType<Result>
  readonly scope: Scope<CommandInput<Params, Body>>
  /** The address of what the command makes; with it the answer is 201, else 200. */
  readonly location?: (result: Result) => string
  readonly bodyLimitBytes?: number
  /** `long` for work over a whole roll or file; ordinary when absent. */
  readonly duration?: Duration
  readonly execute: (
    input: CommandInput<Params, Body>,
    context: CommandContext,
  ) => Promise<CommandOutcome<Result>>
}

export interface CommandInput<Params, Body> {
  readonly params: Params
  readonly body: Body
  readonly actor: Actor
}

const commandNotes = [
  '请求头 `Idempotency-Key` 必填：新业务用新键，重试沿用原键。',
  'The header `Idempotency-Key` is required: a new key a task, the same key on a retry, which is ' +
    'answered as the first was, with `Idempotency-Replayed: true`. `If-Match` with an ETag ' +
    'refuses the write when the record has changed.',
]

const Headers = z.object({
  'idempotency-key': z.string().describe('8 to 128 visible ASCII characters'),
  'if-match': z.string().optional().describe('the ETag as it was read'),
})

/** A write under `/v1`: idempotent, checked against If-Match, within the actor's scope. */
export function commandRoute<Params, Body, Result>(
  declared: CommandRoute<Params, Body, Result>,
): Route {
  return (app, services) => {
    const Answer = z.strictObject({
      result: declared.result,
      version: z.int().nullable(),
      ordinal: Ordinal,
      position: z.string(),
      asOf: AsOf,
    })
    app.route({
      method: declared.method,
      url: declared.url,
      config: {
        access: declared.roles,
        deadline: deadlineOf(declared.duration ?? 'ordinary', services),
      },
      ...(declared.bodyLimitBytes === undefined ? {} : { bodyLimit: declared.bodyLimitBytes }),
      schema: {
        ...describeRoute(declared, commandNotes),
        headers: Headers,
        params: declared.params,
        ...(declared.method === 'DELETE' ? {} : { body: declared.body }),
        response: { [declared.location ? 201 : 200]: Answer, '4xx': refusalResponse },
      },
      handler: (request, reply) => handle({ declared, services, request, reply }),
    })
  }
}

interface Handling<Params, Body, Result> {
  readonly declared: CommandRoute<Params, Body, Result>
  readonly services: RouteServices
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function handle<Params, Body, Result>(
  handling: Handling<Params, Body, Result>,
): Promise<FastifyReply> {
  const { declared, services, request, reply } = handling
  const actor = actorOn(request)
  const key = idempotencyKeyOf(request.headers['idempotency-key'])
  const expectedVersion = versionOfIfMatch(request.headers['if-match'])
  const raw = rawParts(request)
  const { params, body } = readInput(raw, {
    params: declared.params,
    query: nothing,
    body: declared.body,
  })
  const route = declared.url
  const requestHash = requestHashOf(
    { method: declared.method, route, params: raw.params, body: raw.body },
    services.requestHashKey,
  )
  const input = { params, body, actor }
  assertWithinScope(actor, await declared.scope(input, actor))

  const earlier = await services.answers.find({ actor: actor.id, key })
  if (earlier) return replay(handling, { earlier, requestHash })
  assertDatesInReach(body, shanghaiDateOf(services.progress.now()))

  const context: CommandContext = {
    actor: actor.id,
    key,
    requestHash,
    correlation: request.id,
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
  }
  const outcome = await execute(handling, input, context)
  const answer = answerOf(handling, outcome, context)
  await keepAnswer(handling, answer)
  return send(reply, answer, outcome.replayed)
}

async function execute<Params, Body, Result>(
  { declared, services }: Handling<Params, Body, Result>,
  input: CommandInput<Params, Body>,
  context: CommandContext,
): Promise<CommandOutcome<Result>> {
  try {
    const outcome = await declared.execute(input, context)
    services.metrics.countCommand(declared.url, outcome.replayed ? 'replayed' : 'done')
    return outcome
  } catch (error) {
    const refusal = withStaleEtag(error, context)
    const code = refusal instanceof DomainError ? refusal.code : 'internal-error'
    services.metrics.countCommand(declared.url, code)
    throw refusal
  }
}

/** Where the caller named a version, a stream that went on is their stale ETag. */
function withStaleEtag(error: unknown, { expectedVersion }: CommandContext): unknown {
  const isStale = error instanceof DomainError && error.code === 'stream-version-stale'
  if (!isStale || expectedVersion === undefined) return error
  return new DomainError('etag-stale', { expected: expectedVersion })
}

function answerOf<Params, Body, Result>(
  { declared, services }: Handling<Params, Body, Result>,
  outcome: CommandOutcome<Result>,
  { actor, key, requestHash }: CommandContext,
): StoredAnswer {
  const { version, ordinal, result } = outcome
  const { clock } = services.progress
  return {
    actor,
    key,
    requestHash,
    status: declared.location ? 201 : 200,
    etag: version === null ? null : etagOf(version),
    location: declared.location?.(result) ?? null,
    body: JSON.stringify({
      result: declared.result.parse(result),
      version,
      ordinal,
      position: positionOf(ordinal),
      asOf: { ordinal, instant: services.progress.now(), clock },
    }),
  }
}

/** The write stands in the log already: an answer that can't be kept is no reason to fail it. */
async function keepAnswer<Params, Body, Result>(
  { services, request }: Handling<Params, Body, Result>,
  answer: StoredAnswer,
): Promise<void> {
  try {
    await services.answers.keep(answer)
  } catch (error) {
    request.log.warn({ err: error }, 'did not keep an answer for retries')
  }
}

function replay<Params, Body, Result>(
  { services, declared, reply }: Handling<Params, Body, Result>,
  { earlier, requestHash }: { readonly earlier: StoredAnswer; readonly requestHash: string },
): FastifyReply {
  if (earlier.requestHash !== requestHash) {
    services.metrics.countCommand(declared.url, 'idempotency-key-reused')
    throw new DomainError('idempotency-key-reused')
  }
  services.metrics.countCommand(declared.url, 'replayed')
  return send(reply, earlier, true)
}

function send(reply: FastifyReply, answer: StoredAnswer, replayed: boolean): FastifyReply {
  if (answer.etag !== null) reply.header('etag', answer.etag)
  if (answer.location !== null) reply.header('location', answer.location)
  if (replayed) reply.header('idempotency-replayed', 'true')
  return reply
    .code(answer.status)
    .header('content-type', 'application/json; charset=utf-8')
    .serializer((text: string) => text)
    .send(answer.body)
}
