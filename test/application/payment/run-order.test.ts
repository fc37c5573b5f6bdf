import t from 'tap'
import type { CommandHandler } from '../../../src/application/command-handler.js'
import type { PaymentParts } from '../../../src/application/payment/parts.js'
import { createPaymentProcess } from '../../../src/application/payment/payment-process.js'
import { county, village } from '../../support/case-world.js'
import { checker, createPaymentWorld, officer, releaser } from './payment-world.js'

const redo = '重做'

t.test('whose month is rejected behind a later run is opened again at once', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const january = await world.prepared('2012-01')
  await world.approve(january.runId)
  const february = await world.prepared('2012-02')
  t.same(await world.items(february), ['2012-02 base 350'])
  await world.process.reject(releaser(), { runId: january.runId, reason: redo })
  await world.household(2)
  const again = await world.paid('2012-01')
  t.equal(again.number, 2)
  t.same(await world.items(again), ['2012-01 base 350', '2012-01 base 350'])
  await world.approve(february.runId)
  await world.release(february.runId)
  t.same(await world.items(await world.prepared('2012-03')), [
    '2012-03 base 350',
    '2012-02 base 350',
    '2012-03 base 350',
  ])
})

t.test('whose month is rejected and not opened again is in the next run, once', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const january = await world.prepared('2012-01')
  const february = await world.prepared('2012-02')
  await world.process.reject(checker(), { runId: january.runId, reason: redo })
  const march = await world.prepared('2012-03')
  t.same(await world.items(march), ['2012-01 base 350', '2012-03 base 350'])
  await t.rejects(world.open('2012-01'), {
    code: 'later-run-undecided',
    facts: { runId: march.runId, period: '2012-03', asked: '2012-01' },
  })
  await world.process.reject(checker(), { runId: february.runId, reason: redo })
  await world.process.reject(checker(), { runId: march.runId, reason: redo })
  const whole = ['2012-01 base 350', '2012-02 base 350', '2012-03 base 350']
  t.same(await world.items(await world.paid('2012-03')), whole)
  t.same(await world.items(await world.prepared('2012-01')), [], 'paid, and not paid again')
})

t.test('a difference found behind an unsent run follows what becomes of that run', async (t) => {
  for (const isSent of [true, false]) {
    const world = await createPaymentWorld()
    await world.household(1)
    const january = await world.prepared('2012-01')
    await world.approve(january.runId)
    await world.change(1, { from: '2012-01', monthly: 250 })
    const february = await world.paid('2012-02')
    t.same(await world.items(february), ['2012-02 base 250'])
    t.same(await world.recovered(1), ['2012-01 100'])
    if (isSent) await world.release(january.runId)
    else {
      await world.process.reject(checker(), { runId: january.runId, reason: redo })
      t.same(await world.recovered(1), ['2012-01 100', '2012-01 -100'])
      t.same(await world.items(await world.paid('2012-01')), ['2012-01 base 250'])
    }
    t.same(await world.items(await world.prepared('2012-03')), ['2012-03 base 250'])
  }
})

t.test('a later run whose release was cut short after its funds holds its months', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const later = await world.prepared('2012-02')
  await world.approve(later.runId)
  const accounts = { openAccounts: () => Promise.reject(new Error('no account')) }
  const broken = createPaymentProcess({ ...world.parts, accounts })
  const sink = { write: async () => undefined }
  const release = { runId: later.runId, layout: 'delimited-utf8', sink }
  await t.rejects(broken.release(releaser(), release), /no account/)
  await t.rejects(world.open('2012-01'), { code: 'later-run-undecided' })
  await world.process.reject(releaser(), { runId: later.runId, reason: redo })
  t.same(await world.items(await world.prepared('2012-01')), ['2012-01 base 350'])
})

/** The process ends before this step: where its payer is to be told what became of a run. */
function silent(parts: PaymentParts, step = 'settle') {
  const handler: CommandHandler = {
    ...parts.handler,
    async handle(handling) {
      if (handling.step?.startsWith(step)) throw new Error('the process ended')
      return parts.handler.handle(handling)
    },
  }
  return createPaymentProcess({ ...parts, handler })
}

t.test('a payer who was not told by a crash is told before the next run opens', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const crashing = silent(world.parts)
  const ended = /the process ended/

  const january = await world.open('2012-01')
  await t.rejects(crashing.prepare(officer(), { runId: january.runId }), ended)
  t.same(await world.items(await world.prepared('2012-02')), ['2012-02 base 350'])

  await t.rejects(crashing.reject(checker(), { runId: january.runId, reason: redo }), ended)
  const march = await world.prepared('2012-03')
  t.same(await world.items(march), ['2012-01 base 350', '2012-03 base 350'])
  await t.rejects(world.open('2012-01'), {
    code: 'later-run-undecided',
    facts: { runId: march.runId },
  })

  await world.approve(march.runId)
  const sink = { write: async () => undefined }
  const release = { runId: march.runId, layout: 'delimited-utf8', sink }
  await t.rejects(crashing.release(releaser(), release), ended)
  t.same(await world.items(await world.prepared('2012-01')), [])
  const events = (await world.payerEvents()).filter(({ type }) => type === 'RunSettled')
  const told = events.length
  await world.process.release(releaser(), release)
  await world.process.reject(checker(), { runId: january.runId, reason: redo })
  t.equal((await world.payerEvents()).filter(({ type }) => type === 'RunSettled').length, told)
})

t.test('the funds of a rejected run are free again though a crash kept them', async (t) => {
  for (const step of ['settle', 'free-funds']) {
    const world = await createPaymentWorld({ allocatedYuan: 350 })
    await world.household(1)
    const run = await world.prepared('2012-01')
    await world.approve(run.runId)
    const accounts = { openAccounts: () => Promise.reject(new Error('no account')) }
    const broken = createPaymentProcess({ ...world.parts, accounts })
    const sink = { write: async () => undefined }
    const release = { runId: run.runId, layout: 'delimited-utf8', sink }
    await t.rejects(broken.release(releaser(), release), /no account/)
    const crashing = silent(world.parts, step)
    const rejection = { runId: run.runId, reason: redo }
    await t.rejects(crashing.reject(releaser(), rejection), /the process ended/)
    t.same(await world.items(await world.paid('2012-01')), ['2012-01 base 350'])
    const head = await world.parts.store.head()
    await world.process.reject(releaser(), rejection)
    t.equal(await world.parts.store.head(), head, 'sent again, it finds all done')
  }
})

t.test('a month is opened again in the town that had it, and in no other', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const january = await world.prepared('2012-01', { division: village })
  await world.prepared('2012-02')
  await world.process.reject(checker(), { runId: january.runId, reason: redo })
  await t.rejects(world.open('2012-01', { division: county }), { code: 'later-run-undecided' })
  const again = await world.prepared('2012-01', { division: village })
  t.same(await world.items(again), ['2012-01 base 350'])
})
