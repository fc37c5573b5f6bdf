import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.js'
import type { Readiness } from './ports.js'

export interface HealthSources {
  /** Rejects when it can't be known; both then say that the service is not ready. */
  readonly readiness: () => Promise<Readiness>
  readonly metrics: Metrics
}

/** How long a probe waits for the database before it says that it is out of reach. */
const probeMilliseconds = 2000

/** Asked by supervisors all the time, also when the service is busy: never limited, never 401. */
const probe = { config: { rateLimit: false, pressureHandler: () => undefined } } as const

const unreachable: Readiness = { logReachable: false, projections: [] }

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: for Prometheus. */
export function registerHealth(app: FastifyInstance, sources: HealthSources): void {
  app.get('/healthz', { ...probe, schema: { hide: true } }, async () => ({ status: 'ok' }))

  app.get('/readyz', { ...probe, schema: { hide: true } }, async (_, reply) => {
    const readiness = await probed(sources)
    const isReady = readiness.logReachable && !readiness.projections.some(({ halted }) => halted)
    reply.code(isReady ? 200 : 503)
    return { status: isReady ? 'ready' : 'not-ready', ...readiness }
  })

  app.get('/metrics', { ...probe, schema: { hide: true } }, async (_, reply) => {
    const { registry } = sources.metrics
    sources.metrics.observeReadiness(await probed(sources))
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

async function probed(sources: HealthSources): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(resolve, probeMilliseconds, unreachable)
  })
  try {
    return await Promise.race([sources.readiness(), late])
  } catch {
    return unreachable
  } finally {
    clearTimeout(timer)
  }
}
