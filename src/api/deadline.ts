import type { FastifyInstance } from 'fastify'
import { DomainError } from '../domain/errors.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Milliseconds within which a request of this route is answered, whatever it waits for. */
    readonly deadline?: number
  }
}

/**
 * Answers `request-took-too-long` when the time of a request is over. The `handlerTimeout` of
 * fastify ends when the request emits `close`: on Node.js 20 that is when its body was read, so
 * that no write has a deadline by it. The work goes on; what it answers later is dropped.
 */
export function registerDeadlines(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { deadline } = request.routeOptions.config
    if (deadline === undefined) return
    const timer = setTimeout(() => {
      if (!reply.sent) reply.send(new DomainError('request-took-too-long'))
    }, deadline)
    reply.raw.once('close', () => clearTimeout(timer))
  })
}
