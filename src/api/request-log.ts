import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import type { DestinationStream } from 'pino'

/** Keys under which personal data or secrets would stand, should somebody ever log them. */
const neverLogged = [
  'name',
  'identityNumber',
  'account',
  'holder',
  'address',
  'phone',
  'token',
  'authorization',
  'cookie',
  'password',
  'purpose',
  'body',
  'headers',
  'url',
  'query',
  'connectionString',
]

/**
 * The service's log: ids, counts, codes and routes. No address is logged, since a query can hold
 * a number or a name; no body, no header, and of an error of the database only its code.
 */
export function loggerOptions(
  level: string,
  stream?: DestinationStream,
): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    base: null,
    redact: { paths: neverLogged.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), remove: true },
    serializers: { err: describeError, error: describeError },
    ...(stream ? { stream } : {}),
  }
}

export interface ErrorDescription {
  readonly [key: string]: unknown
  readonly type: string
  readonly message: string
  readonly stack: string
}

/** What may be said of an error: its kind, code and place, and messages of our own only. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  // The driver's messages quote values of rows, and a schema's those of what it read.
  const isOurs = !('severity' in error) && !('issues' in error)
  return {
    type: error.name,
    message: isOurs ? error.message : '',
    stack: placesOf(error),
    code,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

function placesOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n')
  return lines.filter((line) => /^\s+at /.test(line)).join('\n')
}

/** A caller's own request id when it is a plain one, so that logs of two systems can be joined. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomUUID()
}

/** One line an answer: the route's pattern, never the address. */
export class AnswerLog extends LogController {
  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      actor: request.actor?.id,
    }
    if (error) request.log.error({ ...line, err: error }, 'did not answer to the end')
    else request.log.info(line, 'answered')
  }
}

/** The request id stands on every answer. */
export function registerRequestIds(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
}
