import t from 'tap'
import { createPool, inTransaction } from '../../src/database/pool.js'
import { instant } from '../../src/domain/values/calendar.js'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'
import { startAnswerDroppingProxy } from '../support/answer-dropping-proxy.js'
import { anAppend, anEvent } from '../support/appends.js'
import { startTestPostgres } from '../support/postgres.js'
import { eventStoreContract } from './contract.js'

const { server, pool, adminPool } = await startTestPostgres(t)
const connection = server.serviceConnection
const open = () => openPostgresEventStore({ connection, clock: 'simulated' })

/** The log can't be emptied, not even by its owner: a test that wants one drops the trigger. */
async function emptyLog(): Promise<void> {
  await adminPool.query('ALTER TABLE ledger.events DISABLE TRIGGER events_never_change')
  await adminPool.query('TRUNCATE ledger.events')
  await adminPool.query('ALTER TABLE ledger.events ENABLE ALWAYS TRIGGER events_never_change')
}

async function withStore(work: (store: EventStore) => Promise<void>): Promise<void> {
  await emptyLog()
  const store = await open()
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

t.test('the log in PostgreSQL', (t) =>
  eventStoreContract(t, async () => {
    await emptyLog()
    return open()
  }),
)

t.test('two processes share one order, and each hears of the other', async (t) => {
  await emptyLog()
  const stores = [await open(), await open()] as const
  const seen: number[] = []
  const subscription = stores[1].subscribe(beforeFirst, async (events) => {
    seen.push(...events.map(({ ordinal }) => ordinal))
  })
  await Promise.all(
    stores.flatMap((store, at) =>
      Array.from({ length: 150 }, (_, n) =>
        store.append([anAppend({ stream: `s-${at}-${n}`, key: `k-${at}-${n}` })]),
      ),
    ),
  )
  const end = performance.now() + 10_000
  while (seen.length < 300 && performance.now() < end) await new Promise((r) => setTimeout(r, 5))
  await Promise.all(stores.map((store) => store.close()))
  await subscription.done

  t.same(
    seen,
    Array.from({ length: 300 }, (_, n) => n),
  )
})

t.test('a connection killed in the middle loses and doubles nothing', (t) =>
  withStore(async (store) => {
    let isOver = false
    const killing = (async () => {
      while (!isOver) {
        await adminPool.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name LIKE '%log writer'`,
        )
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    })()
    const outcomes = []
    for (let n = 0; n < 200; n += 1)
      outcomes.push(...(await store.append([anAppend({ stream: `s${n}`, key: `k${n}` })])))
    isOver = true
    await killing

    t.ok(outcomes.every(({ kind }) => kind === 'appended' || kind === 'replayed'))
    const events = await store.readAll({ after: beforeFirst, limit: 1000 })
    t.equal(events.length, 200)
  }),
)

t.test('an answer lost after the commit is asked for again with the same keys', async (t) => {
  await emptyLog()
  const proxy = await startAnswerDroppingProxy(t, String(connection.host))
  const store = await openPostgresEventStore({
    connection: { ...connection, host: proxy.folder },
    clock: 'simulated',
  })
  await store.append([anAppend({ stream: 'warm', key: 'warm' })])
  proxy.dropNextAnswer()
  const outcomes = await store.append([
    anAppend({ stream: 'a', key: 'a', events: [anEvent(), anEvent()] }),
    anAppend({ stream: 'warm', key: 'b', expected: 7 }),
  ])

  t.same(outcomes, [
    { kind: 'replayed', version: 1, ordinal: 2 },
    { kind: 'conflict', actual: 0 },
  ])
  t.equal(proxy.droppedAnswers(), 1)
  t.equal(await store.head(), 2)
  await store.close()
})

t.test('a full queue says that the log is busy', async (t) => {
  await emptyLog()
  const limits = { waitingAppends: 10 }
  const store = await openPostgresEventStore({ connection, clock: 'simulated', limits })
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) =>
      store.append([anAppend({ stream: `s${n}`, key: `k${n}` })]),
    ),
  )
  await store.close()

  const refusals = results.flatMap((result) => (result.status === 'rejected' ? result.reason : []))
  t.match(refusals, [{ code: 'log-busy' }, { code: 'log-busy' }])
})

t.test('on the real clock a wrong clock is refused, and a replay still answered', async (t) => {
  await emptyLog()
  const simulated = await open()
  const old = anAppend({ stream: 'old', key: 'old', recorded: instant('2012-06-06T02:00:00.000Z') })
  await simulated.append([old])
  await simulated.close()
  const store = await openPostgresEventStore({ connection, clock: 'real' })
  const now = instant(new Date().toISOString())
  const outcomes = await store.append([
    old,
    { ...old, stream: 'a', key: 'a' },
    anAppend({ stream: 'b', key: 'b', recorded: now }),
  ])
  await store.close()

  t.match(outcomes, [
    { kind: 'replayed', version: 0, ordinal: 0 },
    { kind: 'clock-refused', storeClock: /^\d{4}-.*Z$/ },
    { kind: 'appended', version: 0, ordinal: 1 },
  ])
})

t.test('nobody changes the log', (t) =>
  withStore(async (store) => {
    await store.append([anAppend({ stream: 'a', key: '1', events: [anEvent()] })])
    const changes = [
      "UPDATE ledger.events SET type = 'x'",
      'DELETE FROM ledger.events',
      'TRUNCATE ledger.events',
    ]
    for (const change of changes) {
      await t.rejects(pool.query(change), { code: '42501' })
      await t.rejects(
        inTransaction(adminPool, async (client) => {
          await client.query('SET LOCAL ROLE ledger_owner')
          await client.query(change)
        }),
        { code: '23000' },
      )
      await t.rejects(
        inTransaction(adminPool, async (client) => {
          await client.query('SET LOCAL session_replication_role = replica')
          await client.query(change)
        }),
        { code: '23000' },
      )
    }
    await t.rejects(pool.query('INSERT INTO ledger.events (ordinal) VALUES (1)'), { code: '42501' })
    t.equal((await store.readStream('a')).length, 1)
  }),
)

t.test('an older snapshot may not append', async (t) => {
  const empty = Array.from({ length: 15 }, () => '{}')
  const parameters = empty.map((_, at) => `$${at + 1}`).join(', ')
  await t.rejects(
    inTransaction(pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
      await client.query(`SELECT * FROM ledger.append(${parameters}, NULL)`, empty)
    }),
    { code: '25000' },
  )
})

t.test('a broken order is named and ends a subscription', (t) =>
  withStore(async (store) => {
    await store.append([0, 1, 2].map((n) => anAppend({ stream: `s${n}`, key: `k${n}` })))
    await adminPool.query('ALTER TABLE ledger.events DISABLE TRIGGER events_never_change')
    await adminPool.query('DELETE FROM ledger.events WHERE ordinal = 1')

    await t.rejects(store.subscribe(beforeFirst, async () => undefined).done, {
      code: 'log-broken',
      facts: { expected: 1, found: 2 },
    })
  }),
)

t.test('a superuser and unsafe settings are refused at the start', async (t) => {
  const asSuperuser = openPostgresEventStore({
    connection: server.adminConnection,
    clock: 'simulated',
  })
  await t.rejects(asSuperuser, { message: /superuser/ })
  await adminPool.query('ALTER ROLE ledger_service SET synchronous_commit = off')
  await t.rejects(open(), { message: /synchronous_commit is off/ })
  await adminPool.query('ALTER ROLE ledger_service RESET synchronous_commit')
})

t.test('the hot reads use their indexes', async (t) => {
  const hot = [
    "SELECT ordinal FROM ledger.events WHERE stream = 'a' AND version >= 0 ORDER BY version",
    'SELECT ordinal FROM ledger.events WHERE ordinal > 5 ORDER BY ordinal LIMIT 10',
    `SELECT ordinal FROM ledger.events WHERE recorded_max <= now()
     ORDER BY recorded_max DESC, ordinal DESC LIMIT 1`,
  ]
  const planner = createPool(connection, { name: 'plans', connections: 1 })
  await planner.query('SET enable_seqscan = off')
  for (const sql of hot) {
    const { rows } = await planner.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    t.match(plan, /Index.* Scan/)
    t.notMatch(plan, /Sort|Seq Scan/)
  }
  await planner.end()
})
