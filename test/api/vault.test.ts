import t from 'tap'
import type { PersonalDataAccess, SqlClient, StoredAnswer } from '../../src/api/ports.js'
import { postgresAnswers, removeExpiredAnswers } from '../../src/api/vault/answers.js'
import { postgresAccessLog } from '../../src/api/vault/personal-data-accesses.js'
import { postgresRevocations } from '../../src/api/vault/revoked-tokens.js'
import { DomainError } from '../../src/domain/errors.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ActorId, PersonId } from '../../src/domain/values/identifiers.js'
import { startTestPostgres } from '../support/postgres.js'
import { newKey, payment, person, startService } from './service.js'

const actor = ActorId.parse('actor-1')
const boss = ActorId.parse('boss')
const division = DivisionCode.parse('990100000000')
const [town, county, otherCounty, province] = [
  DivisionCode.parse('990301001000'),
  DivisionCode.parse('990301000000'),
  DivisionCode.parse('990201000000'),
  DivisionCode.parse('990000000000'),
]
const other = PersonId.parse('6f0c2c64-8a51-4a5b-9d5e-0d3d2f7f1c12')

t.test('what the API keeps in PostgreSQL', async (t) => {
  const { pool, adminPool, server } = await startTestPostgres(t)
  const client: SqlClient = { query: (text, values) => pool.query(text, values) }

  t.test('a revocation counts in every process with the next request', async (t) => {
    const here = postgresRevocations(client)
    const there = postgresRevocations(client)
    const nowSeconds = Math.floor(Date.now() / 1000)
    const token = {
      tokenId: 'token-0001',
      subject: actor,
      division: town,
      issuedAtSeconds: nowSeconds - 60,
    }
    const second = { ...token, tokenId: 'token-0002' }
    t.strictSame(await Promise.all([there.isRevoked(token), there.isRevoked(second)]), [
      false,
      false,
    ])
    const lost = { kind: 'token', value: 'token-0001', by: boss, reason: '遗失' } as const
    await here.revoke({ ...lost, division: otherCounty })
    t.equal(await there.isRevoked(token), false, 'of another county’s administrator')
    await here.revoke({ ...lost, division: county })
    t.strictSame(await Promise.all([second, token, second].map((one) => there.isRevoked(one))), [
      false,
      true,
      false,
    ])
    await here.revoke({ kind: 'actor', value: actor, division: county, by: boss, reason: '离岗' })
    t.equal(await there.isRevoked({ ...second, division: province }), false, 'holds beyond it')
    t.equal(await there.isRevoked(second), true)
    t.equal(await there.isRevoked({ ...second, issuedAtSeconds: nowSeconds + 60 }), false)
    t.equal(await there.isRevoked({ ...second, subject: boss }), false)
    await t.rejects(pool.query('DELETE FROM vault.revoked_token'), { code: '42501' })
    await t.rejects(pool.query('UPDATE vault.revoked_token SET value = $1', ['x']), {
      code: '42501',
    })
  })

  t.test('answers are kept as they were given, the first one, until they expire', async (t) => {
    const answers = postgresAnswers(client)
    const answer: StoredAnswer = {
      actor,
      key: 'key-00001',
      requestHash: 'ab'.repeat(32),
      status: 201,
      etag: '"7"',
      location: null,
      body: '{"result":{"b":1,"a":"张"}}',
    }
    t.equal(await answers.find(answer), null)
    await Promise.all([
      answers.keep(answer),
      answers.keep({ ...answer, key: 'key-00002', etag: null }),
      answers.keep({ ...answer, body: 'another' }),
    ])
    t.strictSame(await answers.find({ actor, key: 'key-00001' }), answer)
    t.equal(await answers.find({ actor: boss, key: 'key-00001' }), null)
    await adminPool.query(
      "UPDATE vault.idempotency SET expires = now() - interval '1 minute' WHERE key = 'key-00001'",
    )
    t.equal(await answers.find(answer), null)
    await removeExpiredAnswers(client)
    const { rows } = await adminPool.query('SELECT key FROM vault.idempotency')
    t.strictSame(rows, [{ key: 'key-00002' }])
  })

  t.test('accesses to personal data are added, listed, and changed by nobody', async (t) => {
    const log = postgresAccessLog(client)
    const access: PersonalDataAccess = {
      actor,
      division,
      persons: [person, other],
      purpose: '核对',
      route: 'GET /v1/persons/:id',
      requestId: 'request-1',
    }
    await log.record(access)
    await log.record({ ...access, actor: boss, persons: [other], requestId: 'request-2' })
    const list = (more: object) => log.list({ within: division, before: null, limit: 10, ...more })
    const ids = async (more: object) => (await list(more)).map(({ requestId }) => requestId)
    const [newest, oldest] = await list({})
    t.match(newest, { actor: boss, persons: [other], requestId: 'request-2' })
    t.match(oldest, { ...access, accessId: 1 })
    t.match(oldest?.accessedAt, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    t.strictSame(await ids({ person }), ['request-1'])
    t.strictSame(await ids({ actor: boss }), ['request-2'])
    t.strictSame(await ids({ before: 2 }), ['request-1'])
    t.strictSame(await ids({ limit: 1 }), ['request-2'])
    t.strictSame(await ids({ within: DivisionCode.parse('990000000000') }), [
      'request-2',
      'request-1',
    ])
    t.strictSame(await ids({ within: DivisionCode.parse('990101000000') }), [])
    for (const change of [
      'UPDATE vault.personal_data_access SET purpose = $1',
      'DELETE FROM vault.personal_data_access WHERE purpose = $1',
    ])
      for (const [who, code] of [
        [pool, '42501'],
        [adminPool, 'P0001'],
      ] as const)
        await t.rejects(who.query(change, ['x']), { code })
    await t.rejects(adminPool.query('TRUNCATE vault.personal_data_access'), { code: 'P0001' })
  })

  t.test(
    'the service works over these tables, and says so when they are out of reach',
    async (t) => {
      const { dependencies } = await startService(t)
      const service = await startService(t, {
        revocations: postgresRevocations(client),
        overrides: {
          services: {
            ...dependencies.services,
            answers: postgresAnswers(client),
            accessLog: postgresAccessLog(client),
          },
        },
      })
      const token = await service.token({ actor: 'actor-of-service' })
      const key = newKey()
      const write = () =>
        service.call('/v1/accounts/z/payments', {
          token,
          body: payment,
          headers: { 'idempotency-key': key },
        })
      const first = await (await write()).text()
      const retry = await write()
      t.strictSame([await retry.text(), retry.headers.get('idempotency-replayed')], [first, 'true'])
      t.equal((await service.call('/v1/accounts/z/payments?purpose=核对', { token })).status, 200)

      await server.stop()
      const response = await service.call('/v1/accounts/z', { token })
      t.match(await response.json(), { status: 503, code: 'database-unreachable' })
      const revocations = postgresRevocations(client)
      const identity = { tokenId: 'token-0003', subject: actor, division: town, issuedAtSeconds: 0 }
      await t.rejects(revocations.isRevoked(identity), new DomainError('database-unreachable'))
    },
  )
})
