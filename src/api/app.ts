import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import Fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import type { DestinationStream } from 'pino'
import type { Config } from '../config.js'
import { DomainError } from '../domain/errors.js'
import { type Authentication, registerAuthentication } from './auth/authenticate.js'
import { registerDeadlines } from './deadline.js'
import { registerHealth } from './health.js'
import { registerMeasuring } from './metrics.js'
import { registerOpenApi } from './openapi.js'
import type { Readiness } from './ports.js'
import { registerProblemPages } from './problem-pages.js'
import { refuseBeforeRouting, refuseBrokenHttp, registerRefusals } from './refusals.js'
import { AnswerLog, loggerOptions, registerRequestIds, requestIdOf } from './request-log.js'
import type { Route, RouteServices } from './routes/route.js'

export interface AppDependencies {
  readonly config: Pick<Config, 'bodyLimitBytes' | 'logLevel' | 'rateLimitPerMinute'>
  readonly authentication: Authentication
  readonly services: RouteServices
  readonly readiness: () => Promise<Readiness>
  /** Everything under `/v1`. */
  readonly routes: readonly Route[]
  /** Where the log goes; standard output when absent. */
  readonly logStream?: DestinationStream
}

/** The HTTP service with all its routes, not yet listening. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { config, services, readiness } = dependencies
  const { metrics } = services
  const app = createServer(dependencies)

  registerRefusals(app)
  registerRequestIds(app)
  registerMeasuring(app, metrics)
  registerDeadlines(app)
  registerStopping(app)
  await registerProtection(app, config.rateLimitPerMinute)
  await registerOpenApi(app)
  registerHealth(app, { readiness, metrics })
  registerProblemPages(app)
  await app.register(async (v1) => {
    registerAuthentication(v1, dependencies.authentication)
    for (const route of dependencies.routes) route(v1, services)
  })
  return app
}

function createServer({ config, logStream }: AppDependencies): FastifyInstance {
  const app = Fastify({
    logger: loggerOptions(config.logLevel, logStream),
    logController: new AnswerLog(),
    genReqId: requestIdOf,
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: 120_000,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: refuseBeforeRouting,
    clientErrorHandler: refuseBrokenHttp,
  })
  // Routes read all parts of a request at once (routes/request-input.ts), so that every fault is
  // told in one answer; fastify would stop at the first part.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(serializerCompiler)
  return app
}

/** Headers for browsers, a limit on requests, and a refusal in time when there are too many. */
async function registerProtection(app: FastifyInstance, perMinute: number): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // TLS ends before this service, which is where this header belongs.
    strictTransportSecurity: false,
  })
  await app.register(underPressure, { maxEventLoopDelay: 2000, customError: ServiceBusy })
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_, { max }) => new DomainError('too-many-requests', { limit: max }),
  })
}

class ServiceBusy extends DomainError {
  constructor() {
    super('service-busy')
  }
}

/** From the moment it is told to stop, what is under way is finished and nothing new begun. */
function registerStopping(app: FastifyInstance): void {
  let stopping = false
  app.addHook('preClose', async () => {
    stopping = true
  })
  app.addHook('onRequest', async () => {
    if (stopping) throw new DomainError('service-stopping')
  })
  app.addHook('onSend', async (_, reply) => {
    // A connection kept open for a next request would hold up the stop.
    if (stopping) reply.header('connection', 'close')
  })
}

/** Finishes what is under way, and cuts it off when that takes longer than it may. */
export async function stopGracefully(app: FastifyInstance, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), milliseconds)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
  }
}
