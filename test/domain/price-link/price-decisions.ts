import { policyFrom } from '../../../src/domain/policy/policy.js'
import { priceLinkDecider } from '../../../src/domain/price-link/decide.js'
import type { PriceLinkEvent, PriceMethod } from '../../../src/domain/price-link/events.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ordinal } from '../../../src/domain/values/identifiers.js'
import { amount, division, document, programme, programmeDefined } from '../../support/policy.js'

type Decided = Extract<PriceLinkEvent, { type: 'PriceLinkDecided' }>['data']

export const termsSet = (from: string, terms: readonly [number, number | null, number, number]) => {
  const [cpiAtLeastBasisPoints, foodAtLeastBasisPoints, monthsRunning, periodMonths] = terms
  const data = {
    from: month(from),
    programme: programme('price-subsidy'),
    division: division('990101'),
    terms: { cpiAtLeastBasisPoints, foodAtLeastBasisPoints, monthsRunning, periodMonths },
    document: document(`价〔${from}〕`),
  }
  return { type: 'PriceTermsSet', data } as const
}
const policy = policyFrom([
  programmeDefined('price-subsidy', { kind: 'roll-only' }),
  programmeDefined('urban-dibao'),
  programmeDefined('rural-dibao'),
  termsSet('2011-01', [300, null, 3, 3]),
  termsSet('2016-08', [350, 600, 1, 1]),
  termsSet('2022-09', [300, 600, 1, 1]),
  termsSet('2023-04', [350, 600, 1, 1]),
])
export const whole = priceLinkDecider(policy)
/** Without what a decision went by, which has a test of its own. */
export const decider = {
  ...whole,
  decide: (...asked: Parameters<typeof whole.decide>) => whole.decide(...asked).map(alone),
}

function alone(event: PriceLinkEvent): PriceLinkEvent {
  if (event.type !== 'PriceLinkDecided') return event
  return { ...event, data: { ...event.data, workings: null } }
}

export const index = (
  on: string,
  cpi: number,
  food: number | null = null,
): Extract<PriceLinkEvent, { type: 'PriceIndexPublished' }> => ({
  type: 'PriceIndexPublished',
  data: {
    month: month(on),
    division: division('990101'),
    cpiRiseBasisPoints: cpi,
    foodRiseBasisPoints: food,
    publishedOn: plainDate(`${on}-28`),
    source: '统计公报',
  },
})

export const byRise: PriceMethod = {
  kind: 'standard-times-rise',
  standardFen: amount(52500),
  floorFen: amount(0),
  rounding: 'half-up-to-yuan',
}
export const fixed: PriceMethod = { kind: 'fixed-monthly', amountFen: amount(8300) }

export const decided = (
  over: Partial<Decided> = {},
): { type: 'PriceLinkDecided'; data: Decided } => ({
  type: 'PriceLinkDecided',
  data: {
    decisionId: 'd1',
    from: month('2017-01'),
    to: month('2017-01'),
    division: division('990101'),
    regime: '2016',
    trigger: 'cpi',
    method: byRise,
    amountFen: amount(2400),
    workings: null,
    programmes: [programme('urban-dibao'), programme('rural-dibao')],
    reference: 'month-by-month',
    rollOrdinal: ordinal(900),
    document: document('价〔2017〕2号'),
    ...over,
  },
})
export const decide = (over: Partial<Decided> = {}, kind: 'indices' | 'document' = 'indices') => {
  const {
    regime: _regime,
    trigger: _trigger,
    amountFen: _fen,
    workings: _,
    ...data
  } = decided(over).data
  const basis = kind === 'document' ? { kind } : { kind, termsOf: programme('price-subsidy') }
  return { type: 'DecidePriceLink', ...data, basis } as const
}
