import { type Month, month, monthsOf, plainDate } from '../../../src/domain/values/calendar.js'
import { type CaseLife, impliedFen, isOnRollIn } from './case-life.js'
import { type DibaoRoll, type DibaoWish, dibaoRoll } from './dibao-roll.js'
import { type Screw, turnScrews } from './income-screws.js'
import type { People } from './invented-people.js'
import { personalCase } from './personal-roll.js'
import type { Random } from './random.js'
import { p4Terms } from './terms.js'

const months = { from: month('2012-01'), to: month('2012-12') } as const

/** Yuan that the incomes are chosen for: P4-02, the whole year. */
const yearTargetYuan = 1_709_000

const headcounts = {
  urban: {
    opening: { households: 232, persons: 500 },
    entries: { households: 14, persons: 27, joiners: 3 },
    exits: { households: 23, persons: 47, leavers: 4 },
    deaths: { households: 4, members: 1, heads: 0, late: 1 },
    incomeYuan: { from: 75, to: 125 },
    incomeRises: 30,
    incomeFalls: 12,
    moves: 4,
  },
  rural: {
    opening: { households: 70, persons: 140 },
    entries: { households: 5, persons: 7, joiners: 1 },
    exits: { households: 11, persons: 19, leavers: 2 },
    deaths: { households: 3, members: 1, heads: 0, late: 0 },
    incomeYuan: { from: 40, to: 90 },
    incomeRises: 8,
    incomeFalls: 4,
    moves: 2,
  },
} as const

const exitMonths = ['2012-03', '2012-06', '2012-06', '2012-09', '2012-12', '2012-12'].map(month)

export interface P4Dibao {
  readonly lives: readonly CaseLife[]
  /** The case in 特困 that goes on where a rural one ended. */
  readonly tekun: CaseLife
  readonly deaths: DibaoRoll['deaths']
  /** Steady urban households with nothing else planned for them. */
  readonly quiet: readonly CaseLife[]
}

interface Given {
  readonly people: People
  readonly random: Random
}

/** Both 低保 rolls of P4; a household and a person go on under another programme. */
export function p4Dibao(given: Given): P4Dibao {
  const urban = dibaoRoll({ ...wishOf('urban'), ...given })
  const rural = dibaoRoll({ ...wishOf('rural'), ...given })
  const pair = urban.steady.find(({ members, moves }) => members.length === 2 && !moves.length)
  const alone = rural.steady.find(({ members, moves }) => members.length === 1 && !moves.length)
  if (!pair || !alone) throw new Error('no household to go on under another programme')
  const toRural = continuedInVillage(pair, rural)
  const tekun = continuedAsTekun(alone, given)
  const quiet = urban.steady.filter((life) => life !== pair && life.moves.length === 0)
  const [late] = quiet
  if (late) correctLate(late)

  const lives = [...urban.lives, ...rural.lives, toRural]
  const steady = [...quiet.slice(1), ...rural.steady.filter((life) => life !== alone)]
  chooseForTheYear(lives, [...steady, ...urban.leaving, ...rural.leaving])
  return { lives, tekun, deaths: [...urban.deaths, ...rural.deaths], quiet: quiet.slice(1) }
}

function wishOf(kind: 'urban' | 'rural'): Omit<DibaoWish, 'people' | 'random'> {
  return {
    district: 'P4',
    kind,
    cutOver: months.from,
    months: monthsOf({ from: month('2012-02'), to: months.to }),
    exitMonths,
    ...headcounts[kind],
    classificationsOf: (bornOn, random) => {
      if (bornOn < '1942') return ['over-seventy', ...(random.chance(20) ? [severe] : [])]
      if (bornOn > '1996' && random.chance(60)) return ['minor']
      return random.chance(8) ? [severe] : []
    },
  }
}

const severe = 'severe-disability'

/** A household becomes one of the village roll: neither 新增 nor 退出. */
function continuedInVillage(life: CaseLife, rural: DibaoRoll): CaseLife {
  const firstMonth = month('2012-09')
  const [income] = life.incomes
  const [neighbour] = rural.steady
  if (!income || !neighbour) throw new Error('no income or no village')
  const file = {
    ...life.file,
    caseKey: 'P4-N8001',
    programme: 'rural-dibao',
    division: neighbour.file.division,
    urbanRural: 'rural',
  } as const
  goOnAfter(life, month('2012-08'))
  return {
    file,
    opening: null,
    firstMonth,
    continues: life.file.caseKey,
    members: life.members.map((member) => ({ ...member, from: firstMonth })),
    incomes: [{ ...income, from: firstMonth }],
    moves: [],
    end: null,
  }
}

function continuedAsTekun(life: CaseLife, { random }: Given): CaseLife {
  const [only] = life.members
  if (!only) throw new Error('a household without a member')
  const wish = { random, district: 'P4', programme: 'tekun', letter: 'W' } as const
  const tekun = personalCase(wish, {
    person: only.person,
    benefitClass: 'dispersed',
    serial: 8001,
    enters: month('2012-10'),
    continues: life.file.caseKey,
  })
  goOnAfter(life, month('2012-09'))
  return { ...tekun, file: { ...tekun.file, division: life.file.division } }
}

function goOnAfter(life: CaseLife, lastMonth: Month): void {
  life.end = { lastMonth, reason: '转入其他保障', byDeath: false, continued: true }
}

/** Learned in September: since July the income was lower, so that two months are owed more. */
function correctLate(life: CaseLife): void {
  const [income] = life.incomes
  if (!income) throw new Error('a household without an income')
  income.fen = 20_000 * life.members.length
  life.incomes.push({
    from: month('2012-07'),
    fen: 12_000 * life.members.length,
    basis: '补核：七月起停工，收入减少',
    decidedOn: plainDate('2012-09-18'),
  })
}

function chooseForTheYear(lives: readonly CaseLife[], adjustable: readonly CaseLife[]): void {
  const of = (kind: 'urban' | 'rural') =>
    impliedFen(
      lives.filter(({ file }) => file.urbanRural === kind),
      months,
      p4Terms[kind],
    )
  const screws = adjustable.flatMap((life): readonly Screw[] => {
    const [income] = life.incomes
    const on = monthsOf(months).filter((of: Month) => isOnRollIn(life, of))
    const highestYuan = life.file.urbanRural === 'urban' ? 180 : 110
    const maximumFen = life.members.length * highestYuan * 100
    return income ? [{ income, months: on.length, minimumFen: 0, maximumFen }] : []
  })
  turnScrews(screws, of('urban') + of('rural') - yearTargetYuan * 100)
}
