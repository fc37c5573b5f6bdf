import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../domain/error-codes.js'
import { DomainError } from '../domain/errors.js'
import { databaseRefusal } from './database-refusal.js'
import { problemKinds, problemMediaType, problemOf } from './problem.js'

/** Every refusal and failure leaves as problem+json; only failures are logged as errors. */
export function registerRefusals(app: FastifyInstance): void {
  app.setErrorHandler<Error>((error, request, reply) => refuse(error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    refuse(new DomainError('route-not-found', { method: request.method }), request, reply),
  )
}

/** Answers with a refusal. What is not a DomainError is a fault of ours, told without detail. */
export function refuse(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error, request)
  const { status, retryAfterSeconds } = problemKinds[refusal.code]
  if (status === 500) request.log.error({ err: error, code: refusal.code }, 'failed')
  if (retryAfterSeconds !== undefined && !reply.hasHeader('retry-after'))
    reply.header('retry-after', retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  // A reply may carry headers of the answer that did not come about.
  reply.removeHeader('etag').removeHeader('location')
  return reply
    .code(status)
    .header('content-type', problemMediaType)
    .serializer(JSON.stringify)
    .send(problemOf(refusal, request.id))
}

const codesOfFastify: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'json-malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'json-malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'json-malformed',
  FST_ERR_BAD_URL: 'url-malformed',
  FST_ERR_ASYNC_CONSTRAINT: 'url-malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'url-malformed',
}

function refusalOf(error: Error, request: FastifyRequest): DomainError {
  if (error instanceof DomainError) return error
  const code = codeOf(error)
  const known = codesOfFastify[code]
  if (known === 'body-too-large')
    return new DomainError(known, { limitBytes: request.routeOptions.bodyLimit })
  if (known !== undefined) return new DomainError(known)
  // The JSON parser's own errors carry a status and no code of fastify's.
  if (error instanceof SyntaxError && statusOf(error) === 400)
    return new DomainError('json-malformed')
  return databaseRefusal(error) ?? new DomainError('internal-error')
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function statusOf(error: Error): number {
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 0
}

/** Errors before there is a route: an address that can not be decoded. */
export function refuseBeforeRouting(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  refuse(error, request, reply)
}

/** A request that is no HTTP: there is nothing to route, the connection is answered and closed. */
export function refuseBrokenHttp(error: Error, socket: Socket): void {
  if (!socket.writable || codeOf(error) === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const body = JSON.stringify(problemOf(new DomainError('url-malformed'), 'none'))
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: ${problemMediaType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
