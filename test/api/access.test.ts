import { chmod, readdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import t from 'tap'
import { z } from 'zod'
import { openLocalKey } from '../../src/api/auth/local-key.js'
import { issueToken, remoteKeys } from '../../src/api/auth/tokens.js'
import { memoryRevocations } from '../../src/api/vault/revoked-tokens.js'
import { DomainError } from '../../src/domain/errors.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ActorId } from '../../src/domain/values/identifiers.js'
import { naming, newKey, payment, person, type ServiceUnderTest, startService } from './service.js'

const list = '/v1/accounts/a/payments'

async function refusal(response: Response) {
  const { code } = z.object({ code: z.string() }).parse(await response.json())
  return [response.status, code]
}

const claims = { name: '经办员', roles: ['clerk'], division: '990100000000' }

/** A token that is right in all but what a test changes. */
function signed({ key }: ServiceUnderTest, change: (token: SignJWT) => SignJWT, given = claims) {
  const token = new SignJWT(given)
    .setProtectedHeader({ alg: key.algorithm, kid: key.keyId })
    .setSubject('actor-1')
    .setJti('token-of-test')
    .setIssuer(naming.issuer)
    .setAudience(naming.audience)
    .setIssuedAt()
    .setExpirationTime('5 minutes')
  return change(token).sign(key.privateKey)
}

t.test('without a good token nobody gets in', async (t) => {
  const service = await startService(t)
  const bare = await fetch(`${service.origin}/v1/accounts/a`)
  t.strictSame(await refusal(bare.clone()), [401, 'token-missing'])
  t.equal(bare.headers.get('www-authenticate'), 'Bearer')
  const basic = await fetch(`${service.origin}/v1/accounts/a`, {
    headers: { authorization: 'Basic YTpi' },
  })
  t.strictSame(await refusal(basic), [401, 'token-missing'])

  const stranger = await openLocalKey(t.testdir())
  const order = {
    actor: ActorId.parse('actor-1'),
    name: '外人',
    roles: ['clerk'],
    division: DivisionCode.parse('990100000000'),
    lifetimeSeconds: 60,
  } as const
  const unsigned = [{ alg: 'none' }, { ...claims, sub: 'actor-1' }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const shared = await new SignJWT({ ...claims, jti: 'token-of-test' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('actor-1')
    .sign(Buffer.alloc(32, 1))
  const bad = {
    'not a token at all': 'abc',
    'a signature of nobody': `${unsigned}.`,
    'a shared secret': shared,
    'a key of another ledger': (await issueToken(order, { key: stranger, ...naming })).token,
    expired: await signed(service, (token) => token.setExpirationTime('-1 minute')),
    'of another issuer': await signed(service, (token) => token.setIssuer('elsewhere')),
    'for another audience': await signed(service, (token) => token.setAudience('elsewhere')),
    'without an id': await signed(service, (token) => token.setJti('')),
    'with a role that is none': await signed(service, (token) => token, {
      ...claims,
      roles: ['king'],
    }),
    'with a scope that is none': await signed(service, (token) => token, {
      ...claims,
      division: '*',
    }),
    'changed after signing': (await service.token()).replace(
      /\.[^.]+\./,
      `.${unsigned.split('.')[1]}.`,
    ),
    endless: 'a'.repeat(9000),
  }
  for (const [what, token] of Object.entries(bad))
    t.strictSame(
      await refusal(await service.call('/v1/accounts/a', { token })),
      [401, 'token-invalid'],
      what,
    )
  t.equal((await service.call('/v1/accounts/a')).status, 200)
})

t.test('a role that is not among the route’s is refused before the body is read', async (t) => {
  const { call, token } = await startService(t)
  const auditor = await token({ roles: ['auditor'] })
  const broken = await call(list, {
    token: auditor,
    body: '{',
    headers: { 'idempotency-key': newKey() },
  })
  t.strictSame(await refusal(broken), [403, 'role-missing'])
  const both = await token({ roles: ['auditor', 'clerk'] })
  const written = await call(list, {
    token: both,
    body: payment,
    headers: { 'idempotency-key': newKey() },
  })
  t.equal(written.status, 201)
})

t.test('a division outside the token’s subtree is refused, one inside is not', async (t) => {
  const { call, token, store } = await startService(t)
  const write = async (division: string) =>
    call(list, {
      token: await token({ division }),
      body: payment,
      headers: { 'idempotency-key': newKey() },
    })
  t.strictSame(await refusal(await write('990200000000')), [403, 'division-outside-scope'])
  t.strictSame(await refusal(await write('990101001000')), [403, 'division-outside-scope'])
  t.equal(await store.head(), -1, 'nothing was written')
  for (const inside of ['990101000000', '990100000000', '990000000000'])
    t.equal((await write(inside)).status, 201, inside)
})

t.test('a revoked token stops at once, and so do all tokens of a revoked actor', async (t) => {
  const service = await startService(t)
  const administrator = await service.token({ actor: 'boss', roles: ['administrator'] })
  const revoke = (body: object) =>
    service.call('/v1/token-revocations', {
      token: administrator,
      body: { reason: '离岗', ...body },
      headers: { 'idempotency-key': newKey() },
    })
  const use = async (token: string) => (await service.call('/v1/accounts/a', { token })).status

  const lost = await signed(service, (token) => token)
  const other = await service.token()
  t.strictSame([await use(lost), await use(other)], [200, 200])
  t.equal((await revoke({ kind: 'token', value: 'token-of-test' })).status, 200)
  t.strictSame(await refusal(await service.call('/v1/accounts/a', { token: lost })), [
    401,
    'token-revoked',
  ])
  t.equal(await use(other), 200)

  t.equal((await revoke({ kind: 'actor', value: 'actor-1' })).status, 200)
  t.equal(await use(other), 401)
  const later = await signed(service, (token) =>
    token.setJti('token-of-later').setIssuedAt(Math.floor(Date.now() / 1000) + 1),
  )
  t.equal(await use(later), 200, 'a token issued afterwards is good')
  const clerk = { token: await service.token({ actor: 'actor-2' }) }
  t.equal((await service.call('/v1/token-revocations', { ...clerk, body: {} })).status, 403)
})

t.test('revocations that can not be asked let nobody in', async (t) => {
  const revocations = {
    ...memoryRevocations(() => 0),
    isRevoked: () => Promise.reject(new DomainError('database-unreachable')),
  }
  const { call } = await startService(t, { revocations })
  t.strictSame(await refusal(await call('/v1/accounts/a')), [503, 'database-unreachable'])
})

t.test(
  'personal data needs a purpose, is logged before it is given, never to statisticians',
  async (t) => {
    const service = await startService(t)
    const headers = { 'idempotency-key': newKey() }
    await service.call(list, { body: payment, headers })

    t.strictSame(await refusal(await service.call(list)), [400, 'purpose-missing'])
    t.strictSame(await refusal(await service.call(`${list}?purpose=x`)), [400, 'purpose-missing'])
    const statistician = await service.token({ roles: ['statistician', 'clerk'] })
    t.strictSame(
      await refusal(await service.call(`${list}?purpose=check`, { token: statistician })),
      [403, 'personal-data-refused'],
    )
    const read = await service.call(list, {
      headers: {
        'access-purpose': encodeURIComponent('核对五月发放'),
        'x-request-id': 'reading-1',
      },
    })
    t.equal(read.status, 200)
    t.equal((await service.call('/v1/accounts/empty/payments?purpose=核对')).status, 200)

    const accesses = async (query: string, division = '990100000000') => {
      const token = await service.token({ actor: 'auditor-1', roles: ['auditor'], division })
      const response = await service.call(`/v1/personal-data-accesses${query}`, { token })
      return z.object({ rows: z.array(z.looseObject({})) }).parse(await response.json()).rows
    }
    t.strictSame(await accesses(''), [
      {
        accessId: 1,
        accessedAt: '2012-06-06T02:00:00.000Z',
        actor: 'actor-1',
        division: '990100000000',
        persons: [person],
        purpose: '核对五月发放',
        route: 'GET /v1/accounts/:account/payments',
        requestId: 'reading-1',
      },
    ])
    t.equal((await accesses(`?person=${person}&actor=actor-1`)).length, 1)
    t.equal((await accesses('?actor=nobody')).length, 0)
    t.equal((await accesses('', '990200000000')).length, 0, 'an auditor of another place sees none')
  },
)

t.test('an access that can not be logged is not given', async (t) => {
  const { dependencies } = await startService(t)
  const accessLog = {
    ...dependencies.services.accessLog,
    record: () => Promise.reject(new DomainError('database-unreachable')),
  }
  const service = await startService(t, {
    overrides: { services: { ...dependencies.services, accessLog } },
  })
  await service.call(list, { body: payment, headers: { 'idempotency-key': newKey() } })
  const response = await service.call(`${list}?purpose=check&format=csv`)
  t.strictSame(await refusal(response.clone()), [503, 'database-unreachable'])
  t.ok(Number(response.headers.get('retry-after')) > 0)
  t.notMatch(await response.text(), /张三/)
})

t.test('the local key is made once, for its owner alone', async (t) => {
  const folder = t.testdir()
  const [first, second] = await Promise.all([openLocalKey(folder), openLocalKey(folder)])
  t.equal(first.keyId, second.keyId, 'two starts at once make one key')
  t.equal((await openLocalKey(folder)).keyId, first.keyId)
  t.strictSame(await readdir(folder), ['token-key.json'], 'no draft is left behind')
  const file = join(folder, 'token-key.json')
  t.equal((await stat(file)).mode & 0o777, 0o600)
  await chmod(file, 0o644)
  await t.rejects(openLocalKey(folder), new DomainError('token-key-file-unsafe', { file }))
  await chmod(file, 0o600)
  await writeFile(file, '{"kty":')
  await t.rejects(openLocalKey(folder), new DomainError('token-key-file-unsafe', { file }))
})

t.test(
  'keys of an identity provider come from its key set, and their absence is no 401',
  async (t) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'of-provider', alg: 'ES256' }
    const provider = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })))
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
    const address = provider.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const url = `http://127.0.0.1:${port}/keys`
    const revocations = memoryRevocations(() => 0)
    const overrides = () => ({
      authentication: { tokens: { ...naming, keys: remoteKeys(url) }, revocations },
    })
    const token = await new SignJWT({ ...claims, scope: 'of the provider' })
      .setProtectedHeader({ alg: 'ES256', kid: 'of-provider' })
      .setSubject('actor-1')
      .setJti('token-of-provider')
      .setIssuer(naming.issuer)
      .setAudience(naming.audience)
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(privateKey)

    const service = await startService(t, { overrides: overrides() })
    t.equal((await service.call('/v1/accounts/a', { token })).status, 200)
    t.strictSame(await refusal(await service.call('/v1/accounts/a')), [401, 'token-invalid'])
    await new Promise((resolve) => provider.close(resolve))
    const cold = await startService(t, { overrides: overrides() })
    t.strictSame(await refusal(await cold.call('/v1/accounts/a', { token })), [
      503,
      'token-keys-unreachable',
    ])
  },
)
