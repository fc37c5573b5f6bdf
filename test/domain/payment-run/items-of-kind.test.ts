import t from 'tap'
import type { RunKind } from '../../../src/domain/payment-run/events.js'
import { itemsOfKind } from '../../../src/domain/payment-run/items-of-kind.js'
import { month } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import { fen } from '../../../src/domain/values/money.js'

/** Of items written `month component amount`, those that a run of the kind pays. */
function paidBy(kind: RunKind, ...items: readonly string[]): readonly string[] {
  const due = items.map((text) => {
    const [monthFor = '', component = '', amount = ''] = text.split(' ')
    return {
      monthFor: month(monthFor),
      component: ComponentName.parse(component),
      amountFen: fen(Number(amount)),
    }
  })
  return itemsOfKind(kind, due).map(
    ({ monthFor, component, amountFen }) => `${monthFor} ${component} ${amountFen}`,
  )
}

t.test('a price-subsidy run pays its component, the other kinds the rest', async (t) => {
  const due = ['2012-01 base 300', '2012-01 price-subsidy 83', '2012-02 heating 50']
  t.same(paidBy('price-subsidy', ...due), ['2012-01 price-subsidy 83'])
  t.same(paidBy('regular', ...due), ['2012-01 base 300', '2012-02 heating 50'])
  t.same(paidBy('one-off', ...due), ['2012-01 base 300', '2012-02 heating 50'])
  t.same(paidBy('emergency', ...due), due)
})

t.test('what another kind paid too much of a month is taken off it', async (t) => {
  const due = ['2012-01 base 300', '2012-01 price-subsidy -83']
  t.same(paidBy('regular', ...due), due)
  t.same(paidBy('price-subsidy', ...due), [])
})

t.test('a month of which nothing is left for the kind waits for another run', async (t) => {
  t.same(paidBy('regular', '2012-01 base -50', '2012-01 price-subsidy 83'), [])
  const due = ['2012-01 base -50', '2012-01 price-subsidy 83']
  t.same(paidBy('price-subsidy', ...due), due)
  const between = ['2012-01 base 50', '2012-01 heating -60', '2012-01 price-subsidy 83']
  t.same(paidBy('regular', ...between), [])
})
