import type { FastifyInstance } from 'fastify'
import type { DestinationStream } from 'pino'
import { buildApp, stopGracefully } from '../api/app.js'
import type { LocalKey } from '../api/auth/local-key.js'
import { createMetrics } from '../api/metrics.js'
import { createCursors } from '../api/paging.js'
import type { LedgerProgress, Readiness, Revocations, SqlClient } from '../api/ports.js'
import { ledgerRoutes } from '../api/routes/ledger-routes.js'
import type { Route } from '../api/routes/route.js'
import { postgresAnswers, removeExpiredAnswers } from '../api/vault/answers.js'
import { postgresIssuedTokens } from '../api/vault/issued-tokens.js'
import { postgresAccessLog } from '../api/vault/personal-data-accesses.js'
import { postgresRevocations } from '../api/vault/revoked-tokens.js'
import { ConfigError } from '../config.js'
import { derivedKey } from '../sealing/master-key.js'
import type { LedgerService } from './service.js'
import { tokenRules } from './token-rules.js'

/** The service on HTTP. */
export interface HttpService {
  readonly app: FastifyInstance
  /** Where it listens. */
  readonly origin: string
  /** Signs this ledger's own tokens; absent where an identity provider issues them. */
  readonly localKey: LocalKey | null
  readonly revocations: Revocations
  stop(): Promise<void>
}

const stopMilliseconds = 10_000
const cleaningMilliseconds = 3_600_000

export interface Listening {
  /** Routes beside those of the ledger. */
  readonly routes?: readonly Route[]
  /** Where the log goes; standard output when absent. */
  readonly logStream?: DestinationStream
}

/**
 * Puts the ledger on HTTP and listens.
 *
 * @throws ConfigError where HOST and PORT can't be listened on
 */
export async function listen(
  service: LedgerService,
  { logStream, routes = [] }: Listening = {},
): Promise<HttpService> {
  const { config, masterKey, pool } = service
  const { localKey, rules } = await tokenRules(config)
  const sql: SqlClient = { query: (text, values) => pool.query(text, values) }
  const revocations = postgresRevocations(sql)
  const issuedTokens = postgresIssuedTokens(sql)
  const accessLog = postgresAccessLog(sql)
  const progress = progressOf(service)
  const app = await buildApp({
    config,
    authentication: { tokens: rules, revocations },
    services: {
      progress,
      answers: postgresAnswers(sql),
      accessLog,
      metrics: createMetrics(service.appendCounts),
      cursors: createCursors(derivedKey(masterKey, 'cursor')),
      requestHashKey: derivedKey(masterKey, 'http-request'),
      requestMilliseconds: config.requestMilliseconds,
    },
    readiness: () => readinessOf(service),
    routes: [
      ...ledgerRoutes({ ...service, accessLog, issuedTokens, revocations, progress }),
      ...routes,
    ],
    ...(logStream ? { logStream } : {}),
  })
  const cleaning = setInterval(() => {
    removeExpiredAnswers(sql).catch((error) => app.log.warn({ err: error }, 'kept old answers'))
  }, cleaningMilliseconds)
  cleaning.unref()
  app.addHook('onClose', async () => clearInterval(cleaning))
  const origin = await app.listen({ port: config.port, host: config.host }).catch(async (error) => {
    await app.close()
    throw unusableAddress(error)
  })
  return { app, origin, localKey, revocations, stop: () => stopGracefully(app, stopMilliseconds) }
}

/** An address that another process has, or that is not this machine's, is a wrong setting. */
function unusableAddress(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new ConfigError(
      'PORT 端口已被其他程序占用，请改用别的端口，或先停止该程序。\n' +
        'PORT is taken by another process: choose another port, or stop that process.',
    )
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND')
    return new ConfigError(
      `HOST、PORT 不能用于监听（${code}），请核对。\n` +
        `HOST and PORT can not be listened on (${code}): check them.`,
    )
  return error
}

function progressOf({ clock, model, projector, store }: LedgerService): LedgerProgress {
  return {
    clock: clock.kind,
    now: () => clock.now(),
    asOf: () => model.read(async (session) => session.asOf),
    ordinalAt: (at) => store.ordinalAt(at),
    waitFor: (ordinal, milliseconds) => projector.waitFor(ordinal, milliseconds),
  }
}

async function readinessOf({ isLogReachable, projector }: LedgerService): Promise<Readiness> {
  const { halted, lag, leading, ordinal } = await projector.status()
  return {
    logReachable: await isLogReachable(),
    projections: [
      { name: 'read-model', ordinal, lagEvents: lag, halted: halted !== null, leading },
    ],
  }
}
