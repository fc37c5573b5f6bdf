import { DomainError } from '../errors.js'
import { type Month, month } from '../values/calendar.js'
import type { PriceRegime } from './events.js'

/**
 * The months from which each national regime of the price link is spoken of; what a regime pays
 * and when is set by documents (`PriceTermsSet`), not here. The regime of September 2022 was
 * declared for seven months and then gave way to the one before it.
 */
const regimesByDate: readonly { readonly from: Month; readonly regime: PriceRegime }[] = [
  { from: month('2011-01'), regime: '2011' },
  { from: month('2016-08'), regime: '2016' },
  { from: month('2021-11'), regime: '2021' },
  { from: month('2022-09'), regime: '2022' },
  { from: month('2023-04'), regime: '2021' },
]

/** The regime of a month. Errors: 'price-regime-unknown' before 2011. */
export function regimeOn(on: Month): PriceRegime {
  const found = regimesByDate.findLast((one) => one.from <= on)
  if (!found) throw new DomainError('price-regime-unknown', { month: on })
  return found.regime
}
