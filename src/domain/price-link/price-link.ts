import { DomainError } from '../errors.js'
import type { PriceTerms } from '../policy/events.js'
import { addMonths, type Month, monthsOf } from '../values/calendar.js'
import { type Fen, fen, shareOfFen, zeroFen } from '../values/money.js'
import type { PriceLinkEvent, PriceMethod } from './events.js'

type DataOf<Type extends PriceLinkEvent['type']> = Extract<PriceLinkEvent, { type: Type }>['data']
export type PriceIndex = DataOf<'PriceIndexPublished'>
export type PriceDecision = DataOf<'PriceLinkDecided'>

/** The indices of one place and period, in the order they were learned, and what was decided. */
export interface PriceLink {
  readonly indices: readonly PriceIndex[]
  readonly decisions: readonly PriceDecision[]
}

export const noPriceLink: PriceLink = { indices: [], decisions: [] }

export function evolvePriceLink(state: PriceLink, event: PriceLinkEvent): PriceLink {
  switch (event.type) {
    case 'PriceIndexPublished':
      return { ...state, indices: [...state.indices, event.data] }
    case 'PriceLinkDecided':
      return { ...state, decisions: [...state.decisions, event.data] }
  }
}

/** The index of a month as published last. Errors: 'price-index-missing'. */
export function indexOf(state: PriceLink, month: Month): PriceIndex {
  const found = state.indices.findLast((index) => index.month === month)
  if (!found) throw new DomainError('price-index-missing', { month })
  return found
}

interface Period {
  readonly from: Month
  readonly to: Month
}

export type Trigger = Exclude<PriceDecision['trigger'], 'document'>

/**
 * Which index triggers: it must reach its threshold in each of the last `monthsRunning` months up
 * to the period's last. Errors: 'price-index-missing'.
 */
export function triggerOf(state: PriceLink, period: Period, terms: PriceTerms): Trigger {
  const first = addMonths(period.to, 1 - terms.monthsRunning)
  const indices = monthsOf({ from: first, to: period.to }).map((month) => indexOf(state, month))
  const food = terms.foodAtLeastBasisPoints
  const byCpi = indices.every((one) => one.cpiRiseBasisPoints >= terms.cpiAtLeastBasisPoints)
  const byFood =
    food !== null &&
    indices.every((one) => one.foodRiseBasisPoints !== null && one.foodRiseBasisPoints >= food)
  if (byCpi && byFood) return 'both'
  if (byCpi) return 'cpi'
  return byFood ? 'food' : 'none'
}

/**
 * What one person gets for each month of the period: nothing without a trigger; the fixed amount;
 * or standard × rise, rounded once as the method says and not below the local floor. The rise is
 * that of the index which triggered, the higher one when both did, averaged over the period.
 *
 * @example 525.00 yuan × 4.5 %, half-up to the yuan: 24.00 yuan
 */
export function monthlyAmountOf(
  state: PriceLink,
  period: Period,
  by: { readonly trigger: Trigger; readonly method: PriceMethod },
): Fen {
  const { trigger, method } = by
  if (trigger === 'none') return zeroFen
  if (method.kind === 'fixed-monthly') return method.amountFen
  const indices = monthsOf(period).map((month) => indexOf(state, month))
  const sum = indices.reduce((total, index) => total + riseOf(index, trigger), 0)
  const share = { numerator: Math.max(0, sum), denominator: 10_000 * indices.length }
  const amountFen = shareOfFen(method.standardFen, share, method.rounding)
  return fen(Math.max(amountFen, method.floorFen))
}

function riseOf(index: PriceIndex, trigger: Exclude<Trigger, 'none'>): number {
  const cpi = index.cpiRiseBasisPoints
  const food = index.foodRiseBasisPoints ?? cpi
  switch (trigger) {
    case 'cpi':
      return cpi
    case 'food':
      return food
    case 'both':
      return Math.max(cpi, food)
  }
}
