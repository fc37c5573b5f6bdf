import t from 'tap'
import { PriceLinkCommand } from '../../../src/domain/price-link/commands.js'
import { monthlyAmountOf } from '../../../src/domain/price-link/price-link.js'
import { regimeOn } from '../../../src/domain/price-link/regimes.js'
import { month } from '../../../src/domain/values/calendar.js'
import { ordinal } from '../../../src/domain/values/identifiers.js'
import { assertRefused, given } from '../../support/given.js'
import { amount, division, programme } from '../../support/policy.js'

import {
  byRise,
  decide,
  decided,
  decider,
  fixed,
  index,
  termsSet,
  whole,
} from './price-decisions.js'

t.test('regimes go by date', async (t) => {
  const months = ['2011-01', '2016-07', '2016-08', '2021-10', '2021-11', '2022-08', '2022-09']
  t.strictSame(
    [...months, '2023-03', '2023-04'].map((one) => regimeOn(month(one))),
    ['2011', '2011', '2016', '2016', '2021', '2021', '2022', '2022', '2021'],
  )
  assertRefused(() => regimeOn(month('2010-12')), 'price-regime-unknown')
})

t.test('PublishPriceIndex publishes once; another figure corrects it', async () => {
  const first = index('2017-01', 450)
  const second = index('2017-01', 440)
  given(decider)
    .when({ type: 'PublishPriceIndex', ...first.data })
    .then(first)
  given(decider, first)
    .when({ type: 'PublishPriceIndex', ...first.data })
    .thenNothing()
  given(decider, first)
    .when({ type: 'PublishPriceIndex', ...second.data })
    .then(second)
})

t.test('what was approved is recorded as it is, once, where nothing overlaps it', async () => {
  const [approved, published] = [decided(), index('2017-01', 800)]
  const record = { type: 'RecordPriceDecision', ...approved.data } as const
  given(decider, index('2017-01', 450), published).when(record).then(approved)
  given(decider, approved).when(record).thenNothing()
  given(decider, decided({ decisionId: 'rival' }))
    .when(record)
    .thenRefused('price-already-decided')
})

t.test('standard × rise', async (t) => {
  t.test('525 × 4.5 % is 24 yuan, half-up to the yuan', async () => {
    given(decider, index('2017-01', 450)).when(decide()).then(decided())
  })

  t.test('is at least the local floor', async () => {
    const method = { ...byRise, floorFen: amount(2500) }
    given(decider, index('2017-01', 450))
      .when(decide({ method }))
      .then(decided({ method, amountFen: amount(2500) }))
  })

  t.test('takes the higher index when both trigger, else the one that did', async () => {
    given(decider, index('2017-01', 450, 800))
      .when(decide())
      .then(decided({ trigger: 'both', amountFen: amount(4200) }))
    given(decider, index('2017-01', 700, 600))
      .when(decide())
      .then(decided({ trigger: 'both', amountFen: amount(3700) }))
    given(decider, index('2017-01', 340, 800))
      .when(decide())
      .then(decided({ trigger: 'food', amountFen: amount(4200) }))
    given(decider, index('2017-01', 450, 590))
      .when(decide())
      .then(decided({ trigger: 'cpi', amountFen: amount(2400) }))
  })

  t.test('is nothing without a trigger, and even the floor is not paid', async () => {
    const method = { ...byRise, floorFen: amount(2500) }
    given(decider, index('2017-01', 349, 599))
      .when(decide({ method }))
      .then(decided({ method, trigger: 'none', amountFen: amount(0) }))
  })

  t.test('over a quarter takes the mean rise and rounds once', async (t) => {
    const state = given(
      decider,
      index('2012-01', 450),
      index('2012-02', 390),
      index('2012-03', 410),
    ).state()
    const months = { from: month('2012-01'), to: month('2012-03') }
    const quarter = { division: division('990101'), ...months }
    const of = { trigger: 'cpi', method: byRise } as const
    t.strictSame(monthlyAmountOf(state, quarter, of), {
      amountFen: 2200,
      arithmetic: {
        rises: [
          { month: '2012-01', riseBasisPoints: 450 },
          { month: '2012-02', riseBasisPoints: 390 },
          { month: '2012-03', riseBasisPoints: 410 },
        ],
        exactFen: { numerator: 52500 * 1250, denominator: 30000 },
        roundedFen: 2200,
      },
    })
  })
})

t.test('a decision says what it went by, so that nobody works it out again', async (t) => {
  const [december, january] = [index('2016-12', 900), index('2017-01', 450, 590)]
  const set = termsSet('2016-08', [350, 600, 1, 1]).data
  const why = { termsFrom: set.from, terms: set.terms, termsDocument: set.document }
  const ofMonth = { ...why, indices: [january.data] }
  const arithmetic = {
    rises: [{ month: month('2017-01'), riseBasisPoints: 450 }],
    exactFen: { numerator: 52500 * 450, denominator: 10_000 },
    roundedFen: amount(2400),
  }
  given(whole, december, january)
    .when(decide())
    .then(decided({ workings: { ...ofMonth, arithmetic } }))
  const method = { ...byRise, floorFen: amount(2500) }
  given(whole, december, january)
    .when(decide({ method }))
    .then(decided({ method, amountFen: amount(2500), workings: { ...ofMonth, arithmetic } }))
  given(whole, index('2017-01', 349))
    .when(decide())
    .then(
      decided({
        trigger: 'none',
        amountFen: amount(0),
        workings: { ...why, indices: [index('2017-01', 349).data], arithmetic: null },
      }),
    )
  const paid = { method: fixed, amountFen: amount(8300) }
  given(whole, january)
    .when(decide(paid))
    .then(decided({ ...paid, workings: { ...ofMonth, arithmetic: null } }))

  const quarter = { ...paid, from: month('2012-01'), to: month('2012-03') } as const
  const months = ['2012-01', '2012-02', '2012-03']
  const [decision] = given(whole, ...months.map((one) => index(one, 300)))
    .when(decide(quarter))
    .events()
  t.match(decision, { data: { workings: { indices: months.map((one) => ({ month: one })) } } })
})

