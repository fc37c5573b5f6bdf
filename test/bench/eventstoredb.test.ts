import { join } from 'node:path'
import t from 'tap'
import { readOptions } from '../../scripts/bench/options.js'
import { runBench } from '../../scripts/bench/run-bench.js'
import { startFakeEventStoreDb } from '../event-store/fake-eventstoredb/server.js'
import { testFolder } from '../support/postgres.js'

t.test('a small bench measures EventStoreDB beside PostgreSQL in one run', async (t) => {
  const server = await startFakeEventStoreDb()
  t.teardown(() => server.stop())
  const out = join(await testFolder(t), 'bench-out')
  const flags = ['--store', 'eventstoredb', '--log', server.connectionString, '--cases', '60']
  const results = await runBench({ ...readOptions(flags), out }, () => undefined)

  t.same(
    results.map(({ id }) => id),
    [
      'single-append-1',
      'single-append-16',
      'single-append-128',
      'bulk-append',
      'rebuild',
      'eventstoredb-append-1',
      'eventstoredb-append-16',
      'eventstoredb-append-128',
      'eventstoredb-bulk',
      'eventstoredb-load',
      'eventstoredb-read-all',
      'eventstoredb-rebuild',
    ],
  )
  t.ok(results.every(({ measured }) => measured > 0))
})

t.test('the sizes are flags, and a server goes with its store', async (t) => {
  const log = 'esdb://127.0.0.1:2113?tls=false'
  const flags = ['--rounds', '5', '--round-milliseconds', '3000']
  t.match(readOptions(['--store', 'eventstoredb', '--log', log, ...flags]), {
    log,
    rounds: 5,
    roundMilliseconds: 3000,
  })
  t.throws(() => readOptions(['--store', 'eventstoredb']), /go together/)
  t.throws(() => readOptions(['--log', log]), /go together/)
})
