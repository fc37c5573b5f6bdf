import { lastDayOf, type Month } from '../../../src/domain/values/calendar.js'
import type { DeathInPlan } from './case-life.js'
import { someDayOf } from './dibao-roll.js'
import type { People } from './invented-people.js'
import { districts } from './places.js'
import type { DistrictKey, PlannedAction } from './plan.js'
import type { Random } from './random.js'

export interface DeathListWish {
  readonly district: DistrictKey
  readonly people: People
  readonly random: Random
  readonly months: readonly Month[]
  /** All deaths on all lists; those that are not `known` are strangers to the ledger. */
  readonly total: number
  readonly known: readonly DeathInPlan[]
  /** What the last list prints about all of them. */
  readonly remarks: readonly string[]
}

/** One list a month, received on its last day, with everybody who died in it. */
export function deathLists(wish: DeathListWish): readonly PlannedAction[] {
  const strangers = Array.from({ length: wish.total - wish.known.length }, () => ({
    person: wish.people.stranger({ bornFrom: 1918, bornTo: 1960 }),
    diedOn: someDayOf(wish.random.pick(wish.months), wish.random),
  }))
  const deaths = wish.random.shuffled([...wish.known, ...strangers])
  return wish.months.map((month) => {
    const ofMonth = deaths.filter(({ diedOn }) => diedOn.startsWith(month))
    return {
      do: 'import-deaths',
      on: lastDayOf(month),
      listKey: `${wish.district}-deaths-${month}`,
      source: `${districts[wish.district].nameZh}殡葬死亡名单 ${month}（虚构）`,
      remarks: month === wish.months.at(-1) ? wish.remarks : [],
      rows: ofMonth.map(({ person, diedOn }) => ({
        name: person.name,
        identityNumber: person.identityNumber,
        diedOn,
      })),
    }
  })
}
