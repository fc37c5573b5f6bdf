import fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'
import { createCursors, type Keyset } from '../../src/api/paging.js'
import { ordinalOfPosition, positionOf } from '../../src/api/position.js'
import { memoryAnswers } from '../../src/api/vault/answers.js'
import { gather } from '../../src/api/vault/gather.js'
import { DomainError } from '../../src/domain/errors.js'
import { ordinal } from '../../src/domain/values/identifiers.js'
import { newKey, now, payment, type ServiceUnderTest, startService } from './service.js'

const list = '/v1/accounts/a/payments'

const Written = z.looseObject({ position: z.string(), version: z.int(), ordinal: z.int() })

async function refusal(response: Response) {
  const { code } = z.object({ code: z.string() }).parse(await response.json())
  return [response.status, code]
}

function write({ call }: ServiceUnderTest, key: string, more: WriteInit = {}) {
  return call(more.url ?? list, {
    body: { ...payment, ...more.change },
    headers: { 'idempotency-key': key, ...more.headers },
    ...(more.token === undefined ? {} : { token: more.token }),
  })
}

interface WriteInit {
  readonly url?: string
  readonly change?: object
  readonly headers?: Record<string, string>
  readonly token?: string
}

t.test(
  'a write answers where it stands: 201, Location, ETag, version, ordinal, position',
  async (t) => {
    const response = await write(await startService(t), newKey())
    t.equal(response.status, 201)
    t.match(Object.fromEntries(response.headers), {
      etag: '"0"',
      location: '/v1/accounts/a/payments/0',
      'content-type': 'application/json; charset=utf-8',
      'idempotency-replayed': undefined,
    })
    t.strictSame(await response.json(), {
      result: { account: 'a', number: 0 },
      version: 0,
      ordinal: 0,
      position: positionOf(ordinal(0)),
      asOf: { ordinal: 0, instant: now, clock: 'real' },
    })
  },
)

t.test(
  'a retry is answered byte for byte as the first was, and nothing is written twice',
  async (t) => {
    const service = await startService(t)
    const key = newKey()
    const first = await write(service, key)
    const text = await first.text()
    await write(service, newKey())
    const retry = await write(service, key)
    t.equal(await retry.text(), text)
    t.equal(retry.status, 201)
    t.equal(retry.headers.get('idempotency-replayed'), 'true')
    t.equal(retry.headers.get('etag'), first.headers.get('etag'))
    t.equal(retry.headers.get('location'), first.headers.get('location'))
    t.equal(await service.store.head(), 1)
  },
)

t.test('the log alone answers a retry when the kept answers are gone', async (t) => {
  const { dependencies } = await startService(t)
  const forgetful = { ...memoryAnswers(), keep: () => Promise.reject(new Error('full')) }
  const service = await startService(t, {
    overrides: { services: { ...dependencies.services, answers: forgetful } },
  })
  const key = newKey()
  const first = await write(service, key)
  t.equal(first.status, 201, 'an answer that can not be kept is no reason to fail')
  const retry = await write(service, key)
  t.strictSame(await retry.json(), await first.json())
  t.equal(retry.headers.get('idempotency-replayed'), 'true')
  t.strictSame(await refusal(await write(service, key, { change: { amountFen: 1 } })), [
    422,
    'idempotency-key-reused',
  ])
  t.equal(await service.store.head(), 0)
})

t.test('fifty retries at once write once', async (t) => {
  const service = await startService(t)
  const key = newKey()
  const responses = await Promise.all(Array.from({ length: 50 }, () => write(service, key)))
  const bodies = await Promise.all(responses.map((response) => response.text()))
  t.strictSame([...new Set(responses.map(({ status }) => status))], [201])
  t.equal(new Set(bodies).size, 1)
  t.equal(await service.store.head(), 0)
})

