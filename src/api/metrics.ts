import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Readiness } from './ports.js'

/** What the service counts about itself. Labels are routes, codes and names, never data. */
export interface Metrics {
  readonly registry: Registry
  /** One command over HTTP: `done`, `replayed`, or the code of its refusal. */
  countCommand(route: string, outcome: string): void
  observeReadiness(readiness: Readiness): void
  observeAnswer(answer: ObservedAnswer): void
}

export interface ObservedAnswer {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly seconds: number
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Appends to the log by how they ended, counted by whoever holds the log. */
export type AppendCounts = ReadonlyMap<string, number>

export function createMetrics(appendCounts: AppendCounts = new Map()): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const answers = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Seconds from the request to the end of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: secondsBuckets,
    registers,
  })
  registry.registerMetric(appendCounter(appendCounts))
  const commands = new Counter({
    name: 'ledger_commands_total',
    help: 'Commands over HTTP by route and outcome',
    labelNames: ['route', 'outcome'],
    registers,
  })
  const lag = new Gauge({
    name: 'ledger_projection_lag_events',
    help: 'Events in the log that a projection has not seen',
    labelNames: ['projection'],
    registers,
  })
  const halted = new Gauge({
    name: 'ledger_projection_halted',
    help: '1 when a projection stopped on an error',
    labelNames: ['projection'],
    registers,
  })
  const leading = new Gauge({
    name: 'ledger_projection_leading',
    help: '1 where this process writes the projection; one process of all does',
    labelNames: ['projection'],
    registers,
  })
  const reachable = new Gauge({
    name: 'ledger_log_reachable',
    help: '1 when the log answered',
    registers,
  })

  return {
    registry,
    countCommand: (route, outcome) => commands.inc({ route, outcome }),
    observeReadiness({ logReachable, projections }) {
      reachable.set(logReachable ? 1 : 0)
      for (const { name, lagEvents, halted: isHalted, leading: isLeading } of projections) {
        leading.set({ projection: name }, isLeading ? 1 : 0)
        lag.set({ projection: name }, lagEvents)
        halted.set({ projection: name }, isHalted ? 1 : 0)
      }
    },
    observeAnswer: ({ method, route, status, seconds }) =>
      answers.observe({ method, route, status: String(status) }, seconds),
  }
}

function appendCounter(counts: AppendCounts): Counter {
  return new Counter({
    name: 'ledger_appends_total',
    help: 'Appends to the log by outcome: appended, replayed, conflict, key-reused, clock-refused',
    labelNames: ['outcome'],
    registers: [],
    collect() {
      this.reset()
      for (const [outcome, count] of counts) this.inc({ outcome }, count)
    },
  })
}

/** Measures every answer by its route's pattern; addresses themselves would be without number. */
export function registerMeasuring(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    metrics.observeAnswer({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    })
  })
}
