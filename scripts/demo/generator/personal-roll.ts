import {
  type Month,
  month,
  nextMonth,
  type PlainDate,
} from '../../../src/domain/values/calendar.js'
import type { CaseLife, DeathInPlan } from './case-life.js'
import { someDayOf } from './dibao-roll.js'
import type { People } from './invented-people.js'
import { someVillage } from './places.js'
import type { DistrictKey, PlannedPerson } from './plan.js'
import type { Random } from './random.js'

/** A roll of persons, each a case of its own. */
export interface PersonalWish {
  readonly district: DistrictKey
  readonly programme: string
  readonly letter: string
  readonly people: People
  readonly random: Random
  /** Nobody was on the roll before this age. */
  readonly sinceAge?: number
  readonly classes: readonly { readonly benefitClass: string; readonly persons: number }[]
  readonly bornFrom: number
  readonly bornTo: number
}

export function personalRoll(wish: PersonalWish): CaseLife[] {
  let serial = 0
  return wish.classes.flatMap(({ benefitClass, persons }) =>
    Array.from({ length: persons }, () => {
      serial += 1
      const person = wish.people.invent({ ...wish, account: true })
      return personalCase(wish, { person, benefitClass, serial })
    }),
  )
}

/** A case of a person who is already known, on another roll perhaps. */
export function personalCase(
  wish: Omit<PersonalWish, 'classes' | 'bornFrom' | 'bornTo' | 'people'>,
  of: {
    readonly person: PlannedPerson
    readonly benefitClass: string
    readonly serial: number
    /** Where it is a new case: its first month. */
    readonly enters?: Month
    readonly continues?: string
  },
): CaseLife {
  const firstMonth = of.enters ?? formerEntry(wish, of.person)
  return {
    file: {
      caseKey: `${wish.district}-${wish.letter}${String(of.serial).padStart(4, '0')}`,
      programme: wish.programme,
      division: someVillage(wish.district, wish.random, 'none'),
      urbanRural: 'none',
      benefitClass: of.benefitClass,
    },
    opening: of.enters === undefined ? { formerIncome: { fen: 0 } } : null,
    firstMonth,
    continues: of.continues ?? null,
    members: [
      {
        person: of.person,
        relation: '本人',
        circumstances: { assessed: true, covered: true, classifications: [] },
        from: firstMonth,
        end: null,
      },
    ],
    incomes: [],
    moves: [],
    end: null,
  }
}

function formerEntry(
  { random, sinceAge }: Pick<PersonalWish, 'random' | 'sinceAge'>,
  { bornOn }: PlannedPerson,
): Month {
  const year = random.between(2008, 2010)
  const drawn = month(`${year}-${String(random.between(1, 12)).padStart(2, '0')}`)
  if (sinceAge === undefined) return drawn
  const old = month(`${Number(bornOn.slice(0, 4)) + sinceAge}-${bornOn.slice(5, 7)}`)
  return drawn > old ? drawn : nextMonth(old)
}

/** Lets the person die in a month; `monthsAfter` is what the programme still pays by law. */
export function letDie(
  life: CaseLife,
  options: { readonly random: Random; readonly diedIn: Month; readonly lastMonth: Month },
): DeathInPlan {
  const [only] = life.members
  if (!only) throw new Error('a case without a person')
  life.end = { lastMonth: options.lastMonth, reason: '死亡', byDeath: true, continued: false }
  const diedOn: PlainDate = someDayOf(options.diedIn, options.random)
  return { person: only.person, diedOn }
}
