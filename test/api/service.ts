import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { z } from 'zod'
import { type AppDependencies, buildApp } from '../../src/api/app.js'
import type { Role } from '../../src/api/auth/actor.js'
import { type LocalKey, openLocalKey } from '../../src/api/auth/local-key.js'
import { issueToken } from '../../src/api/auth/tokens.js'
import { createMetrics } from '../../src/api/metrics.js'
import { createCursors } from '../../src/api/paging.js'
import type {
  CommandContext,
  CommandOutcome,
  LedgerProgress,
  Revocations,
} from '../../src/api/ports.js'
import { commandRoute } from '../../src/api/routes/command-route.js'
import { listRoute } from '../../src/api/routes/list-route.js'
import { personalDataAccessRoutes } from '../../src/api/routes/personal-data-accesses.js'
import { queryRoute } from '../../src/api/routes/query-route.js'
import { noBody, nothing, type Route } from '../../src/api/routes/route.js'
import { tokenRevocationRoutes } from '../../src/api/routes/token-revocations.js'
import { memoryAnswers } from '../../src/api/vault/answers.js'
import { memoryIssuedTokens } from '../../src/api/vault/issued-tokens.js'
import { memoryAccessLog } from '../../src/api/vault/personal-data-accesses.js'
import { memoryRevocations } from '../../src/api/vault/revoked-tokens.js'
import { DomainError } from '../../src/domain/errors.js'
import { Instant, Month, PlainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ActorId, ordinal, PersonId } from '../../src/domain/values/identifiers.js'
import { AmountFen } from '../../src/domain/values/money.js'
import type { AppendOutcome, EventStore } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'

export const now = Instant.parse('2012-06-06T02:00:00.000Z')
export const person = PersonId.parse('5f0c2c64-8a51-4a5b-9d5e-0d3d2f7f1c11')
export const naming = { issuer: 'benefits-ledger', audience: 'benefits-ledger' }

/** A payment kept as an event of its own: enough of a ledger to try every rule of the border. */
const Payment = z.strictObject({
  division: DivisionCode,
  month: Month,
  paidOn: PlainDate,
  payee: z.string().min(1).max(100),
  amountFen: AmountFen,
})

const PaymentRow = Payment.extend({ number: z.int() })
type PaymentRow = z.infer<typeof PaymentRow>

export interface ServiceUnderTest {
  readonly app: FastifyInstance
  readonly origin: string
  readonly key: LocalKey
  readonly store: EventStore
  /** How far behind the log the read model says it is. */
  readonly lag: { events: number }
  readonly logged: string[]
  readonly dependencies: AppDependencies
  token(order?: Partial<TokenWish>): Promise<string>
  call(path: string, init?: CallInit): Promise<Response>
}

interface TokenWish {
  readonly actor: string
  readonly roles: readonly Role[]
  readonly division: string
  readonly lifetimeSeconds: number
}

export interface CallInit {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly token?: string
}

interface Choices {
  readonly clock?: 'real' | 'simulated'
  readonly overrides?: Partial<AppDependencies>
  readonly routes?: readonly Route[]
  readonly revocations?: Revocations
  readonly requestMilliseconds?: number
}

