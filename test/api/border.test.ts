import { connect } from 'node:net'
import t from 'tap'
import { z } from 'zod'
import { newKey, payment, startService } from './service.js'

const url = '/v1/accounts/a/payments'

/** As a client reads it: loose, so that a test sees what is there and what is not. */
const Fault = z.strictObject({ field: z.string(), detail: z.string(), detailEn: z.string() })
const ProblemBody = z.looseObject({
  code: z.string(),
  detail: z.string(),
  errors: z.array(Fault).optional(),
})

async function problem(response: Response) {
  const body = ProblemBody.parse(await response.json())
  return { ...body, status: response.status, type: response.headers.get('content-type') }
}

t.test('a refusal is problem+json with a code, two languages and what to do', async (t) => {
  const { call } = await startService(t)
  const response = await call(url, {
    body: { ...payment, month: '2012-13', amountFen: 1.5, extra: 1, payee: undefined },
    headers: { 'idempotency-key': newKey(), 'x-request-id': 'request-of-test' },
  })
  const refused = await problem(response)
  t.equal(refused.status, 400)
  t.equal(refused.type, 'application/problem+json; charset=utf-8')
  t.equal(response.headers.get('x-request-id'), 'request-of-test')
  t.strictSame(
    { ...refused, errors: refused.errors?.map((fault) => fault.field) },
    {
      status: 400,
      type: 'application/problem+json; charset=utf-8',
      title: '请求内容有误',
      titleEn: 'The request is invalid',
      detail: '请求中有 4 处错误，见 errors 中逐项说明；请逐项改正后重新提交。',
      detailEn: 'The request has 4 faults, listed in errors; put each right and send again.',
      code: 'request-invalid',
      instance: 'urn:request:request-of-test',
      facts: { count: 4 },
      errors: ['body/month', 'body/payee', 'body/amountFen', 'body/extra'],
    },
  )
  t.strictSame(refused.errors?.[0], {
    field: 'body/month',
    detail: '月份须写成 YYYY-MM，月为 01 至 12。',
    detailEn: 'A month is written YYYY-MM, 01 to 12.',
  })
  t.strictSame(refused.errors?.[1], {
    field: 'body/payee',
    detail: '缺少此项；请填写。',
    detailEn: 'It is missing; fill it in.',
  })
})

t.test('every way to send nonsense has a code of its own', async (t) => {
  const { call, origin } = await startService(t)
  const headers = { 'idempotency-key': newKey() }
  const cases = [
    [await call(url, { body: '{"month": ', headers }), 400, 'json-malformed'],
    [await call(url, { body: '', method: 'POST', headers }), 400, 'json-malformed'],
    [await call(url, { body: '{"__proto__": {"a": 1}}', headers }), 400, 'json-malformed'],
    [await call(url, { body: `"${'x'.repeat(70_000)}"`, headers }), 413, 'body-too-large'],
    [
      await call(url, { body: '<a/>', headers: { ...headers, 'content-type': 'text/xml' } }),
      415,
      'media-type-unsupported',
    ],
    [await call('/v1/nowhere'), 404, 'route-not-found'],
    [await call(url, { method: 'DELETE' }), 404, 'route-not-found'],
    [await call('/v1/accounts/%E4%B8/payments'), 400, 'url-malformed'],
    [await call(`/v1/accounts/${'a'.repeat(200)}`), 400, 'url-malformed'],
    [await call(url, { body: payment }), 400, 'idempotency-key-missing'],
    [
      await call(url, { body: payment, headers: { 'idempotency-key': 'short' } }),
      400,
      'idempotency-key-malformed',
    ],
    [
      await call(url, { body: payment, headers: { ...headers, 'if-match': 'W/"7"' } }),
      400,
      'etag-malformed',
    ],
    [await call('/v1/accounts/a?minPosition=zzz'), 400, 'position-malformed'],
    [await call('/v1/accounts/a?motnh=2012-05'), 400, 'request-invalid'],
    [await call('/problems/no-such-code'), 404, 'route-not-found'],
  ] as const
  for (const [response, status, code] of cases) {
    const refused = await problem(response)
    t.strictSame([refused.status, refused.code], [status, code])
    t.match(refused.detail, /；|须/, 'says what to do')
    t.equal(refused.type, 'application/problem+json; charset=utf-8')
  }
  t.match(await (await fetch(`${origin}/problems/etag-stale`)).json(), { status: 412 })
  t.match(await brokenHttp(origin), /^HTTP\/1\.1 400 [\s\S]*url-malformed/)
})

function brokenHttp(origin: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () =>
      socket.write('no\r\n\r\n'),
    )
    let answer = ''
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}

t.test('a fault of the service is a 500 without detail, and its log names nobody', async (t) => {
  const service = await startService(t)
  const fault = Object.assign(new Error('duplicate key (张三) in payee'), { severity: 'ERROR' })
  service.store.append = () => Promise.reject(fault)
  const refused = await problem(
    await service.call(`${url}?`, { body: payment, headers: { 'idempotency-key': newKey() } }),
  )
  t.match(refused, { status: 500, code: 'internal-error' })
  t.notOk('facts' in refused)
  await service.call('/v1/accounts/a?month=2012-05', { headers: { 'x-request-id': 'seen-in-log' } })
  await service.app.close()
  const log = service.logged.join('')
  t.notMatch(log, /张三|Bearer|eyJ|2012-05|46792/)
  const lines = service.logged.map((line) => JSON.parse(line))
  t.match(
    lines.find((line) => line.msg === 'failed'),
    { level: 50, code: 'internal-error', err: { type: 'Error', message: '' } },
  )
  t.match(
    lines.find((line) => line.reqId === 'seen-in-log'),
    {
      msg: 'answered',
      method: 'GET',
      route: '/v1/accounts/:account',
      status: 200,
      actor: 'actor-1',
    },
  )
})

