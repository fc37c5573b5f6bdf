import { randomUUID } from 'node:crypto'
import t from 'tap'
import { EventId, PersonId } from '../../src/domain/values/identifiers.js'
import { createInMemoryErasureList } from '../../src/sealing/erasure-list.js'
import { masterKeyOf } from '../../src/sealing/master-key.js'
import { createPostgresPersonKeys } from '../../src/sealing/postgres-person-keys.js'
import { createVault } from '../../src/sealing/vault.js'
import { startTestPostgres } from '../support/postgres.js'

function requestOf(text: string) {
  const person = PersonId.parse(randomUUID())
  return { person, eventId: EventId.parse(randomUUID()), field: 'name', text }
}

t.test('person keys in the database', async (t) => {
  const { adminPool, pool } = await startTestPostgres(t)
  const masterKey = masterKeyOf(Buffer.alloc(32, 7))
  const erasures = createInMemoryErasureList()
  const vaultOver = () => createVault({ keys: createPostgresPersonKeys(pool), erasures, masterKey })

  t.test('are made once, whoever asks at the same time', async (t) => {
    const request = requestOf('张三')
    const sealed = await Promise.all(Array.from({ length: 30 }, () => vaultOver().seal(request)))
    t.equal(new Set(sealed.map(({ cipher }) => cipher)).size, 1)
    const [first] = sealed
    if (!first) return t.fail('nothing was sealed')
    t.equal(await vaultOver().open(first), '张三')
  })

  t.test('are made and read by the thousand', async (t) => {
    const requests = Array.from({ length: 6000 }, (_, at) => requestOf(`某人${at}`))
    const vault = vaultOver()
    const [left, right] = await Promise.all([
      vault.sealAll(requests),
      vaultOver().sealAll([...requests].reverse()),
    ])
    t.same(left, [...right].reverse(), 'two at once do not wait for each other for ever')
    t.same(
      await vault.openAll(left),
      requests.map(({ text }) => text),
    )
  })

  t.test('are destroyed for ever, and nobody gets a second one', async (t) => {
    const [erased, never] = [requestOf('张三'), requestOf('李四')]
    const vault = vaultOver()
    const sealed = await vault.seal(erased)
    await vault.destroy([erased.person, never.person])

    t.equal(await vault.open(sealed), null)
    await t.rejects(vault.sealAll([erased]), { code: 'person-erased' })
    await t.rejects(vault.sealAll([never]), { code: 'person-erased' })
    const { rows } = await adminPool.query(
      `SELECT wrapped_key, destroyed_at IS NOT NULL AS gone
       FROM vault.person_key
       WHERE person_id = $1`,
      [erased.person],
    )
    t.same(rows, [{ wrapped_key: null, gone: true }])
    t.equal(await vault.reapplyErasures(), 2)
  })

  t.test('can neither be changed nor deleted by the service', async (t) => {
    const request = requestOf('张三')
    await vaultOver().seal(request)
    const change = "UPDATE vault.person_key SET wrapped_key = 'other' WHERE person_id = $1"
    await t.rejects(pool.query(change, [request.person]), /never changed/)
    const remove = 'DELETE FROM vault.person_key WHERE person_id = $1'
    await t.rejects(pool.query(remove, [request.person]), { code: '42501' })
    await vaultOver().destroy([request.person])
    await t.rejects(
      adminPool.query(
        "UPDATE vault.person_key SET wrapped_key = 'x', destroyed_at = NULL WHERE person_id = $1",
        [request.person],
      ),
      /never changed/,
    )
  })

  t.test('do not open under another master key', async (t) => {
    const keys = createPostgresPersonKeys(pool)
    const other = createVault({ keys, erasures, masterKey: masterKeyOf(Buffer.alloc(32, 8)) })
    await t.rejects(other.assertMasterKeyFits(), { code: 'master-key-unfit' })
    await vaultOver().assertMasterKeyFits()
  })
})
