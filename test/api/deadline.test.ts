import t from 'tap'
import { z } from 'zod'
import { databaseRefusal } from '../../src/api/database-refusal.js'
import { commandRoute } from '../../src/api/routes/command-route.js'
import { queryRoute } from '../../src/api/routes/query-route.js'
import { noBody, nothing } from '../../src/api/routes/route.js'
import { type CallInit, startService } from './service.js'

const never = queryRoute({
  method: 'GET',
  url: '/v1/never',
  tag: '试验',
  summary: { zh: '永不答复', en: 'Never answers' },
  roles: ['clerk'],
  params: nothing,
  query: nothing,
  body: noBody,
  result: nothing,
  scope: () => [],
  read: () => new Promise<never>(() => undefined),
})

const neverWritten = commandRoute({
  method: 'POST',
  url: '/v1/never',
  tag: '试验',
  summary: { zh: '永不写完', en: 'Never written' },
  roles: ['clerk'],
  params: nothing,
  body: z.strictObject({ note: z.string() }),
  result: nothing,
  scope: () => [],
  execute: () => new Promise<never>(() => undefined),
})

const headers = { 'idempotency-key': 'never-written' }
const asked: readonly (readonly [string, CallInit])[] = [
  ['a read', {}],
  ['a write whose body was read', { method: 'POST', headers, body: { note: 'short' } }],
  ['a write with a long body', { method: 'POST', headers, body: { note: 'x'.repeat(50_000) } }],
]

for (const [what, init] of asked)
  t.test(`${what} that takes too long is answered when its time is over`, async (t) => {
    const routes = [never, neverWritten]
    const service = await startService(t, { requestMilliseconds: 300, routes })
    const sentAt = performance.now()
    const answer = await service.call('/v1/never', init)
    t.ok(performance.now() - sentAt < 5_000)
    t.equal(answer.status, 503)
    t.equal(answer.headers.get('retry-after'), '5')
    t.match(await answer.json(), { code: 'request-took-too-long' })
  })

t.test('a database that is away, silent or full is no fault of the program', async (t) => {
  const failure = (message: string, code?: string) => Object.assign(new Error(message), { code })
  const codeOf = (error: unknown) => databaseRefusal(error)?.code
  t.equal(codeOf(failure('Query read timeout')), 'database-unreachable')
  t.equal(codeOf(failure('connect', 'ECONNREFUSED')), 'database-unreachable')
  t.equal(codeOf(failure('starting up', '57P03')), 'database-unreachable')
  t.equal(codeOf(failure('could not extend file', '53100')), 'database-full')
  t.equal(codeOf(failure('no such column', '42703')), undefined)
  t.equal(codeOf(failure('a bug')), undefined)
})
