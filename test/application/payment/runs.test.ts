import t from 'tap'
import { month } from '../../../src/domain/values/calendar.js'
import { caseNumber, temporaryAid } from './county-world.js'
import { checker, createPaymentWorld, officer } from './payment-world.js'

t.test('February pays February while the answers for January are out', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const january = await world.paid('2012-01')
  const february = await world.paid('2012-02')
  t.same(await world.items(january), ['2012-01 base 350'])
  t.same(await world.items(february), ['2012-02 base 350'])
})

t.test('five months without one answer of the bank pay five months', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  const months = ['2012-01', '2012-02', '2012-03', '2012-04', '2012-05']
  const items: string[] = []
  for (const period of months) items.push(...(await world.items(await world.paid(period))))
  t.same(
    items,
    months.map((period) => `${period} base 350`),
  )
})

t.test('a backdated increase pays the arrears of each month', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1, { monthly: 300 })
  await world.paid('2012-01')
  await world.paid('2012-02')
  await world.change(1, { from: '2012-01', monthly: 320 })
  const march = await world.paid('2012-03')
  t.same(await world.items(march), ['2012-01 base 20', '2012-02 base 20', '2012-03 base 320'])
  t.same(await world.items(await world.paid('2012-04')), ['2012-04 base 320'])
})

t.test('a backdated exit opens one recovery, which no later run finds again', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.household(2)
  await world.paid('2012-01')
  await world.paid('2012-02')
  await world.exit(1, '2012-01')
  const march = await world.prepared('2012-03')
  t.equal(await world.approve(march.runId), 1)
  t.same(await world.recovered(1), ['2012-02 350'])
  await world.release(march.runId)
  t.same(await world.items(march), ['2012-03 base 350'])
  const april = await world.prepared('2012-04')
  t.equal(await world.approve(april.runId), 0)
  t.same(await world.recovered(1), ['2012-02 350'])
})

t.test('two runs prepared before either is approved find one overpayment once', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.paid('2012-01')
  await world.paid('2012-02')
  await world.exit(1, '2012-01')
  const march = await world.prepared('2012-03')
  const april = await world.prepared('2012-04')
  t.equal(await world.approve(april.runId), 1)
  t.equal(await world.approve(march.runId), 0)
  t.same(await world.recovered(1), ['2012-02 350'])
})

t.test('of two runs the first to be approved finds what is known by then', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1, { monthly: 300 })
  await world.paid('2012-01')
  await world.change(1, { from: '2012-01', monthly: 250 })
  const february = await world.prepared('2012-02')
  await world.change(1, { from: '2012-01', monthly: 200 })
  const march = await world.prepared('2012-03')
  t.equal(await world.approve(february.runId), 1)
  t.same(await world.recovered(1), ['2012-01 100', '2012-02 50'])
  t.equal(await world.approve(march.runId), 0)
})

t.test('an approval that is sent again finds nothing twice', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.paid('2012-01')
  await world.exit(1, '2011-12')
  const { runId } = await world.prepared('2012-02')
  t.equal(await world.approve(runId), 1)
  t.same(await world.process.approve(checker(), { runId }), { recoveries: 0 })
  t.same(await world.recovered(1), ['2012-01 350'])
})

t.test('a rejected run frees its lines and leaves no recovery', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.household(2)
  await world.paid('2012-01')
  await world.exit(1, '2011-12')
  const { runId } = await world.prepared('2012-02')
  await world.process.reject(checker(), { runId, reason: '账号未核' })
  t.same(await world.recovered(1), [])
  const again = await world.prepared('2012-02')
  t.equal(again.number, 2)
  t.same(await world.items(again), ['2012-02 base 350'])
  t.equal((await world.items({ runId })).length, 1, 'the rejected run keeps its lines')
  t.same(
    (await world.runEvents(runId)).map((event) => event.type),
    ['PaymentRunOpened', 'PaymentRunPrepared', 'PaymentRunRejected'],
  )
})

t.test('a pause is not undone by a run made again', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.decideCase(1, {
    type: 'PlaceHold',
    from: month('2012-01'),
    holdId: 'hold-1',
    reason: '待核实',
  })
  const first = await world.prepared('2012-01')
  await world.process.reject(checker(), { runId: first.runId, reason: '重做' })
  const second = await world.prepared('2012-01')
  for (const run of [first, second])
    t.same(
      (await world.lines(run)).map((line) => line.heldFor),
      ['待核实'],
    )
  t.same(await world.items(await world.prepared('2012-02')), [
    '2012-01 base 350',
    '2012-02 base 350',
  ])
})

t.test('a line without an account is listed, held, and due again with one', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1, { account: false })
  const january = await world.prepared('2012-01')
  const [line] = await world.lines(january)
  t.match(line, { caseId: caseNumber(1), heldFor: 'no-account', accountVersion: null })
  await world.openAccount(1, '2012-02-01')
  t.same(await world.items(await world.prepared('2012-02')), [
    '2012-01 base 350',
    '2012-02 base 350',
  ])
})

t.test('a price subsidy is paid by its own run and by no other', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.subsidise(1, { month: '2012-01', yuan: 83 })
  t.same(await world.items(await world.paid('2012-01')), ['2012-01 base 350'])
  const subsidy = await world.paid('2012-01', { kind: 'price-subsidy' })
  t.same(await world.items(subsidy), ['2012-01 price-subsidy 83'])
  t.same(await world.items(await world.paid('2012-02')), ['2012-02 base 350'])
})

t.test('a run is the same however much happened since', async (t) => {
  const world = await createPaymentWorld()
  for (const number of [1, 2, 3, 4]) await world.household(number)
  await world.paid('2012-01')
  const run = await world.prepared('2012-02')
  await world.change(1, { from: '2012-01', monthly: 100 })
  await world.exit(2, '2011-12')
  await world.openAccount(3, '2012-01-01')
  await world.decideCase(4, {
    type: 'PlaceHold',
    from: month('2012-01'),
    holdId: 'hold-1',
    reason: '待核实',
  })
  await world.prepared('2012-03')
  t.match(await world.process.verify(officer(), run), {
    lines: 4,
    digestAsPrepared: true,
    firstDifference: null,
  })
})

t.test('an emergency run pays all that is due, and has its own number', async (t) => {
  const world = await createPaymentWorld()
  await world.household(1)
  await world.subsidise(1, { month: '2012-01', yuan: 83 })
  const emergency = await world.paid('2012-01', { kind: 'emergency' })
  t.same(await world.items(emergency), ['2012-01 base 350', '2012-01 price-subsidy 83'])
  t.equal((await world.prepared('2012-01', { kind: 'emergency' })).number, 2)
  t.same(await world.items(await world.prepared('2012-01')), [])
})

t.test('aid that is granted once is paid by a one-off run', async (t) => {
  const world = await createPaymentWorld()
  await world.oneOffAid(9, { month: '2012-03', yuan: 500 })
  const asked = { kind: 'one-off' as const, programmes: [temporaryAid] }
  t.same(await world.items(await world.paid('2012-03', asked)), ['2012-03 aid 500'])
  t.same(await world.items(await world.prepared('2012-04', asked)), [])
})
