import { z } from 'zod'
import { Role } from '../../src/api/auth/actor.js'
import { issueToken } from '../../src/api/auth/tokens.js'
import { queryRoute } from '../../src/api/routes/query-route.js'
import { noBody, nothing, type Route } from '../../src/api/routes/route.js'
import { createCommandHandler } from '../../src/application/command-handler.js'
import { type HttpService, listen } from '../../src/compose/http.js'
import type { LedgerService } from '../../src/compose/service.js'
import { ordinal } from '../../src/domain/values/identifiers.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { LoadClient } from './http-load.js'
import { approver, county } from './invented-district.js'

/** The service on HTTP, and the same once more over a log that appends nothing. */
export interface BenchHttp {
  readonly origin: string
  readonly originWithoutAppend: string
  readonly client: LoadClient
  /** Headers of an approver who may read persons. */
  readonly headers: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** `SELECT 1` with everything that stands around a read. */
export const selectOnePath = '/v1/bench/select-one'

/** Log lines are made as they always are, and dropped. */
const logStream = { write: () => undefined }

export async function openBenchHttp(service: LedgerService): Promise<BenchHttp> {
  const http = await listen(service, { logStream, routes: [selectOne(service)] })
  const client = new LoadClient()
  const without = await listen(withoutAppend(service), { logStream })
  return {
    origin: http.origin,
    originWithoutAppend: without.origin,
    client,
    headers: await headersFor(http, service),
    async stop() {
      await Promise.all([client.close(), http.stop(), without.stop()])
    },
  }
}

function selectOne({ pool }: LedgerService): Route {
  return queryRoute({
    method: 'GET',
    url: selectOnePath,
    tag: 'bench',
    summary: { zh: '测量', en: 'What a read costs that reads nothing' },
    roles: ['approver'],
    params: nothing,
    query: nothing,
    body: noBody,
    result: z.strictObject({ one: z.int() }),
    scope: () => [],
    read: async () => {
      const { rows } = await pool.query<{ one: number }>('SELECT 1 AS one')
      return { one: rows[0]?.one ?? 0 }
    },
  })
}

/** Commands read and decide as ever; the log answers at once and stores nothing. */
function withoutAppend(service: LedgerService): LedgerService {
  const { clock, processes } = service
  const store: EventStore = {
    ...unboundFrom(service.store),
    append: async (batch) =>
      batch.map(({ events, expected }) => ({
        kind: 'appended',
        version: (typeof expected === 'number' ? expected : -1) + events.length,
        ordinal: ordinal(0),
      })),
  }
  const handler = createCommandHandler({ store, clock, hashes: processes.hashes })
  return { ...service, store, processes: { ...processes, store, handler } }
}

/** The store's own reads; a spread of a class instance would lose them. */
function unboundFrom(store: EventStore): Omit<EventStore, 'append'> {
  return {
    limits: store.limits,
    readStream: (stream, from) => store.readStream(stream, from),
    readAll: (range) => store.readAll(range),
    subscribe: (after, handle) => store.subscribe(after, handle),
    head: () => store.head(),
    ordinalAt: (at) => store.ordinalAt(at),
    close: () => store.close(),
  }
}

async function headersFor(
  { localKey }: HttpService,
  { config }: LedgerService,
): Promise<Readonly<Record<string, string>>> {
  if (!localKey) throw new Error('the bench signs its own tokens')
  const { audience, issuer } = config.tokenSource
  const { token } = await issueToken(
    {
      actor: approver,
      name: '测量',
      roles: Role.options.filter((role) => role !== 'statistician'),
      division: county,
      lifetimeSeconds: 24 * 3600,
    },
    { key: localKey, issuer, audience },
  )
  return { authorization: `Bearer ${token}`, 'access-purpose': encodeURIComponent('性能测量') }
}