/** The service on a free port, over a log in memory; it ends with the test. */
export async function startService(t: Test, choices: Choices = {}): Promise<ServiceUnderTest> {
  const store = createInMemoryEventStore()
  const key = await openLocalKey(t.testdir())
  const lag = { events: 0 }
  const progress = progressOf(store, { lag, clock: choices.clock ?? 'real' })
  const logged: string[] = []
  const revocations = choices.revocations ?? memoryRevocations(() => Math.floor(Date.now() / 1000))
  const accessLog = memoryAccessLog(() => now)
  const dependencies: AppDependencies = {
    config: { bodyLimitBytes: 64 * 1024, logLevel: 'info', rateLimitPerMinute: 100_000 },
    authentication: { tokens: { ...naming, keys: key.keys }, revocations },
    services: {
      progress,
      accessLog,
      answers: memoryAnswers(),
      metrics: createMetrics(),
      cursors: createCursors(Buffer.alloc(32, 1)),
      requestHashKey: Buffer.alloc(32, 2),
      requestMilliseconds: choices.requestMilliseconds ?? 30_000,
    },
    readiness: async () => ({
      logReachable: true,
      projections: [
        {
          name: 'payments',
          ordinal: ordinal(0),
          lagEvents: lag.events,
          halted: false,
          leading: true,
        },
      ],
    }),
    routes: [
      ...paymentRoutes(store),
      ...personalDataAccessRoutes(accessLog),
      ...tokenRevocationRoutes({ issuedTokens: memoryIssuedTokens(), revocations, progress }),
      ...(choices.routes ?? []),
    ],
    logStream: { write: (line: string) => logged.push(line) },
    ...choices.overrides,
  }
  const app = await buildApp(dependencies)
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())

  const token = async (wish: Partial<TokenWish> = {}) => {
    const order = {
      actor: ActorId.parse(wish.actor ?? 'actor-1'),
      name: '经办员',
      roles: wish.roles ?? ['clerk'],
      division: DivisionCode.parse(wish.division ?? '990100000000'),
      lifetimeSeconds: wish.lifetimeSeconds ?? 600,
    } as const
    return (await issueToken(order, { key, ...naming })).token
  }
  const call = async (path: string, init: CallInit = {}) => {
    const isText = typeof init.body === 'string'
    return fetch(`${origin}${path}`, {
      method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${init.token ?? (await token())}`,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: isText ? init.body : JSON.stringify(init.body) }),
    })
  }
  return { app, origin, key, store, lag, logged, dependencies, token, call }
}

function progressOf(
  store: EventStore,
  { lag, clock }: { readonly lag: { events: number }; readonly clock: 'real' | 'simulated' },
): LedgerProgress {
  const seen = async () => ordinal(Math.max(-1, (await store.head()) - lag.events))
  return {
    clock,
    now: () => now,
    asOf: async () => ({ ordinal: await seen(), instant: now }),
    ordinalAt: (at) => store.ordinalAt(at),
    waitFor: async (wanted) => (await seen()) >= wanted,
  }
}

export function paymentRoutes(store: EventStore): readonly Route[] {
  return [
    commandRoute({
      method: 'POST',
      url: '/v1/accounts/:account/payments',
      tag: 'Test',
      summary: { zh: '记一笔', en: 'Record a payment' },
      roles: ['clerk', 'payment-officer'],
      params: z.strictObject({ account: z.string().min(1) }),
      body: Payment,
      result: z.strictObject({ account: z.string(), number: z.int() }),
      scope: ({ body }) => [body.division],
      location: ({ account, number }) => `/v1/accounts/${account}/payments/${number}`,
      execute: async ({ params, body }, context) =>
        recordPayment(store, { ...params, body }, context),
    }),
    queryRoute({
      method: 'GET',
      url: '/v1/accounts/:account',
      tag: 'Test',
      summary: { zh: '余额', en: 'Balance' },
      roles: ['clerk', 'statistician', 'auditor'],
      params: z.strictObject({ account: z.string().min(1) }),
      query: z.strictObject({ month: Month.optional() }),
      body: noBody,
      result: z.strictObject({ totalFen: AmountFen, version: z.int() }),
      version: ({ version }) => version,
      scope: () => [],
      read: async ({ params, query }) => {
        const rows = (await rowsOf(store, params.account)).filter(
          (row) => query.month === undefined || row.month === query.month,
        )
        const totalFen = AmountFen.parse(rows.reduce((sum, row) => sum + row.amountFen, 0))
        return { totalFen, version: rows.length - 1 }
      },
    }),
    listRoute({
      method: 'GET',
      url: '/v1/accounts/:account/payments',
      tag: 'Test',
      summary: { zh: '明细', en: 'Payments' },
      roles: ['clerk', 'auditor', 'statistician'],
      params: z.strictObject({ account: z.string().min(1) }),
      query: nothing,
      body: noBody,
      row: PaymentRow,
      titleZh: '发放明细',
      columns: [
        { key: 'number', headerZh: '序号', headerEn: 'Number', kind: 'count' },
        { key: 'payee', headerZh: '姓名', headerEn: 'Payee', kind: 'text' },
        { key: 'month', headerZh: '月份', headerEn: 'Month', kind: 'month' },
        { key: 'paidOn', headerZh: '发放日', headerEn: 'Paid on', kind: 'date' },
        { key: 'amountFen', headerZh: '金额（元）', headerEn: 'Amount (yuan)', kind: 'yuan' },
      ],
      scope: () => [],
      personal: () => [person],
      page: async ({ params }, { after, limit }) => {
        const from = Number(after?.[0] ?? -1) + 1
        const rows = (await rowsOf(store, params.account)).slice(from, from + limit + 1)
        const page = rows.slice(0, limit)
        const last = page.at(-1)
        return { rows: page, next: last && rows.length > limit ? [last.number] : null }
      },
    }),
  ]
}

interface PaymentCommand {
  readonly account: string
  readonly body: z.infer<typeof Payment>
}

async function recordPayment(
  store: EventStore,
  { account, body }: PaymentCommand,
  context: CommandContext,
): Promise<CommandOutcome<{ account: string; number: number }>> {
  const stream = `account-${account}`
  const actual = (await store.readStream(stream)).length - 1
  const { expectedVersion = actual } = context
  const [outcome] = await store.append([
    {
      stream,
      expected: expectedVersion < 0 ? 'none' : expectedVersion,
      key: createHash('sha256')
        .update(JSON.stringify([context.actor, context.key]))
        .digest('hex'),
      requestHash: context.requestHash,
      recorded: now,
      actor: context.actor,
      correlation: context.correlation,
      events: [{ type: 'PaymentMade', schemaVersion: 1, effective: body.month, data: body }],
    },
  ])
  const { version, ordinal: at, kind } = accepted(outcome, expectedVersion)
  return {
    version,
    ordinal: at,
    replayed: kind === 'replayed',
    result: { account, number: version },
  }
}

function accepted(outcome: AppendOutcome | undefined, expected: number) {
  if (outcome?.kind === 'appended' || outcome?.kind === 'replayed') return outcome
  if (outcome?.kind === 'key-reused') throw new DomainError('idempotency-key-reused')
  if (outcome?.kind === 'conflict') throw new DomainError('etag-stale', { expected })
  throw new Error('the append did not come about')
}

async function rowsOf(store: EventStore, account: string): Promise<readonly PaymentRow[]> {
  const events = await store.readStream(`account-${account}`)
  return events.map(({ data, version }) => PaymentRow.parse({ ...data, number: version }))
}

export const payment = {
  division: '990101000000',
  month: '2012-05',
  paidOn: '2012-05-10',
  payee: '张三',
  amountFen: 46_792,
}

let keys = 0
/** A new Idempotency-Key. */
export function newKey(): string {
  keys += 1
  return `key-of-test-${keys}`
}
