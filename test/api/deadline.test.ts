import t from 'tap'
import { databaseRefusal } from '../../src/api/database-refusal.js'
import { queryRoute } from '../../src/api/routes/query-route.js'
import { noBody, nothing } from '../../src/api/routes/route.js'
import { startService } from './service.js'

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

t.test('a request that takes too long is answered when its time is over', async (t) => {
  const service = await startService(t, { requestMilliseconds: 300, routes: [never] })
  const sentAt = performance.now()
  const answer = await service.call('/v1/never')
  t.ok(performance.now() - sentAt < 1300)
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
