import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { measurement, meetsAim, Results } from '../../scripts/bench/measurement.js'
import { readOptions } from '../../scripts/bench/options.js'
import { runBench } from '../../scripts/bench/run-bench.js'
import { testFolder } from '../support/postgres.js'

t.test('a small bench measures every part and writes its results', async (t) => {
  const out = join(await testFolder(t), 'bench-out')
  const results = await runBench({ cases: 60, out }, () => undefined)

  const written = Results.parse(JSON.parse(await readFile(join(out, 'results.json'), 'utf8')))
  t.same(written, results)
  const ids = written.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length, 'no id stands twice')
  const expected = [
    'bulk-append',
    'single-append-1',
    'single-append-16',
    'single-append-128',
    'http-grants',
    'rebuild',
    'price-subsidy',
    'price-subsidy-visible',
    'storage-log',
    'storage-read-models',
    'month-run',
    'month-run-memory',
    'read-roll-page-p99',
    'read-totals-p50',
    'read-movements-p99',
    'read-one-case-p99',
    'read-totals-known-at-p99',
    'append-to-visible-p99',
    'memory-service',
  ]
  t.same(
    expected.filter((id) => !ids.includes(id)),
    [],
  )
  for (const one of written) {
    t.ok(one.measured > 0, one.id)
    if (one.limit !== null) t.ok(Math.abs((one.ratio ?? 0) / (one.measured / one.limit) - 1) < 0.01)
  }
})

t.test('a ratio is measured ÷ limit, and an aim says which way', async (t) => {
  const of = { id: 'x', what: 'x', unit: 's', measured: 3, limit: 2 }
  t.equal(measurement({ ...of, aim: null }).ratio, 1.5)
  t.equal(meetsAim(measurement({ ...of, aim: '<= 1.5' })), true)
  t.equal(meetsAim(measurement({ ...of, aim: '>= 1.6' })), false)
  t.equal(meetsAim(measurement({ ...of, limit: null, aim: '<= 1' })), null)
})

t.test('sizes are flags, and a part that is not there is named', async (t) => {
  t.match(readOptions([]), { cases: 100_000, out: 'bench-out' })
  t.match(readOptions(['--cases', '200', '--only', 'reads,memory']), {
    cases: 200,
    only: ['reads', 'memory'],
  })
  t.throws(() => readOptions(['--cases', '3']))
  await t.rejects(
    runBench({ cases: 60, only: ['speed'], out: await testFolder(t) }, () => undefined),
    /--only speed: the parts are/,
  )
})
