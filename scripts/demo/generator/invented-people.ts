import { type PlainDate, plainDate } from '../../../src/domain/values/calendar.js'
import { checkCharacterOf } from '../../../src/domain/values/identity-number.js'
import type { DistrictKey, PlannedPerson } from './plan.js'
import type { Random } from './random.js'

const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕',
]
const givenFirst = [...'文国建秀玉志海春桂明德永小金林长红云兰正家福成庆士少凤宝景学']
const givenSecond = ['', ...'华英平芳生军梅荣珍良强霞兴祥芬仁涛琴根娟贵敏亮洁山喜民']
const streets = ['幸福路', '前进路', '新民街', '丰收路', '文化巷', '和平里', '青年路', '光明街']

export interface PersonWish {
  readonly bornFrom: number
  readonly bornTo: number
  readonly account: boolean
  /** Used as it is where the day matters. */
  readonly bornOn?: PlainDate
}

/** Makes people who cannot exist: their identity numbers begin with an unassigned region. */
export interface People {
  readonly invent: (wish: PersonWish) => PlannedPerson
  /** Somebody who is in no roll and no list of the plan: a stranger on a list of deaths. */
  readonly stranger: (wish: Omit<PersonWish, 'account'>) => PlannedPerson
  readonly all: () => readonly PlannedPerson[]
}

export function inventedPeople(options: {
  readonly district: DistrictKey
  readonly region: string
  readonly random: Random
}): People {
  const { random, district } = options
  const taken = new Set<string>()
  const people: PlannedPerson[] = []

  const make = (wish: PersonWish): PlannedPerson => {
    const bornOn = wish.bornOn ?? someDay(random, wish)
    const sequence = freeSequence({ ...options, bornOn, taken })
    const name = random.pick(surnames) + random.pick(givenFirst) + random.pick(givenSecond)
    const number = `${options.region}${bornOn.replaceAll('-', '')}${sequence}`
    const serial = String(taken.size).padStart(5, '0')
    return {
      key: `${district}-p${serial}`,
      name,
      identityNumber: number + checkCharacterOf(number),
      bornOn,
      sex: Number(sequence) % 2 === 1 ? 'male' : 'female',
      address: `${random.pick(streets)}${random.between(1, 180)}号`,
      account: wish.account
        ? {
            bank: '示例农村商业银行',
            account: `99${options.region}${random.between(100000, 999999)}${serial}`,
            holder: name,
          }
        : null,
    }
  }
  const invent = (wish: PersonWish): PlannedPerson => {
    const person = make(wish)
    people.push(person)
    return person
  }
  const stranger = (wish: Omit<PersonWish, 'account'>) => make({ ...wish, account: false })
  return { invent, stranger, all: () => people }
}

function someDay(random: Random, wish: PersonWish): PlainDate {
  const year = random.between(wish.bornFrom, wish.bornTo)
  const month = String(random.between(1, 12)).padStart(2, '0')
  const day = String(random.between(1, 28)).padStart(2, '0')
  return plainDate(`${year}-${month}-${day}`)
}

function freeSequence(options: {
  readonly random: Random
  readonly bornOn: PlainDate
  readonly taken: Set<string>
}): string {
  for (;;) {
    const sequence = String(options.random.between(1, 999)).padStart(3, '0')
    const key = `${options.bornOn} ${sequence}`
    if (options.taken.has(key)) continue
    options.taken.add(key)
    return sequence
  }
}
