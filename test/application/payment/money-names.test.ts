import t from 'tap'
import { moneyNames } from '../../../src/application/payment/money-names.js'
import { policyFrom } from '../../../src/domain/policy/policy.js'
import { month } from '../../../src/domain/values/calendar.js'
import { fen } from '../../../src/domain/values/money.js'
import { component, programme, programmeDefined } from '../../support/policy.js'

const policy = policyFrom([
  programmeDefined('urban-dibao', { nameZh: '城市低保' }),
  programmeDefined('festival-greeting', { nameZh: '元旦春节慰问', kind: 'one-off' }),
])
const names = moneyNames(policy, month('2012-04'))

/** What a line of these components is called, and what its payee reads. */
function named(code: string, amounts: Readonly<Record<string, number>>) {
  const items = Object.entries(amounts).map(([name, amountFen]) => ({
    monthFor: month('2012-03'),
    component: component(name),
    amountFen: fen(amountFen),
  }))
  const line = { programme: programme(code), items }
  return [names.moneyOf(line), names.purposeOf(line)]
}

t.test('monthly money goes by its programme', async (t) => {
  t.same(named('urban-dibao', { base: 300, classified: 50 }), ['月保障金', '城市低保2012年4月'])
  t.same(named('urban-dibao', { recovery: 50 }), ['月保障金', '城市低保2012年4月'])
})

t.test('a campaign goes by its own name', async (t) => {
  t.same(named('festival-greeting', { campaign: 500 }), ['元旦春节慰问', '元旦春节慰问2012年4月'])
})

t.test('a supplement says what it is, first', async (t) => {
  const subsidy = ['物价补贴', '物价补贴2012年4月（城市低保）']
  t.same(named('urban-dibao', { 'price-subsidy': 83 }), subsidy)
  t.same(named('urban-dibao', { base: -50, 'price-subsidy': 83 }), subsidy)
  t.same(named('urban-dibao', { 'price-subsidy': 83, base: 300 }), [
    '月保障金、物价补贴',
    '城市低保、物价补贴2012年4月',
  ])
  t.same(named('urban-dibao', { heating: 90 }), ['取暖补贴', '取暖补贴2012年4月（城市低保）'])
  t.same(named('urban-dibao', { coal: 90 }), ['其他补贴', '其他补贴2012年4月（城市低保）'])
})
