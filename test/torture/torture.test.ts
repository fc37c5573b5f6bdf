import t from 'tap'
import { runTorture } from '../../scripts/torture/run-torture.js'

t.test('a short attack on two services and their database finds no fault', async (t) => {
  const report = await runTorture({ minutes: 0, cycles: 6, seed: 7, writers: 8 })
  const { acknowledged, refused, unknown } = report.writes
  t.ok(acknowledged > 100, `${acknowledged} writes were acknowledged`)
  t.equal(refused, 0)
  t.ok(report.events >= acknowledged && report.events <= acknowledged + unknown + 50)
  t.strictSame(report.faults, [])
  t.strictSame(report.differences, [])
  t.equal(report.unansweredRequests, 0)
  t.equal(report.ownEnds, 0)
})