t.test('each regime triggers by its own terms', async (t) => {
  const quarter = { from: month('2012-01'), to: month('2012-03') } as const
  const paid = { ...quarter, regime: '2011', method: fixed, amountFen: amount(8300) } as const

  t.test('2011: three months running, by the quarter, without food', async () => {
    const two = [index('2012-01', 450, 1050), index('2012-02', 390, 620)]
    given(decider, ...two, index('2012-03', 300, 750))
      .when(decide(paid))
      .then(decided(paid))
    given(decider, ...two, index('2012-03', 299, 750))
      .when(decide(paid))
      .then(decided({ ...paid, trigger: 'none', amountFen: amount(0) }))
    given(decider, ...two)
      .when(decide(paid))
      .thenRefused('price-index-missing', { month: '2012-03' })
    given(decider, ...two)
      .when(decide({ ...paid, to: month('2012-02') }))
      .thenRefused('price-period-not-of-terms', { months: 2, periodMonths: 3 })
  })

  t.test('2016 and 2021: 3.5 % or food 6 % in one month; 2022: 3.0 %', async () => {
    const triggerIn = (on: string, cpi: number, food: number) =>
      given(decider, index(on, cpi, food))
        .when(decide({ from: month(on), to: month(on) }))
        .events()
        .map((event) => (event.type === 'PriceLinkDecided' ? event.data.trigger : null))
    t.strictSame(triggerIn('2016-08', 350, 0), ['cpi'])
    t.strictSame(triggerIn('2016-08', 349, 600), ['food'])
    t.strictSame(triggerIn('2022-08', 320, 0), ['none'])
    t.strictSame(triggerIn('2022-09', 320, 0), ['cpi'])
    t.strictSame(triggerIn('2023-03', 300, 600), ['both'])
    t.strictSame(triggerIn('2023-04', 320, 0), ['none'])
  })

  t.test('terms that nobody set are refused', async () => {
    given(decider, index('2017-01', 450))
      .when(decide({ division: division('990102') }))
      .thenRefused('price-terms-missing-for-month', { month: '2017-01' })
  })
})

t.test('an index of a place above counts where the place has none of its own', async () => {
  const of = (place: string, cpi: number) => {
    const { data, type } = index('2017-01', cpi)
    return { type, data: { ...data, division: division(place) } }
  }
  given(decider, of('99', 450), of('990199', 900)).when(decide()).then(decided())
  given(decider, of('9901', 450), of('99', 340)).when(decide()).then(decided())
  given(decider, of('990102', 450))
    .when(decide())
    .thenRefused('price-index-missing', { month: '2017-01' })
})

t.test('a subsidy of a place is decided once, whatever the place it is decided for', async () => {
  const history = [index('2017-01', 450), decided()]
  const later = { decisionId: 'd2', from: month('2016-12'), to: month('2017-02') } as const
  for (const place of ['990101001', '9901', '99'])
    given(decider, ...history)
      .when(decide({ ...later, division: division(place) }, 'document'))
      .thenRefused('price-already-decided', { decisionId: 'd1', division: '990101000000' })
  const elsewhere = {
    ...later,
    division: division('990102'),
    trigger: 'document',
    method: fixed,
    amountFen: amount(8300),
  } as const
  given(decider, ...history)
    .when(decide(elsewhere, 'document'))
    .then(decided(elsewhere))
})

t.test('a corrected index counts as it was published last', async () => {
  given(decider, index('2017-01', 450), index('2017-01', 340))
    .when(decide())
    .then(decided({ trigger: 'none', amountFen: amount(0) }))
})

t.test('an amount fixed by a document needs no trigger', async (t) => {
  const over = {
    from: month('2012-01'),
    to: month('2012-03'),
    regime: '2011',
    trigger: 'document',
    method: fixed,
    amountFen: amount(8300),
    reference: 'on-roll-at-end',
  } as const
  given(decider).when(decide(over, 'document')).then(decided(over))
  given(decider)
    .when(decide({ ...over, method: byRise }, 'document'))
    .thenRefused('price-method-needs-index')
  t.ok(PriceLinkCommand.safeParse(decide(over, 'document')).success)
})

t.test('a decision is made once', async () => {
  const history = [index('2017-01', 450), decided()]
  given(decider, ...history)
    .when(decide())
    .thenNothing()
  given(decider, ...history)
    .when(decide({ rollOrdinal: ordinal(950) }))
    .thenNothing()
  given(decider, ...history)
    .when(decide({ method: fixed }))
    .thenRefused('price-already-decided', { decisionId: 'd1' })
  given(decider, ...history)
    .when(decide({ decisionId: 'd2', programmes: [programme('rural-dibao')] }))
    .thenRefused('price-already-decided', { decisionId: 'd1' })
  given(decider, index('2017-01', 450), decided({ trigger: 'none', amountFen: amount(0) }))
    .when(decide({ decisionId: 'd2' }))
    .then(decided({ decisionId: 'd2' }))
  given(decider, index('2017-01', 450))
    .when(decide({ programmes: [programme('orphan')] }))
    .thenRefused('programme-unknown')
})
