import t from 'tap'
import { recoveryStream } from '../../../src/application/streams.js'
import type { RecoveryCommand } from '../../../src/domain/recovery/commands.js'
import { recoveryDecider } from '../../../src/domain/recovery/decide.js'
import { plainDate } from '../../../src/domain/values/calendar.js'
import { AmountFen } from '../../../src/domain/values/money.js'
import { reviewed } from '../../support/case-world.js'
import { callerOf } from '../setting.js'
import { caseNumber } from './county-world.js'
import { checker, createPaymentWorld, officer, type PaymentWorld } from './payment-world.js'

/** January is paid and then not owed; a run of February has found it. */
async function wronglyExited() {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.paid('2012-01')
  await world.exit(1, '2011-12')
  await world.paid('2012-02')
  return world
}

async function takeBackExit(world: PaymentWorld): Promise<void> {
  const stored = await world.parts.store.readStream(`case-${caseNumber(1)}`)
  await world.decideCase(1, reviewed)
  await world.decideCase(1, {
    type: 'RetractFact',
    retractedOn: plainDate('2012-02-20'),
    retractsVersion: stored.length - 1,
    reason: '误录',
    by: checker().actor.sub,
  })
}

async function settle(world: PaymentWorld, by: 'repayment' | 'write-off', yuan: number) {
  const amountFen = AmountFen.parse(yuan * 100)
  const on = plainDate('2012-02-15')
  const handle = (command: RecoveryCommand) =>
    world.parts.handler.handle({
      stream: recoveryStream(caseNumber(1)),
      decider: recoveryDecider({ offsetAllowed: false }),
      command,
      caller: callerOf(),
    })
  if (by === 'repayment')
    return handle({ type: 'ReceiveRepayment', receivedOn: on, amountFen, receipt: `r-${yuan}` })
  const asked = { amountFen, reason: '困难' }
  await handle({ type: 'ProposeWriteOff', ...asked, proposedOn: on, by: callerOf().actor.sub })
  return handle({ type: 'WriteOff', ...asked, writtenOffOn: on, by: checker().actor.sub })
}

t.test('an exit that was wrong and taken back pays no month twice', async (t) => {
  const world = await wronglyExited()
  await takeBackExit(world)
  t.same(await world.items(await world.paid('2012-03')), ['2012-02 base 350', '2012-03 base 350'])
  t.same(await world.recovered(1), ['2012-01 350', '2012-01 -350'], 'nobody has to give it back')
  t.same(await world.items(await world.paid('2012-04')), ['2012-04 base 350'])
})

t.test('what was repaid of a mistaken recovery is paid back, and only that', async (t) => {
  const world = await wronglyExited()
  await settle(world, 'repayment', 100)
  await settle(world, 'write-off', 50)
  await takeBackExit(world)
  t.same(await world.items(await world.paid('2012-03')), [
    '2012-01 recovery 100',
    '2012-02 base 350',
    '2012-03 base 350',
  ])
  t.same(await world.recovered(1), ['2012-01 350', '2012-01 -200'])
  t.same(await world.items(await world.paid('2012-04')), ['2012-04 base 350'])
})

t.test('what was written off is neither paid nor found again', async (t) => {
  const world = await wronglyExited()
  await settle(world, 'write-off', 350)
  t.equal(await world.approve((await world.prepared('2012-03')).runId), 0)
  await takeBackExit(world)
  t.same(await world.items(await world.paid('2012-04')), [
    '2012-02 base 350',
    '2012-03 base 350',
    '2012-04 base 350',
  ])
  t.same(await world.recovered(1), ['2012-01 350'])
})

t.test('what was found against a run that is then rejected is withdrawn', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.paid('2012-01')
  const february = await world.prepared('2012-02')
  await world.exit(1, '2012-01')
  const march = await world.prepared('2012-03')
  t.equal(await world.approve(march.runId), 1)
  t.same(await world.recovered(1), ['2012-02 350'])
  await world.process.reject(checker(), { runId: february.runId, reason: '重做' })
  t.same(await world.recovered(1), ['2012-02 350', '2012-02 -350'])
  const again = await world.prepared('2012-02')
  t.same(await world.items(again), [], 'nor is it paid')
  t.equal(await world.approve(again.runId), 0)
  t.ok((await world.process.verify(officer(), again)).digestAsPrepared)
})
