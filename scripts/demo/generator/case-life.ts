import {
  type Month,
  monthsOf,
  type PlainDate,
  previousMonth,
} from '../../../src/domain/values/calendar.js'
import type { PlannedCase, PlannedCircumstances, PlannedPerson } from './plan.js'

/** A person's stay in a household; `lastMonth` null while it lasts. */
export interface MemberLife {
  readonly person: PlannedPerson
  readonly relation: string
  readonly circumstances: PlannedCircumstances
  readonly from: Month
  end: { readonly lastMonth: Month; readonly reason: string } | null
}

/** Chosen incomes change while the plan is made: they are the screws that it is adjusted by. */
export interface IncomeLife {
  readonly from: Month
  fen: number
  readonly basis: string
  /** Where it is learned late, or on a day of its own. */
  readonly decidedOn?: PlainDate
}

export interface CaseEnd {
  readonly lastMonth: Month
  readonly reason: string
  readonly byDeath: boolean
  /** Goes on in another case: no exit of its own. */
  readonly continued: boolean
}

/** What happens to a case in the plan: facts only, from which files and actions are written. */
export interface CaseLife {
  readonly file: PlannedCase
  /** Taken over at the cut-over, with the income that the former books had before July 2011. */
  readonly opening: { readonly formerIncome: { fen: number } } | null
  readonly firstMonth: Month
  readonly continues: string | null
  readonly members: MemberLife[]
  readonly incomes: IncomeLife[]
  readonly moves: { readonly from: Month; readonly division: string }[]
  end: CaseEnd | null
}

export interface DeathInPlan {
  readonly person: PlannedPerson
  readonly diedOn: PlainDate
}

export function isOnRollIn(life: CaseLife, month: Month): boolean {
  return life.firstMonth <= month && (life.end === null || month <= life.end.lastMonth)
}

export function coveredMembersIn(life: CaseLife, month: Month): readonly MemberLife[] {
  if (!isOnRollIn(life, month)) return []
  return life.members.filter(
    (member) =>
      member.circumstances.covered &&
      member.from <= month &&
      (member.end === null || month <= member.end.lastMonth),
  )
}

export function incomeIn(life: CaseLife, month: Month): number {
  return life.incomes.findLast((income) => income.from <= month)?.fen ?? 0
}

/** How a place finds an amount, in plain arithmetic of the plan's own. */
export interface Terms {
  readonly standardFenIn: (month: Month) => number
  readonly rounded: (amountFen: number) => number
  readonly supplementFen: (classifications: readonly string[], standardFen: number) => number
}

export const toYuan = {
  halfUp: (amountFen: number): number => Math.floor((amountFen + 50) / 100) * 100,
  up: (amountFen: number): number => Math.ceil(amountFen / 100) * 100,
} as const

export function baseFenIn(life: CaseLife, month: Month, terms: Terms): number {
  const needFen = coveredMembersIn(life, month).length * terms.standardFenIn(month)
  return needFen === 0 ? 0 : Math.max(0, terms.rounded(needFen - incomeIn(life, month)))
}

export function supplementsFenIn(life: CaseLife, month: Month, terms: Terms): number {
  return coveredMembersIn(life, month).reduce(
    (sum, { circumstances }) =>
      sum + terms.supplementFen(circumstances.classifications, terms.standardFenIn(month)),
    0,
  )
}

/** What the chosen incomes lead to; used to choose them, never written into the plan. */
export function impliedFen(
  lives: readonly CaseLife[],
  months: { readonly from: Month; readonly to: Month },
  terms: Terms,
): number {
  return monthsOf(months)
    .flatMap((month) => lives.map((life) => [life, month] as const))
    .reduce(
      (sum, [life, month]) =>
        sum + baseFenIn(life, month, terms) + supplementsFenIn(life, month, terms),
      0,
    )
}

export function personsOn(lives: readonly CaseLife[], month: Month): number {
  return lives.reduce((sum, life) => sum + coveredMembersIn(life, month).length, 0)
}

export function householdsOn(lives: readonly CaseLife[], month: Month): number {
  return lives.filter((life) => isOnRollIn(life, month)).length
}

/** The month before the one in which a departure shows on the roll. */
export function lastMonthFor(showsIn: Month): Month {
  return previousMonth(showsIn)
}
