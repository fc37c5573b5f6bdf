import t from 'tap'
import { attackNames } from '../../scripts/torture/attacks.js'
import { disturbedPostgres } from '../../scripts/torture/disturbed-log.js'
import { runSubscriptions } from '../../scripts/torture/run-subscriptions.js'
import { runTorture } from '../../scripts/torture/run-torture.js'

// What waits for a network has a test of its own, which sets the time of requests.
const attacks = attackNames.filter((name) => !/stall|half-open/.test(name))

t.test('a short attack on two services and their database finds no fault', async (t) => {
  const report = await runTorture({ minutes: 0, cycles: 4, seed: 7, writers: 8, attacks })
  const { acknowledged, refused, unknown } = report.writes
  t.ok(acknowledged > 20, `${acknowledged} writes were acknowledged`)
  t.equal(refused, 0)
  t.ok(report.events >= acknowledged && report.events <= acknowledged + unknown + 50)
  t.strictSame(report.faults, [])
  t.strictSame(report.differences, [])
  t.equal(report.unansweredRequests, 0)
  t.equal(report.ownEnds, 0)
})

t.test('subscriptions to a log whose transactions wait and are undone miss nothing', async (t) => {
  const log = await disturbedPostgres()
  t.teardown(() => log.close())
  const report = await runSubscriptions(log, { events: 8000, writers: 16, seed: 5 })
  t.equal(report.acknowledged, report.events)
  t.ok(report.events >= 8000)
  t.ok(report.disturbed > 0, `${report.disturbed} transactions were undone`)
  t.strictSame(report.faults, [])
})
