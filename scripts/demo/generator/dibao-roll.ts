import { type Month, month, plainDate } from '../../../src/domain/values/calendar.js'
import {
  type CaseEnd,
  type CaseLife,
  type DeathInPlan,
  lastMonthFor,
  type MemberLife,
} from './case-life.js'
import type { People, PersonWish } from './invented-people.js'
import { someVillage } from './places.js'
import type { DistrictKey } from './plan.js'
import type { Random } from './random.js'

/** How many come and go in the months of `months`; every number is of households or persons. */
export interface DibaoWish {
  readonly district: DistrictKey
  readonly kind: 'urban' | 'rural'
  readonly people: People
  readonly random: Random
  readonly cutOver: Month
  /** Months in which an entry or exit shows on the roll. */
  readonly months: readonly Month[]
  /** Months in which exits show; a month that stands here twice gets twice as many. */
  readonly exitMonths: readonly Month[]
  readonly opening: Headcount
  readonly entries: Headcount & { readonly joiners: number }
  readonly exits: Headcount & { readonly leavers: number }
  readonly deaths: {
    /** Of the exits: households of one whose person died. */
    readonly households: number
    /** Of the leavers. */
    readonly members: number
    /** Of the members who died: heads of a household that goes on. */
    readonly heads: number
    /** Households of one whose person died in the last month, which shows after it. */
    readonly late: number
  }
  readonly incomeYuan: { readonly from: number; readonly to: number }
  readonly incomeRises: number
  readonly incomeFalls: number
  readonly moves: number
  readonly classificationsOf: (bornOn: string, random: Random) => readonly string[]
}

export interface Headcount {
  readonly households: number
  readonly persons: number
}

export interface DibaoRoll {
  readonly lives: readonly CaseLife[]
  readonly deaths: readonly DeathInPlan[]
  /** Households that stay from the cut-over to the end without a change of income. */
  readonly steady: readonly CaseLife[]
  /** Households that stay and whose income rises once. */
  readonly rising: readonly CaseLife[]
  /** Households that leave the roll, but not by a death. */
  readonly leaving: readonly CaseLife[]
}

const exitReasons = ['家庭收入超过标准', '就业后自愿退出', '户籍迁出', '家庭财产超过规定']

export function dibaoRoll(wish: DibaoWish): DibaoRoll {
  const { random, months } = wish
  const opening = openHouseholds(wish)
  const exiting = householdsOf(random.shuffled(opening), wish.exits)
  const singles = exiting.filter((life) => life.members.length === 1)
  const dying = singles.slice(0, wish.deaths.households)
  const deaths = dying.map((life) => endByDeath(wish, life, random.pick(deathMonths(wish))))
  const leaving = exiting.filter((life) => !dying.includes(life))
  for (const life of leaving) {
    life.end = exitIn(random.pick(wish.exitMonths), random.pick(exitReasons))
  }

  const staying = random.shuffled(opening.filter((life) => !exiting.includes(life)))
  const several = staying.filter((life) => life.members.length > 1)
  deaths.push(...letLeave(wish, several.slice(0, wish.exits.leavers)))
  const after = staying.filter((life) => !several.slice(0, wish.exits.leavers).includes(life))
  const late = after.filter((life) => life.members.length === 1).slice(0, wish.deaths.late)
  const lastMonth = months.at(-1) ?? wish.cutOver
  deaths.push(...late.map((life) => endByDeath(wish, life, lastMonth)))

  const rest = after.filter((life) => !late.includes(life))
  const joined = rest.slice(0, wish.entries.joiners)
  for (const life of joined) life.members.push(newMember(wish, life, random.pick(months)))
  const changing = rest.slice(joined.length)
  const rising = changing.slice(0, wish.incomeRises)
  const falling = changing.slice(rising.length, rising.length + wish.incomeFalls)
  for (const life of rising) changeIncome(wish, life, 'rise')
  for (const life of falling) changeIncome(wish, life, 'fall')
  const steady = changing.slice(rising.length + falling.length)
  for (const life of steady.slice(0, wish.moves)) moveOnce(wish, life)

  const entered = enterHouseholds(wish)
  return { lives: [...opening, ...entered], deaths, steady, rising, leaving }
}

function deathMonths(wish: DibaoWish): readonly Month[] {
  return wish.months.map(lastMonthFor).filter((last) => last >= wish.cutOver)
}

function exitIn(showsIn: Month, reason: string): CaseEnd {
  return { lastMonth: lastMonthFor(showsIn), reason, byDeath: false, continued: false }
}

function endByDeath(wish: DibaoWish, life: CaseLife, lastMonth: Month): DeathInPlan {
  const [only] = life.members
  if (!only) throw new Error('a household without a member')
  life.end = { lastMonth, reason: '死亡', byDeath: true, continued: false }
  return { person: only.person, diedOn: someDayOf(lastMonth, wish.random) }
}

/** A day on which a list of the month's end still has the death. */
export function someDayOf(of: Month, random: Random) {
  return plainDate(`${of}-${String(random.between(2, 26)).padStart(2, '0')}`)
}

