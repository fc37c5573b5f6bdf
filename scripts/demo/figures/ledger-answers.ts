import type { DistrictKey } from '../generator/plan.js'

/** What the ledger is asked for the figures; the demonstration asks it over HTTP. */
export interface LedgerAnswers {
  /** The roll of a month: households and persons, all programmes together. */
  readonly roll: (asked: {
    readonly district: DistrictKey
    readonly programmes: readonly string[]
    readonly month: string
  }) => Promise<Headcount>
  /** 人均月补差 of a month, in fen. */
  readonly perCapitaFen: (asked: {
    readonly district: DistrictKey
    readonly programme: string
    readonly month: string
  }) => Promise<number>
  /** 新增 and 退出 over whole months, with the roll before the first and in the last. */
  readonly movements: (asked: {
    readonly district: DistrictKey
    readonly programmes: readonly string[]
    readonly from: string
    readonly to: string
  }) => Promise<{
    readonly opening: Headcount
    readonly entries: Headcount
    readonly exits: Headcount
    readonly closing: Headcount
  }>
  /**
   * What was paid in whole months, and to how many persons or households, each counted once.
   * `regular` is the monthly benefit without supplements.
   */
  readonly paid: (asked: {
    readonly district: DistrictKey
    readonly programmes: readonly string[]
    readonly kind: 'regular' | 'price-subsidy' | 'one-off'
    readonly benefitClass?: string
    readonly from: string
    readonly to: string
  }) => Promise<{ readonly amountFen: number; readonly recipients: number }>
  /** The standard that the ledger knows for a month, in fen, by the period it was set for. */
  readonly standardFen: (asked: {
    readonly district: DistrictKey
    readonly programme: string
    readonly benefitClass: string
    readonly month: string
    readonly per: 'month' | 'year'
  }) => Promise<number>
  /** Persons of the roll whose decision in force in a month is this amount. */
  readonly personsPaidFen: (asked: {
    readonly district: DistrictKey
    readonly programme: string
    readonly month: string
    readonly amountFen: number
  }) => Promise<number>
  readonly deathLists: (asked: { readonly district: DistrictKey }) => Promise<{
    readonly rows: number
    readonly remarks: readonly string[]
  }>
  readonly reportedFigure: (id: string) => Promise<{
    readonly standing: string
    readonly reason: string | null
  } | null>
}

export interface Headcount {
  readonly households: number
  readonly persons: number
}