t.test('a key belongs to one request of one actor', async (t) => {
  const service = await startService(t)
  const key = newKey()
  await write(service, key)
  const reused = [422, 'idempotency-key-reused']
  t.strictSame(await refusal(await write(service, key, { change: { amountFen: 1 } })), reused)
  t.strictSame(await refusal(await write(service, key, { url: '/v1/accounts/b/payments' })), reused)
  t.equal(await service.store.head(), 0, 'nothing was written')
  const token = await service.token({ actor: 'actor-2' })
  t.equal((await write(service, key, { token })).headers.get('idempotency-replayed'), null)
  const reordered = Object.fromEntries(Object.entries(payment).reverse())
  const same = await service.call(list, { body: reordered, headers: { 'idempotency-key': key } })
  t.equal(same.headers.get('idempotency-replayed'), 'true', 'the order of fields is no content')
})

t.test('If-Match writes at the version that was read, or not at all', async (t) => {
  const service = await startService(t)
  await write(service, newKey())
  const read = await service.call('/v1/accounts/a')
  t.equal(read.headers.get('etag'), '"0"')
  const headers = { 'if-match': read.headers.get('etag') ?? '' }
  t.equal((await write(service, newKey(), { headers })).status, 201)
  const stale = await write(service, newKey(), { headers })
  t.strictSame(await refusal(stale), [412, 'etag-stale'])
  t.equal(stale.headers.get('etag'), null)
  t.equal(await service.store.head(), 1)
  t.equal((await write(service, newKey(), { headers: { 'if-match': '*' } })).status, 201)
})

t.test('a read waits for a position, a bounded time, and says as of when it is', async (t) => {
  const service = await startService(t)
  const written = Written.parse(await (await write(service, newKey())).json())
  const path = `/v1/accounts/a?minPosition=${written.position}`
  const read = await service.call(path)
  t.strictSame(await read.json(), {
    result: { totalFen: 46_792, version: 0 },
    asOf: { ordinal: 0, instant: now, clock: 'real' },
  })
  service.lag.events = 1
  const behind = await service.call(path)
  t.equal(behind.headers.get('retry-after'), '1')
  t.strictSame(await refusal(behind), [503, 'projection-behind'])
})

t.test('positions and cursors read back; a changed or foreign cursor is refused', async (t) => {
  const seed = Date.now() % 1_000_000
  t.comment(`seed ${seed}`)
  const invalid = new DomainError('cursor-invalid')
  const cursors = createCursors(Buffer.alloc(32, 7))
  const filters = fc.dictionary(fc.string(), fc.string())
  const keyset = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null)),
  )
  fc.assert(
    fc.property(fc.string(), filters, keyset, (route, given, keys: Keyset) => {
      const cursor = cursors.write({ route, filters: given }, keys)
      t.strictSame(cursors.read({ route, filters: given }, cursor), keys)
      t.throws(() => cursors.read({ route: `${route}x`, filters: given }, cursor), invalid)
      t.throws(() => cursors.read({ route, filters: { ...given, x: 1 } }, cursor), invalid)
      t.throws(
        () => createCursors(Buffer.alloc(32, 8)).read({ route, filters: given }, cursor),
        invalid,
      )
    }),
    { seed, numRuns: 30 },
  )
  fc.assert(
    fc.property(fc.integer({ min: -1, max: 2 ** 40 }), (at) => {
      return ordinalOfPosition(positionOf(ordinal(at))) === at
    }),
    { seed },
  )
  for (const text of ['', 'abc', 'cDEuLTI'])
    t.throws(() => ordinalOfPosition(text), new DomainError('position-malformed'))
})

t.test(
  'calls that come together share a round trip, and one failure is not another’s',
  async (t) => {
    const batches: number[][] = []
    const double = gather(async (items: readonly number[]) => {
      batches.push([...items])
      await new Promise((resolve) => setImmediate(resolve))
      if (items.includes(13)) throw new Error('unlucky')
      return items.map((item) => item * 2)
    }, 3)
    t.strictSame(await Promise.all([1, 2, 3, 4, 5].map(double)), [2, 4, 6, 8, 10])
    t.strictSame(batches, [[1], [2, 3, 4], [5]])
    await t.rejects(double(13), { message: 'unlucky' })
    t.equal(await double(7), 14, 'goes on after a failure')
    const short = gather(async () => [], 3)
    await t.rejects(short(1), { message: 'a batch with a wrong number of results' })
  },
)
