import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import type { PoolClient } from '../../src/database/copy-rows.js'
import { instant } from '../../src/domain/values/calendar.js'
import { ActorId, ordinal } from '../../src/domain/values/identifiers.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { allProjections } from '../../src/projections/all-projections.js'
import { writeBatch } from '../../src/projections/batch.js'
import { claimReadModel, LeaseLost } from '../../src/projections/checkpoint.js'
import type { Projection } from '../../src/projections/projection.js'
import { ensureReadModel, Projector } from '../../src/projections/projector.js'
import { openReadModel } from '../../src/projections/read-model.js'
import { rebuildReadModel } from '../../src/projections/rebuild.js'
import { ledgerDatabase, plainNames } from './ledger-database.js'
import { randomCases } from './random-cases.js'
import { randomOf, writeAll } from './written-events.js'

const all = allProjections(plainNames)
const history = randomCases(randomOf(7), { cases: 5, events: 90 })
const waitMilliseconds = 30_000
const pool = await ledgerDatabase(t)

// One server for all of them; each begins without a read model.
t.beforeEach(async () => {
  await pool.query('DROP SCHEMA IF EXISTS read_model CASCADE')
})

async function appendUnknown(store: EventStore): Promise<void> {
  const outcomes = await store.append([
    {
      stream: 'case-11111111-1111-4111-8111-111111111111',
      expected: 'none',
      events: [{ type: 'NeverHeardOf', schemaVersion: 1, effective: '2012-01', data: {} }],
      key: 'unknown',
      requestHash: '0'.repeat(64),
      recorded: instant('2012-06-01T00:00:00.000Z'),
      actor: ActorId.parse('clerk-1'),
      correlation: 'test',
    },
  ])
  if (outcomes[0]?.kind !== 'appended') throw new Error('not appended')
}

t.test('a projector that meets an event it cannot take', async (t) => {
  const store = createInMemoryEventStore()
  await writeAll(store, history.slice(0, 60))
  await appendUnknown(store)
  await writeAll(store, history.slice(60))
  const halts: object[] = []
  const projector = new Projector({
    pool,
    store,
    projections: all,
    owner: 'test',
    onHalt: (halt) => halts.push(halt),
  })
  await projector.start()
  t.ok(await projector.waitFor(ordinal(59), waitMilliseconds), 'everything before it is there')
  while (halts.length === 0) await pause(20)
  const expected = { ordinal: 60, type: 'NeverHeardOf', message: 'event-unknown' }
  t.strictSame(halts, [expected], 'it halts and says where')
  const status = await projector.status()
  t.match(status, { ordinal: 59, head: 90, lag: 31, halted: expected, leading: false })
  t.notOk(await projector.waitFor(ordinal(60), 50), 'and goes no further')
  await projector.stop()
})

t.test('of two projectors one writes, and the other goes on when it stops', async (t) => {
  const store = createInMemoryEventStore()
  const make = (owner: string) =>
    new Projector({ pool, store, projections: all, owner, retryMilliseconds: 20 })
  const [first, second] = [make('first'), make('second')]
  await Promise.all([first.start(), second.start()])
  await writeAll(store, history.slice(0, 50))
  t.ok(await first.waitFor(ordinal(49), waitMilliseconds))
  t.ok(await second.waitFor(ordinal(49), waitMilliseconds))
  const leading = [(await first.status()).leading, (await second.status()).leading]
  t.strictSame([...leading].sort(), [false, true])
  const [leader, other] = leading[0] ? [first, second] : [second, first]
  await leader.stop()
  await writeAll(store, history.slice(50))
  t.ok(await other.waitFor(ordinal(89), waitMilliseconds))
  await other.stop()
  t.strictSame((await rebuildReadModel({ pool, store, projections: all })).differences, [])
})

t.test('an owner that lost its lease without noticing writes nothing', async (t) => {
  const store = createInMemoryEventStore()
  await writeAll(store, history)
  const events = await store.readAll({ after: ordinal(-1), limit: 40 })
  await ensureReadModel(pool, all)
  const schema = 'read_model'
  const owner = async (name: string) => {
    const client = await pool.connect()
    await client.query(`SET search_path TO ${schema}`)
    const { epoch, ordinal: at } = await claimReadModel(client, name)
    const folds = all.map((projection) => projection.open('live'))
    return { target: { client, schema, folds }, lease: { epoch, ordinal: at } }
  }
  const old = await owner('old')
  const next = await owner('new')
  const written = await writeBatch(next.target, next.lease, events)
  t.equal(written.ordinal, 39)
  await t.rejects(writeBatch(old.target, old.lease, events), LeaseLost)
  await t.rejects(writeBatch(next.target, next.lease, events), LeaseLost, 'nor twice the same')
  const { rows } = await pool.query(`SELECT ordinal FROM ${schema}.checkpoint`)
  t.strictSame(rows, [{ ordinal: 39 }])
  for (const { target } of [old, next]) release(target.client)
})

function release(client: PoolClient): void {
  client.release(true)
}

t.test('tables of other versions are served as they are until they are rebuilt', async (t) => {
  const store = createInMemoryEventStore()
  await writeAll(store, history)
  const older = all.map((projection): Projection => ({ ...projection, version: 0 }))
  const before = new Projector({ pool, store, projections: older, owner: 'before' })
  await before.start()
  t.ok(await before.waitFor(ordinal(89), waitMilliseconds))
  await before.stop()

  const projector = new Projector({
    pool,
    store,
    projections: all,
    owner: 'after',
    retryMilliseconds: 20,
  })
  await projector.start()
  t.match(await projector.status(), { outdated: true, leading: false, ordinal: 89 })
  const model = openReadModel(pool)
  t.equal(await model.read(async ({ asOf }) => asOf.ordinal), 89)
  const { differences, ordinal: reached } = await rebuildReadModel({
    pool,
    store,
    projections: all,
  })
  t.equal(differences, null, 'other versions are not compared')
  t.equal(reached, 89)
  t.match(await projector.status(), { outdated: false })
  await projector.stop()
})
