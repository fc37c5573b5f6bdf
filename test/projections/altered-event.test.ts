import { join } from 'node:path'
import t from 'tap'
import { ordinal } from '../../src/domain/values/identifiers.js'
import { exportLog } from '../../src/event-store/moving/move-log.js'
import { appendMarks } from '../../src/event-store/postgres/append-marks.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'
import { allProjections } from '../../src/projections/all-projections.js'
import { checkReadModel } from '../../src/projections/check/check.js'
import { openReadModel } from '../../src/projections/read-model.js'
import { rebuildReadModel } from '../../src/projections/rebuild.js'
import { startTestPostgres } from '../support/postgres.js'
import { plainNames, smallBlocks } from './ledger-database.js'
import { randomHistory } from './random-history.js'
import { randomOf, writeAll } from './written-events.js'

t.test('an event that was changed in the database is named, also after a rebuild', async (t) => {
  const { adminPool, pool, server } = await startTestPostgres(t)
  const store = await openPostgresEventStore({
    connection: server.serviceConnection,
    clock: 'simulated',
  })
  t.teardown(() => store.close())
  const size = { cases: 4, caseEvents: 60, runs: 2, people: 8 }
  await writeAll(store, randomHistory(randomOf(20120610), size))
  const projections = allProjections(plainNames, smallBlocks)
  const rebuild = () => rebuildReadModel({ pool, store, projections })
  const model = openReadModel(pool)
  const check = () => checkReadModel({ store, model, names: plainNames, shifts: smallBlocks })
  const exported = () =>
    exportLog({
      store,
      queries: { appendsIn: (range) => appendMarks(pool, range) },
      path: join(t.testdir(), 'log.ndjson'),
    })
  await rebuild()
  const sound = await check()
  t.same(sound.differences, [])
  t.equal(sound.rows['log'], (await store.head()) + 1)
  t.equal((await exported()).events, sound.rows['log'])

  const altered = ordinal(20)
  await adminPool.query('ALTER TABLE ledger.events DISABLE TRIGGER events_never_change')
  const { rows } = await adminPool.query<{ stream: string; version: number }>(
    "UPDATE ledger.events SET actor = 'somebody' WHERE ordinal = $1 RETURNING stream, version",
    [altered],
  )
  const [event] = rows
  await rebuild()
  const { differences } = await check()
  t.match(differences, [
    { table: 'log', where: `ordinal ${altered}: ${event?.stream} version ${event?.version}` },
  ])
  t.equal(differences.length, 1)
  await t.rejects(exported(), { code: 'log-event-altered', facts: { ordinal: altered } })
})
