import t from 'tap'
import { personsOfLine } from '../../../src/domain/payment-run/persons-of-line.js'
import { month } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import type { PersonId } from '../../../src/domain/values/identifiers.js'
import { fen } from '../../../src/domain/values/money.js'
import { personId } from '../../support/policy.js'

const [first, second, third] = [personId(1), personId(2), personId(3)]
const covered = [first, second]

/** `month component amount`. */
function item(text: string) {
  const [monthFor = '', component = '', amount = ''] = text.split(' ')
  return {
    monthFor: month(monthFor),
    component: ComponentName.parse(component),
    amountFen: fen(Number(amount)),
  }
}
const grant = (text: string, ...persons: readonly PersonId[]) => ({ ...item(text), persons })

t.test('monthly money is for whom the case covers', async (t) => {
  t.equal(personsOfLine({ items: [item('2012-01 base 300')], covered, grants: [] }), 2)
  t.equal(personsOfLine({ items: [item('2012-01 base 300')], covered: [], grants: [] }), 0)
})

t.test('a supplement is for whom it was granted to, covered today or not', async (t) => {
  const items = [item('2012-03 price-subsidy 249')]
  const grants = [grant('2012-03 price-subsidy 249', second)]
  t.equal(personsOfLine({ items, covered, grants }), 1)
  const all = [grant('2012-03 price-subsidy 249', first, second, third)]
  t.equal(personsOfLine({ items, covered, grants: all }), 3)
  t.equal(personsOfLine({ items, covered, grants: [grant('2012-03 price-subsidy 249')] }), 2)
})

t.test('a person counts once, whatever a line has for them', async (t) => {
  const items = [item('2012-03 price-subsidy 249'), item('2012-04 price-subsidy 83')]
  const grants = [
    grant('2012-03 price-subsidy 249', first),
    grant('2012-04 price-subsidy 83', first),
  ]
  t.equal(personsOfLine({ items, covered, grants }), 1)
  const both = [...items, item('2012-04 base 300')]
  t.equal(personsOfLine({ items: both, covered: [first], grants }), 1)
  t.equal(personsOfLine({ items: both, covered, grants }), 2)
})

t.test('who was paid before counts no more: what is due was granted last', async (t) => {
  const grants = [
    grant('2012-03 price-subsidy 83', third),
    grant('2012-03 price-subsidy 249', first, second),
  ]
  const due = (amount: number) => [item(`2012-03 price-subsidy ${amount}`)]
  t.equal(personsOfLine({ items: due(83), covered, grants }), 1)
  t.equal(personsOfLine({ items: due(332), covered, grants }), 3)
})

t.test('what is taken off pays nobody', async (t) => {
  const items = [item('2012-03 base -50'), item('2012-03 price-subsidy 83')]
  const grants = [grant('2012-03 price-subsidy 83', third)]
  t.equal(personsOfLine({ items, covered, grants }), 1)
})
