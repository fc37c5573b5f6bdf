import t from 'tap'
import { derivedId } from '../../../src/application/caller.js'
import type { CommandHandler } from '../../../src/application/command-handler.js'
import type { PaymentParts } from '../../../src/application/payment/parts.js'
import { createPaymentProcess } from '../../../src/application/payment/payment-process.js'
import { month } from '../../../src/domain/values/calendar.js'
import { DivisionCode } from '../../../src/domain/values/division.js'
import { ordinal, RunId } from '../../../src/domain/values/identifiers.js'
import { county, dibao } from '../../support/case-world.js'
import { checker, createPaymentWorld, officer } from './payment-world.js'

const asked = {
  kind: 'regular' as const,
  programmes: [dibao],
  division: county,
  period: month('2012-05'),
}

/** The process ends when it is about to give its n-th command. */
function endingAt({ handler }: PaymentParts, command: number): CommandHandler {
  let commands = 0
  return {
    ...handler,
    async handle(handling) {
      commands += 1
      if (commands >= command) throw new Error('the process ended')
      return handler.handle(handling)
    },
  }
}

t.test('a run that is not rejected stands in the way of another', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const first = await world.open('2012-01')
  await t.rejects(world.open('2012-02'), { code: 'earlier-run-unsettled' })
  await world.process.prepare(officer(), { runId: first.runId })
  await t.rejects(world.open('2012-01'), { code: 'run-already-open' })
  t.equal((await world.open('2012-02')).number, 1)
})

t.test(
  'a run of a later month that waits for its release holds the months before it',
  async (t) => {
    const world = await createPaymentWorld()
    await world.household(1)
    const later = await world.prepared('2012-02')
    await t.rejects(world.open('2012-01'), {
      code: 'later-run-undecided',
      facts: { runId: later.runId, number: 1, period: '2012-02' },
    })
    await world.process.reject(checker(), { runId: later.runId, reason: '重做' })
    t.same(await world.items(await world.paid('2012-01')), ['2012-01 base 350'])
    await world.paid('2012-03')
    t.same(await world.items(await world.prepared('2012-02')), [], 'released, the later one paid')
  },
)

t.test('two clicks make one run', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const click = () => world.open('2012-01', {}, officer('same'))
  const [one, two] = await Promise.all([click(), click()])
  t.same(two, one)
  t.same(await click(), one, 'and so does a third one, later')
  await t.rejects(world.open('2012-02', {}, officer('same')), { code: 'idempotency-key-reused' })
  const admitted = (await world.payerEvents()).filter((event) => event.type === 'RunAdmitted')
  t.equal(admitted.length, 1)
})

t.test('two officers who click at once make one run', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const clicks = await Promise.allSettled([world.open('2012-01'), world.open('2012-01')])
  t.same(clicks.map((click) => click.status).sort(), ['fulfilled', 'rejected'])
  for (const click of clicks)
    if (click.status === 'rejected') t.match(click.reason, { code: 'run-already-open' })
})

t.test('a run that a crash kept from opening opens as it was admitted', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const crashing = createPaymentProcess({ ...world.parts, handler: endingAt(world.parts, 2) })
  await t.rejects(crashing.open(officer('cut'), asked), /the process ended/)
  await world.household(2)
  const run = await world.process.open(officer('cut'), asked)
  const [admitted] = (await world.payerEvents()).filter((event) => event.type === 'RunAdmitted')
  t.match(admitted?.data, { parameters: run })
  await world.process.prepare(officer(), run)
  t.equal((await world.lines(run)).length, 1, 'what came after the admission is not in it')
})

t.test('a run that was admitted and never opened can be rejected', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const crashing = createPaymentProcess({ ...world.parts, handler: endingAt(world.parts, 2) })
  await t.rejects(crashing.open(officer('cut'), asked), /the process ended/)
  const runId = derivedId(RunId, officer('cut'), 'payment-run')
  await t.rejects(world.process.reject(checker(), { runId, reason: '重开' }), {
    code: 'run-unknown',
  })
  await world.process.reject(checker(), { runId, reason: '重开', division: county })
  t.equal((await world.open('2012-05')).number, 2)
})

t.test('what may not be opened', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const refused = (over: object, code: string) => t.rejects(world.open('2012-01', over), { code })
  await refused({ kind: 'one-off' }, 'programme-not-of-run-kind')
  await refused({ programmes: ['unknown'] }, 'programme-unknown')
  await refused({ division: '990000000000' }, 'run-above-county')
  await refused({ division: '990101777000' }, 'division-unknown')
  const behind = await createPaymentWorld({
    parts: {
      progress: {
        knownOrdinal: () => world.parts.store.head(),
        reassessedThrough: async () => ordinal(3),
      },
    },
  })
  await t.rejects(behind.open('2012-01'), { code: 'reassessment-behind' })
  const outside = {
    ...officer(),
    actor: { ...officer().actor, division: DivisionCode.parse('990201000000') },
  }
  await t.rejects(world.open('2012-01', {}, outside), { code: 'division-outside-scope' })
  const inside = await world.open('2012-01')
  await t.rejects(world.process.prepare(outside, inside), { code: 'division-outside-scope' })
  t.equal(inside.division, county)
  t.same(inside.programmes, [dibao])
})
