import fc from 'fast-check'
import t from 'tap'
import type { LineItem } from '../../../src/domain/payment-run/events.js'
import { lineOf } from '../../../src/domain/payment-run/line.js'
import { addMonths, month } from '../../../src/domain/values/calendar.js'
import { fen } from '../../../src/domain/values/money.js'
import { component } from '../../support/policy.js'

const item = (monthFor: string, name: string, amountFen: number): LineItem => ({
  monthFor: month(monthFor),
  component: component(name),
  amountFen: fen(amountFen),
})
const found = (monthFor: string, amountFen: number) => ({
  monthFor: month(monthFor),
  amountFen: fen(amountFen),
})

const settled = (
  monthFor: string,
  of: { readonly repaid?: number; readonly writtenOff?: number; readonly outstanding?: number },
) => ({
  monthFor: month(monthFor),
  repaidFen: fen(of.repaid ?? 0),
  writtenOffFen: fen(of.writtenOff ?? 0),
  outstandingFen: fen(of.outstanding ?? 0),
})

t.test('what is owed and not yet committed is paid, by month and component', async (t) => {
  const owed = [
    item('2012-02', 'base', 30000),
    item('2012-01', 'classified', 5000),
    item('2012-01', 'base', 30000),
  ]
  t.strictSame(lineOf({ owed, committed: [] }), {
    items: [
      item('2012-01', 'base', 30000),
      item('2012-01', 'classified', 5000),
      item('2012-02', 'base', 30000),
    ],
    amountFen: 65000,
    overpaid: [],
  })
})

t.test('what is committed is not paid again', async (t) => {
  const january = [item('2012-01', 'base', 30000)]
  t.strictSame(lineOf({ owed: january, committed: january }), {
    items: [],
    amountFen: 0,
    overpaid: [],
  })
})

t.test('five months without one bank answer pay each month once', async (t) => {
  let committed: readonly LineItem[] = []
  const months = ['2012-01', '2012-02', '2012-03', '2012-04', '2012-05']
  const paid = months.map((_, at) => {
    const owed = months.slice(0, at + 1).map((one) => item(one, 'base', 30000))
    const line = lineOf({ owed, committed })
    committed = [...committed, ...line.items]
    return line.amountFen
  })
  t.strictSame(paid, [30000, 30000, 30000, 30000, 30000])
})

t.test('a returned line is due again', async (t) => {
  const owed = [item('2012-01', 'base', 30000)]
  const committed = [item('2012-01', 'base', 30000), item('2012-01', 'base', -30000)]
  t.equal(lineOf({ owed, committed }).amountFen, 30000)
})

t.test('within one month differences net, also below zero', async (t) => {
  const owed = [item('2012-01', 'base', 31000), item('2012-01', 'classified', 4000)]
  const committed = [item('2012-01', 'base', 30000), item('2012-01', 'classified', 4500)]
  t.strictSame(lineOf({ owed, committed }), {
    items: [item('2012-01', 'base', 1000), item('2012-01', 'classified', -500)],
    amountFen: 500,
    overpaid: [],
  })
  t.strictSame(lineOf({ owed: committed, committed: owed }), {
    items: [],
    amountFen: 0,
    overpaid: [found('2012-01', 500)],
  })
})

t.test('months never net against each other', async (t) => {
  const owed = [item('2012-01', 'base', 20000), item('2012-02', 'base', 30000)]
  const committed = [item('2012-01', 'base', 30000)]
  t.strictSame(lineOf({ owed, committed }), {
    items: [item('2012-02', 'base', 30000)],
    amountFen: 30000,
    overpaid: [found('2012-01', 10000)],
  })
})

t.test('what was repaid is overpaid no more, and what is outstanding still is', async (t) => {
  const owed = [item('2012-01', 'base', 20000)]
  const committed = [item('2012-01', 'base', 30000)]
  const recovery = [settled('2012-01', { repaid: 4000, outstanding: 6000 })]
  t.strictSame(lineOf({ owed, committed, recovery }).overpaid, [found('2012-01', 6000)])
  const less = [item('2012-01', 'base', 18000)]
  t.strictSame(lineOf({ owed: less, committed, recovery }).overpaid, [found('2012-01', 8000)])
})

t.test('what was repaid and is owed after all is paid once, and nothing else is', async (t) => {
  const owed = [item('2012-01', 'base', 30000)]
  const committed = [item('2012-01', 'base', 30000)]
  const recovery = [settled('2012-01', { repaid: 4000, writtenOff: 1000, outstanding: 5000 })]
  const line = lineOf({ owed, committed, recovery })
  t.strictSame(line.items, [item('2012-01', 'recovery', 4000)])
  const after = lineOf({ owed, committed: [...committed, ...line.items], recovery })
  t.strictSame(after, { items: [], amountFen: 0, overpaid: [] })
  const unpaid = [settled('2012-01', { writtenOff: 4000, outstanding: 6000 })]
  t.strictSame(lineOf({ owed, committed, recovery: unpaid }).items, [])
})

t.test('for any history the line and the overpayments are the whole difference', async (t) => {
  const items = fc.array(
    fc
      .record({
        at: fc.integer({ min: 0, max: 3 }),
        name: fc.constantFrom('base', 'classified', 'price-subsidy'),
        amountFen: fc.integer({ min: -50000, max: 100000 }),
      })
      .map(({ at, name, amountFen }) => item(addMonths(month('2012-01'), at), name, amountFen)),
    { maxLength: 12 },
  )
  const total = (of: readonly { readonly amountFen: number }[]) =>
    of.reduce((sum, one) => sum + one.amountFen, 0)
  const property = fc.property(items, items, items, (owed, committed, repaid) => {
    const recovery = repaid.map(({ amountFen, monthFor }) =>
      settled(monthFor, { repaid: amountFen, outstanding: 700 }),
    )
    const line = lineOf({ owed, committed, recovery })
    const difference = total(owed) - total(committed) + total(repaid)
    const back = line.overpaid.map((one) => settled(one.monthFor, { repaid: one.amountFen }))
    const again = lineOf({
      owed,
      committed: [...committed, ...line.items],
      recovery: [...recovery, ...back],
    })
    return (
      line.amountFen - total(line.overpaid) === difference &&
      total(line.items) === line.amountFen &&
      line.overpaid.every((one) => one.amountFen > 0) &&
      again.amountFen === 0 &&
      again.overpaid.length === 0
    )
  })
  const result = fc.check(property, { numRuns: 500 })
  t.notOk(result.failed, `seed ${result.seed}: ${JSON.stringify(result.counterexample)}`)
})
