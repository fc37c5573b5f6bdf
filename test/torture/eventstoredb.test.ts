import t, { type Test } from 'tap'
import type { AttackedLog } from '../../scripts/torture/attacked-log.js'
import type { AttackName } from '../../scripts/torture/attacks.js'
import { disturbedEventStoreDb } from '../../scripts/torture/disturbed-log.js'
import { runSubscriptions } from '../../scripts/torture/run-subscriptions.js'
import { runTorture } from '../../scripts/torture/run-torture.js'
import type { PlannedFailure } from '../event-store/fake-eventstoredb/failure-plan.js'
import { startFakeEventStoreDb } from '../event-store/fake-eventstoredb/server.js'

/** What the fake server does wrong with appends and with reads of its log, around its kills. */
const appendsGoWrong: readonly PlannedFailure[] = [
  { kind: 'cut-after-accept' },
  { kind: 'reset-after-accept' },
  { kind: 'busy' },
  { kind: 'graceful-end' },
  { kind: 'duplicate' },
  { kind: 'slow', milliseconds: 300 },
]
const readsGoWrong: readonly PlannedFailure[] = [
  { kind: 'graceful-end', after: 3 },
  { kind: 'duplicate' },
  { kind: 'status', code: 14 },
]

/** A fake server under attack; what it holds outlives its kill, as what is on a disk does. */
async function aFakeLog(t: Test): Promise<AttackedLog> {
  const first = await startFakeEventStoreDb()
  const { connectionString, log, plan, port } = first
  let server = first
  t.teardown(() => server.stop())
  return {
    connectionString,
    async kill() {
      await server.stop()
      server = await startFakeEventStoreDb({ log, plan, port })
      for (const failure of readsGoWrong) plan.next('read-all', failure)
      for (const failure of appendsGoWrong) plan.next('append', failure)
    },
    close: async () => undefined,
  }
}

const attacks: readonly AttackName[] = [
  'kill-log',
  'kill-service',
  'cut-log-network',
  'steal-log-answer',
]

t.test('a short attack on two services and their EventStoreDB finds no fault', async (t) => {
  const log = await aFakeLog(t)
  const report = await runTorture({ minutes: 0, cycles: 8, seed: 4, writers: 6, log, attacks })
  for (const name of attacks) t.ok(report.cycles[name] > 0, name)
  const { acknowledged, refused, unknown } = report.writes
  t.ok(acknowledged > 20, `${acknowledged} writes were acknowledged`)
  t.equal(refused, 0)
  t.ok(report.events >= acknowledged && report.events <= acknowledged + unknown + 50)
  t.ok(report.stolenAnswers > 0)
  t.strictSame(report.faults, [])
  t.strictSame(report.differences, [])
  t.equal(report.unansweredRequests, 0)
  t.equal(report.ownEnds, 0)
})

t.test('subscriptions to a log whose network stops and breaks miss nothing', async (t) => {
  const server = await startFakeEventStoreDb()
  t.teardown(() => server.stop())
  const log = await disturbedEventStoreDb(server.connectionString, 6)
  const report = await runSubscriptions(log, { events: 8000, writers: 16, seed: 6 })
  await log.close()
  t.equal(report.acknowledged, report.events)
  t.ok(report.events >= 8000)
  t.ok(report.disturbed > 0, `${report.disturbed} connections were broken`)
  t.strictSame(report.faults, [])
})