t.test('health, readiness and metrics need no token', async (t) => {
  const service = await startService(t)
  t.strictSame(await (await fetch(`${service.origin}/healthz`)).json(), { status: 'ok' })
  service.lag.events = 3
  const ready = await fetch(`${service.origin}/readyz`)
  t.equal(ready.status, 200)
  t.match(await ready.json(), { status: 'ready', logReachable: true })
  await service.call(url, { body: payment, headers: { 'idempotency-key': newKey() } })
  const metrics = await (await fetch(`${service.origin}/metrics`)).text()
  t.match(metrics, /ledger_projection_lag_events\{projection="payments"\} 3/)
  t.match(
    metrics,
    /ledger_commands_total\{route="\/v1\/accounts\/:account\/payments",outcome="done"\} 1/,
  )
  t.match(
    metrics,
    /http_request_duration_seconds_count\{method="POST",route="[^"]+",status="201"\} 1/,
  )
})

t.test('a halted projection or an unreachable log is not ready, with 503', async (t) => {
  const halted = await startService(t, {
    overrides: {
      readiness: async () => ({
        logReachable: true,
        projections: [{ name: 'roll', ordinal: 4, lagEvents: 1, halted: true }] as never,
      }),
    },
  })
  t.equal((await fetch(`${halted.origin}/readyz`)).status, 503)
  const unreachable = await startService(t, {
    overrides: { readiness: () => Promise.reject(new Error('no connection')) },
  })
  const response = await fetch(`${unreachable.origin}/readyz`)
  t.strictSame(
    [response.status, await response.json()],
    [503, { status: 'not-ready', logReachable: false, projections: [] }],
  )
  t.equal((await fetch(`${unreachable.origin}/metrics`)).status, 200)
})

t.test('the API page asks nobody outside, and the description is OpenAPI 3.1', async (t) => {
  const { origin } = await startService(t)
  const page = await fetch(`${origin}/docs/`)
  const html = await page.text()
  t.equal(page.status, 200)
  t.notMatch(html.replace(/<!--.*-->/g, ''), /https?:\/\//)
  t.match(page.headers.get('content-security-policy'), /default-src 'self'/)
  t.match(
    await (await fetch(`${origin}/docs/static/swagger-initializer.js`)).text(),
    /"validatorUrl":null/,
  )
  const description = Description.parse(await (await fetch(`${origin}/docs/json`)).json())
  t.equal(description.openapi, '3.1.0')
  const post = description.paths['/v1/accounts/{account}/payments']?.['post']
  t.match(post, { security: [{ token: [] }], summary: '记一笔 Record a payment' })
  t.strictSame(Object.keys(post?.requestBody?.content ?? {}), ['application/json'])
  t.ok(post?.parameters.some((one) => one.name === 'idempotency-key'))
  t.ok(description.components.schemas.Problem)
})

t.test('too many requests are told when to come again', async (t) => {
  const service = await startService(t, {
    overrides: { config: { bodyLimitBytes: 1024, logLevel: 'info', rateLimitPerMinute: 2 } },
  })
  await service.call('/v1/accounts/a')
  await service.call('/v1/accounts/a')
  const response = await service.call('/v1/accounts/a')
  t.ok(Number(response.headers.get('retry-after')) > 0)
  t.match(await problem(response), { status: 429, code: 'too-many-requests', facts: { limit: 2 } })
  t.equal((await fetch(`${service.origin}/healthz`)).status, 200)
})

t.test('a stop finishes what is under way and begins nothing new', async (t) => {
  const service = await startService(t)
  const { store, origin } = service
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const append = store.append.bind(store)
  const arrived = new Promise<void>((resolve) => {
    store.append = async (batch) => {
      resolve()
      await held
      return append(batch)
    }
  })
  const under = service.call(url, { body: payment, headers: { 'idempotency-key': newKey() } })
  await arrived
  // A connection that stands already is the only way in once the service stops listening.
  const late = await keptConnection(origin)
  const stopped = service.app.close()
  t.match(await late(), { status: 503, body: /service-stopping/ })
  release()
  t.equal((await under).status, 201)
  await stopped
  await t.rejects(fetch(`${origin}/healthz`))
})

const Description = z.looseObject({
  openapi: z.string(),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        parameters: z.array(z.looseObject({ name: z.string() })),
        requestBody: z.object({ content: z.record(z.string(), z.unknown()) }).optional(),
      }),
    ),
  ),
})

/** Opens a connection with half a request on it; the rest is sent when called. */
async function keptConnection(origin: string) {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n')
  return () =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      let text = ''
      socket.on('data', (data) => {
        text += data
      })
      socket.on('error', reject)
      socket.on('close', () => resolve({ status: Number(text.slice(9, 12)), body: text }))
      socket.write('\r\n')
    })
}