function letLeave(wish: DibaoWish, households: readonly CaseLife[]): readonly DeathInPlan[] {
  const { random, deaths } = wish
  return households.flatMap((life, at) => {
    const died = at < deaths.members
    const member = at < deaths.heads ? life.members[0] : life.members.at(-1)
    const [income] = life.incomes
    if (!member || !income) throw new Error('a household without a member or an income')
    // Those who stay must be entitled on the same income, so it is chosen for them.
    income.fen = householdIncome(wish, life.members.length - 1)
    const lastMonth = died ? random.pick(deathMonths(wish)) : lastMonthFor(random.pick(wish.months))
    member.end = {
      lastMonth,
      reason: died ? '死亡' : random.pick(['外出就业', '婚嫁迁出', '入伍']),
    }
    return died ? [{ person: member.person, diedOn: someDayOf(lastMonth, random) }] : []
  })
}

/** The first households whose sizes add up to what was asked. */
function householdsOf(shuffled: readonly CaseLife[], wish: Headcount): readonly CaseLife[] {
  let extra = wish.persons - wish.households
  const several = shuffled.filter(({ members }) => {
    const takes = members.length - 1
    if (takes === 0 || takes > extra) return false
    extra -= takes
    return true
  })
  const singles = shuffled.filter(({ members }) => members.length === 1)
  if (extra !== 0) throw new Error('no such households')
  return [...several, ...singles.slice(0, wish.households - several.length)]
}

function openHouseholds(wish: DibaoWish): CaseLife[] {
  return sizesOf(wish.opening, wish.random).map((size, at) => {
    const year = wish.random.between(2008, 2011)
    const entered = month(`${year}-${String(wish.random.between(1, 11)).padStart(2, '0')}`)
    return household(wish, { size, firstMonth: entered, serial: at + 1, opening: true })
  })
}

function enterHouseholds(wish: DibaoWish): CaseLife[] {
  return sizesOf(wish.entries, wish.random).map((size, at) => {
    const firstMonth = wish.random.pick(wish.months)
    return household(wish, { size, firstMonth, serial: 5001 + at, opening: false })
  })
}

function sizesOf({ households, persons }: Headcount, random: Random): readonly number[] {
  const sizes = Array.from({ length: households }, () => 1)
  for (let left = persons - households; left > 0; ) {
    const at = random.between(0, households - 1)
    const size = sizes[at] ?? 4
    if (size >= 4) continue
    sizes[at] = size + 1
    left -= 1
  }
  return sizes
}

export interface HouseholdWish {
  readonly size: number
  readonly firstMonth: Month
  readonly serial: number
  readonly opening: boolean
}

export function household(wish: DibaoWish, of: HouseholdWish): CaseLife {
  const { random, district, kind } = wish
  const letter = kind === 'urban' ? 'C' : 'N'
  const file = {
    caseKey: `${district}-${letter}${String(of.serial).padStart(4, '0')}`,
    programme: `${kind}-dibao`,
    division: someVillage(district, random, kind),
    urbanRural: kind,
    benefitClass: 'general',
  } as const
  const life: CaseLife = {
    file,
    opening: of.opening ? { formerIncome: { fen: householdIncome(wish, of.size) } } : null,
    firstMonth: of.firstMonth,
    continues: null,
    members: [],
    incomes: [{ from: of.firstMonth, fen: householdIncome(wish, of.size), basis: '入户调查核定' }],
    moves: [],
    end: null,
  }
  for (let at = 0; at < of.size; at += 1) {
    life.members.push(newMember(wish, life, of.firstMonth))
  }
  return life
}

function householdIncome({ random, incomeYuan }: DibaoWish, persons: number): number {
  const yuan = random.between(incomeYuan.from * persons, incomeYuan.to * persons)
  return yuan * 100 + (random.chance(10) ? 50 : 0)
}

const ages: readonly Omit<PersonWish, 'account'>[] = [
  { bornFrom: 1930, bornTo: 1972 },
  { bornFrom: 1940, bornTo: 1978 },
  { bornFrom: 1995, bornTo: 2010 },
  { bornFrom: 1996, bornTo: 2011 },
]

function newMember(wish: DibaoWish, life: CaseLife, from: Month): MemberLife {
  const at = Math.min(life.members.length, 3)
  const range = ages[at] ?? { bornFrom: 1930, bornTo: 1972 }
  const person = wish.people.invent({ ...range, account: at <= 1 })
  return {
    person,
    relation: ['户主', '配偶', '子女', '子女'][at] ?? '子女',
    from,
    circumstances: {
      assessed: true,
      covered: true,
      classifications: wish.classificationsOf(person.bornOn, wish.random),
    },
    end: null,
  }
}

function changeIncome(wish: DibaoWish, life: CaseLife, way: 'rise' | 'fall'): void {
  const first = life.incomes[0]
  if (!first) throw new Error('a household without an income')
  const from = wish.random.pick(wish.months.slice(1))
  const persons = life.members.length
  const step = wish.random.between(12, 40) * 100 * persons
  if (way === 'rise') {
    life.incomes.push({ from, fen: first.fen + step, basis: '复核：务工收入增加' })
  } else {
    life.incomes.push({ from, fen: first.fen, basis: '复核：失业，收入减少' })
    first.fen += step
  }
}

function moveOnce(wish: DibaoWish, life: CaseLife): void {
  const division = someVillage(wish.district, wish.random, wish.kind)
  if (division === life.file.division) return
  life.moves.push({ from: wish.random.pick(wish.months.slice(1)), division })
}
