import { type Month, month, monthsOf, previousMonth } from '../../../src/domain/values/calendar.js'
import { type CaseLife, impliedFen, isOnRollIn, personsOn } from './case-life.js'
import { type DibaoRoll, type DibaoWish, dibaoRoll } from './dibao-roll.js'
import { type Screw, turnScrews } from './income-screws.js'
import type { People } from './invented-people.js'
import { formerBaseFen } from './opening-files.js'
import type { Random } from './random.js'
import { p2Terms } from './terms.js'

const months = { from: month('2012-01'), to: month('2012-05') } as const
const may = months.to
const lastYear = month('2011-05')

/** Yuan that the incomes are chosen for: P2-01 and P2-02 in May, P2-03 from January to May. */
const mayTargetYuan = { urban: 310_699, rural: 399_634 } as const
const cumulativeTargetYuan = 3_716_900
/** 人均 of May 2011 in fen: P2-01 and P2-02 less their printed rise. */
const lastYearPerCapitaFen = { urban: 39_111, rural: 32_027 } as const

const headcounts = {
  urban: {
    opening: { households: 538, persons: 712 },
    entries: { households: 128, persons: 160, joiners: 12 },
    exits: { households: 154, persons: 205, leavers: 15 },
    deaths: { households: 8, members: 3, heads: 0, late: 2 },
    incomeYuan: { from: 20, to: 75 },
    incomeRises: 170,
    incomeFalls: 15,
    moves: 8,
  },
  rural: {
    opening: { households: 647, persons: 896 },
    entries: { households: 154, persons: 195, joiners: 11 },
    exits: { households: 182, persons: 241, leavers: 17 },
    deaths: { households: 14, members: 4, heads: 1, late: 3 },
    incomeYuan: { from: 14, to: 66 },
    incomeRises: 200,
    incomeFalls: 20,
    moves: 9,
  },
} as const

/** Both 低保 rolls of P2, with incomes chosen so that May and the five months come to the figures. */
export function p2DibaoRolls(options: { readonly people: People; readonly random: Random }): {
  readonly urban: DibaoRoll
  readonly rural: DibaoRoll
} {
  const roll = (kind: 'urban' | 'rural'): DibaoRoll => {
    const made = dibaoRoll({ ...wishOf(kind), ...options })
    chooseForMay(made, kind)
    chooseForLastYear(made, kind)
    return made
  }
  const rolls = { urban: roll('urban'), rural: roll('rural') }
  chooseForCumulative(rolls)
  return rolls
}

function wishOf(kind: 'urban' | 'rural'): Omit<DibaoWish, 'people' | 'random'> {
  return {
    district: 'P2',
    kind,
    cutOver: months.from,
    months: monthsOf(months),
    exitMonths: monthsOf(months),
    ...headcounts[kind],
    classificationsOf: () => [],
  }
}

const highestYuanEach = 110

function maximumFen(life: CaseLife): number {
  return life.members.length * highestYuanEach * 100
}

/** Steady households carry May: their income is the same in every month. */
function chooseForMay({ lives, steady }: DibaoRoll, kind: 'urban' | 'rural'): void {
  const screws = steady.flatMap((life): readonly Screw[] => {
    const [income] = life.incomes
    return income ? [{ income, months: 1, minimumFen: 0, maximumFen: maximumFen(life) }] : []
  })
  const implied = impliedFen(lives, { from: may, to: may }, p2Terms[kind])
  turnScrews(screws, implied - mayTargetYuan[kind] * 100)
}

function chooseForLastYear({ lives }: DibaoRoll, kind: 'urban' | 'rural'): void {
  const then = lives.filter((life) => life.opening !== null && life.firstMonth <= lastYear)
  const screws = then.flatMap((life): readonly Screw[] => {
    const income = life.opening?.formerIncome
    return income ? [{ income, months: 1, minimumFen: 0, maximumFen: maximumFen(life) }] : []
  })
  const implied = then.reduce((sum, life) => sum + formerBaseFen(life, p2Terms[kind]), 0)
  const wanted = Math.round((lastYearPerCapitaFen[kind] * personsOn(then, lastYear)) / 100) * 100
  turnScrews(screws, implied - wanted)
}

/** Incomes before a rise, and those of households that left, do not reach into May. */
function chooseForCumulative(rolls: {
  readonly urban: DibaoRoll
  readonly rural: DibaoRoll
}): void {
  const both = [rolls.urban, rolls.rural]
  const implied =
    impliedFen(rolls.urban.lives, months, p2Terms.urban) +
    impliedFen(rolls.rural.lives, months, p2Terms.rural)
  const screws = both.flatMap(({ rising, leaving }) => [
    ...rising.flatMap(beforeTheRise),
    ...leaving.flatMap(beforeTheExit),
  ])
  turnScrews(screws, implied - cumulativeTargetYuan * 100)
}

function beforeTheRise(life: CaseLife): readonly Screw[] {
  const [income, risen] = life.incomes
  if (!income || !risen) return []
  const before = monthsOf({ from: months.from, to: previousMonth(risen.from) })
  return [{ income, months: before.length, minimumFen: 0, maximumFen: risen.fen - 500 }]
}

function beforeTheExit(life: CaseLife): readonly Screw[] {
  const [income] = life.incomes
  if (!income) return []
  const on = monthsOf(months).filter((of: Month) => isOnRollIn(life, of))
  return [{ income, months: on.length, minimumFen: 0, maximumFen: maximumFen(life) }]
}
