import { DomainError } from '../errors.js'
import type { PriceTerms } from '../policy/events.js'
import { addMonths, type Month, monthsOf } from '../values/calendar.js'
import { type DivisionCode, isWithin } from '../values/division.js'
import { type Fen, fen, shareOfFen, zeroFen } from '../values/money.js'
import type { PriceLinkEvent, PriceMethod } from './events.js'
import type { PriceArithmetic } from './workings.js'

type DataOf<Type extends PriceLinkEvent['type']> = Extract<PriceLinkEvent, { type: Type }>['data']
export type PriceIndex = DataOf<'PriceIndexPublished'>
export type PriceDecision = DataOf<'PriceLinkDecided'>

export interface RetractedDecision {
  readonly decision: PriceDecision
  readonly retraction: DataOf<'PriceLinkRetracted'>
}

/** The indices of a province's places, in the order they were learned, and what was decided. */
export interface PriceLink {
  readonly indices: readonly PriceIndex[]
  /** Those that count: a retracted one overlaps nothing and gives nobody anything. */
  readonly decisions: readonly PriceDecision[]
  readonly retractionsPrepared: readonly DataOf<'PriceRetractionPrepared'>[]
  readonly retracted: readonly RetractedDecision[]
}

export const noPriceLink: PriceLink = {
  indices: [],
  decisions: [],
  retractionsPrepared: [],
  retracted: [],
}

export function evolvePriceLink(state: PriceLink, event: PriceLinkEvent): PriceLink {
  switch (event.type) {
    case 'PriceIndexPublished':
      return { ...state, indices: [...state.indices, event.data] }
    case 'PriceLinkDecided':
      return { ...state, decisions: [...state.decisions, event.data] }
    case 'PriceRetractionPrepared':
      return { ...state, retractionsPrepared: [...state.retractionsPrepared, event.data] }
    case 'PriceLinkRetracted':
      return withoutDecision(state, event.data)
  }
}

function withoutDecision(state: PriceLink, retraction: DataOf<'PriceLinkRetracted'>): PriceLink {
  const isIt = (one: { readonly decisionId: string }) => one.decisionId === retraction.decisionId
  const gone = state.decisions.filter(isIt).map((decision) => ({ decision, retraction }))
  return {
    ...state,
    decisions: state.decisions.filter((one) => !isIt(one)),
    retractionsPrepared: state.retractionsPrepared.filter((one) => !isIt(one)),
    retracted: [...state.retracted, ...gone],
  }
}

/** Where and for which months a subsidy is asked. */
export interface PricePeriod {
  readonly division: DivisionCode
  readonly from: Month
  readonly to: Month
}

/**
 * The index of a month as published last for the place, or for the nearest one above it that has
 * one. Errors: 'price-index-missing'.
 */
export function indexOf(
  state: PriceLink,
  at: { readonly division: DivisionCode; readonly month: Month },
): PriceIndex {
  const { division, month } = at
  let found: PriceIndex | undefined
  for (const index of state.indices) {
    if (index.month !== month || !isWithin(division, index.division)) continue
    if (!found || isWithin(index.division, found.division)) found = index
  }
  if (!found) throw new DomainError('price-index-missing', { month })
  return found
}

/** Whether a decision gives anybody anything. */
export function pays({ amountFen, trigger }: PriceDecision): boolean {
  return trigger !== 'none' && amountFen > 0
}

/** The decisions before this one that gave a subsidy for some month of it. */
export function earlierDecisions(
  { decisions }: PriceLink,
  decision: PriceDecision,
): readonly PriceDecision[] {
  const at = decisions.findIndex(({ decisionId }) => decisionId === decision.decisionId)
  return decisions.slice(0, at).filter((one) => pays(one) && sharesMonth(one, decision))
}

/** A roll that a decision goes by: who is on that of `month` gets the subsidy of `months`. */
export interface PriceReference {
  readonly month: Month
  readonly months: readonly Month[]
}

export function referencesOf({ from, reference, to }: PriceDecision): readonly PriceReference[] {
  const months = monthsOf({ from, to })
  if (reference === 'on-roll-at-end') return [{ month: to, months }]
  return months.map((month) => ({ month, months: [month] }))
}

type Months = Omit<PricePeriod, 'division'>

export function sharesMonth(one: Months, other: Months): boolean {
  return one.from <= other.to && other.from <= one.to
}

export type Trigger = Exclude<PriceDecision['trigger'], 'document'>

/**
 * Which index triggers: it must reach its threshold in each of the last `monthsRunning` months up
 * to the period's last. Errors: 'price-index-missing'.
 */
export function triggerOf(state: PriceLink, period: PricePeriod, terms: PriceTerms): Trigger {
  const from = addMonths(period.to, 1 - terms.monthsRunning)
  const indices = indicesOf(state, { ...period, from })
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
  period: PricePeriod,
  by: { readonly trigger: Trigger; readonly method: PriceMethod },
): { readonly amountFen: Fen; readonly arithmetic: PriceArithmetic | null } {
  const { trigger, method } = by
  if (trigger === 'none') return { amountFen: zeroFen, arithmetic: null }
  if (method.kind === 'fixed-monthly') return { amountFen: method.amountFen, arithmetic: null }
  const rises = indicesOf(state, period).map((index) => ({
    month: index.month,
    riseBasisPoints: riseOf(index, trigger),
  }))
  const sum = rises.reduce((total, { riseBasisPoints }) => total + riseBasisPoints, 0)
  const share = { numerator: Math.max(0, sum), denominator: 10_000 * rises.length }
  const roundedFen = shareOfFen(method.standardFen, share, method.rounding)
  const exactFen = { ...share, numerator: method.standardFen * share.numerator }
  return {
    amountFen: fen(Math.max(roundedFen, method.floorFen)),
    arithmetic: { rises, exactFen, roundedFen },
  }
}

/** The indices that the trigger and the rise of a period are read from. */
export function indicesFor(
  state: PriceLink,
  { division, from, to }: PricePeriod,
  { monthsRunning }: PriceTerms,
): readonly PriceIndex[] {
  const first = addMonths(to, 1 - monthsRunning)
  return indicesOf(state, { division, to, from: first < from ? first : from })
}

function indicesOf(state: PriceLink, { division, from, to }: PricePeriod): readonly PriceIndex[] {
  return monthsOf({ from, to }).map((month) => indexOf(state, { division, month }))
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
