import t from 'tap'
import { measurement } from '../../scripts/bench/measurement.js'
import { Machine } from '../../scripts/capacity/machine.js'
import { capacityReport } from '../../scripts/capacity/report.js'
import { simulateYear } from '../../scripts/capacity/simulate-year.js'
import { largestPartition, sizeOf } from '../../scripts/capacity/size-cluster.js'
import { type Speeds, speedsFrom } from '../../scripts/capacity/speeds.js'
import { assistance, pension } from '../../scripts/capacity/workload.js'

const speeds: Speeds = {
  measuredCases: 10_000,
  commandSeconds: 0.002,
  readSeconds: 0.04,
  runLineSeconds: 0.0002,
  massCaseSeconds: 0.0004,
  rebuildEventSeconds: 0.00005,
  logBytesPerEvent: 1000,
  readModelBytesPerEvent: 1000,
}

t.test('people are served first, and what waits is done in its order', async (t) => {
  const machine = new Machine()
  machine.open({ kind: 'mass', openedAt: 0, secondsLeft: 30 })
  machine.open({ kind: 'run', openedAt: 0, secondsLeft: 90 })
  for (let now = 0; now < 4; now += 1) {
    machine.ask(30)
    machine.workMinute(now)
  }
  t.strictSame(machine.longestMinutes, { run: 3, mass: 4 })
  machine.ask(100)
  machine.workMinute(4)
  t.equal(machine.waitSeconds, 40)
})

t.test('what is never finished counts with all its time', async (t) => {
  const machine = new Machine()
  machine.open({ kind: 'run', openedAt: 10, secondsLeft: 10_000 })
  machine.workMinute(10)
  machine.stop(500)
  t.equal(machine.longestMinutes.run, 490)
})

t.test('a year is the same for the same seed, and its load is that of its work', async (t) => {
  const partition = { cases: 50_000, workload: pension }
  const year = simulateYear(partition, speeds, 7)
  t.strictSame(simulateYear(partition, speeds, 7), year)
  t.notSame(simulateYear(partition, speeds, 8), year)
  // 12 months of 21 days of 9 hours; each command with its reads as many seconds as given.
  const work = 50_000 * pension.commandsPerCase * (0.002 + pension.readsPerCommand * 0.04)
  t.ok(Math.abs(year.officeLoad / (work / (12 * 21 * 9 * 3600)) - 1) < 0.02, 'mean load')
  t.equal(year.massHours, Math.ceil((50_000 * 0.0004) / 60) / 60)
})

t.test('one slower speed makes the partition smaller and is named', async (t) => {
  const usual = largestPartition(assistance, speeds, 1)
  t.equal(usual, 100_000, 'ten times what was measured')
  const slow = { ...speeds, massCaseSeconds: 1 }
  const fewer = largestPartition(assistance, slow, 1)
  t.ok(fewer < usual && fewer * 1 <= 11 * 3600, `${fewer} cases in a night of 11 hours`)
  const { missed } = sizeOf({ cases: fewer + 5000, workload: assistance }, slow, 1)
  t.strictSame(missed, ['massHours'])
  t.throws(() => largestPartition(assistance, { ...speeds, rebuildEventSeconds: 10 }, 1), /5000/)
})

t.test('a report costs every population', async (t) => {
  const { clusters, lines } = capacityReport(speeds, { seed: 1, machineYuan: 1000 })
  t.strictSame(
    clusters.map(({ machines, yuanPerYear }) => yuanPerYear / machines),
    [1000, 1000, 1000],
  )
  for (const { cases, each, partitions } of clusters) {
    t.strictSame(each.missed, [])
    t.ok(partitions * each.cases >= cases)
  }
  t.match(lines.join('\n'), '170,000,000')
})

t.test('speeds come from the results of a bench, and what is missing is named', async (t) => {
  const of = (id: string, measured: number, what = id) =>
    measurement({ id, what, measured, limit: null, unit: 'x', aim: null })
  const results = [
    of('http-grants', 500),
    of('read-roll-page-p50', 40),
    of('month-run', 5),
    of('price-subsidy', 10, 'a subsidy for 1000 cases'),
    of('price-subsidy-visible', 20, 'the same for 1000 cases'),
    of('rebuild', 3, 'a rebuild from 300000 events'),
    of('storage-log', 900),
    of('storage-read-models', 800),
  ]
  t.match(speedsFrom(JSON.stringify(results)), {
    measuredCases: 1000,
    commandSeconds: 0.002,
    readSeconds: 0.04,
    runLineSeconds: 0.005,
    massCaseSeconds: 0.02,
    rebuildEventSeconds: 0.00001,
  })
  t.throws(() => speedsFrom(JSON.stringify(results.slice(1))), /no http-grants: run npm run bench/)
})
