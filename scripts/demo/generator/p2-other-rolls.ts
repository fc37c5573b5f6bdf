import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { type CaseLife, coveredMembersIn, type DeathInPlan } from './case-life.js'
import type { DibaoRoll } from './dibao-roll.js'
import type { People } from './invented-people.js'
import { letDie, personalCase, personalRoll } from './personal-roll.js'
import type { PlannedPerson } from './plan.js'
import type { Random } from './random.js'

const quarterEnd = month('2012-03')
/** P2-14: persons on the rolls of the price subsidy at the end of the first quarter. */
const personsOfSubsidy = 2517

interface Given {
  readonly people: People
  readonly random: Random
}

export interface OtherRolls {
  readonly tekun: readonly CaseLife[]
  readonly orphans: readonly CaseLife[]
  readonly disabledBasic: readonly CaseLife[]
  readonly edge: readonly CaseLife[]
  /** Rolls on which the price subsidy does not look. */
  readonly beside: readonly CaseLife[]
  readonly veterans: readonly CaseLife[]
  readonly deaths: readonly DeathInPlan[]
}

/** Every roll of P2 beside 低保; the edge roll is as long as P2-14 asks for. */
export function p2OtherRolls(
  given: Given,
  dibao: { readonly urban: DibaoRoll; readonly rural: DibaoRoll },
): OtherRolls {
  const steadyHeads = [...dibao.urban.steady, ...dibao.rural.steady].flatMap(({ members }) =>
    members.slice(0, 1).map(({ person }) => person),
  )
  const { lives: tekun, deaths: tekunDeaths } = tekunRoll(given)
  const orphans = personalRoll({
    ...given,
    district: 'P2',
    programme: 'orphan',
    letter: 'G',
    classes: [
      { benefitClass: 'dispersed', persons: 30 },
      { benefitClass: 'centralised', persons: 6 },
    ],
    bornFrom: 1996,
    bornTo: 2008,
  })
  const ownDisabled = disabledRoll(given, 327)
  const sharedDisabled = sharedWith(given, steadyHeads.slice(0, 45), 1001)
  const dibaoLives = [...dibao.urban.lives, ...dibao.rural.lives]
  const known = [...dibaoLives, ...tekun, ...orphans, ...ownDisabled, ...sharedDisabled]
  const edge = edgeRoll(given, personsOfSubsidy - personsOf(known))
  const edgeDisabled = edge.slice(0, 8).flatMap(({ members }) => members.slice(0, 1))
  const onEdge = sharedWith(
    given,
    edgeDisabled.map(({ person }) => person),
    1101,
  )
  const veterans = veteransRoll(given)
  const aged = agedRoll(given)
  return {
    tekun,
    orphans,
    disabledBasic: [...ownDisabled, ...sharedDisabled, ...onEdge],
    edge,
    beside: [...aged.lives, ...smallRolls(given, steadyHeads.slice(45, 65))],
    veterans: veterans.lives,
    deaths: [...tekunDeaths, ...aged.deaths, ...veterans.deaths],
  }
}

/** A person on two of the rolls is one person. */
function personsOf(lives: readonly CaseLife[]): number {
  const keys = lives.flatMap((life) =>
    coveredMembersIn(life, quarterEnd).map(({ person }) => person.key),
  )
  return new Set(keys).size
}

function tekunRoll(given: Given) {
  const wish = { ...given, district: 'P2', programme: 'tekun', letter: 'W' } as const
  const lives = personalRoll({
    ...wish,
    classes: [
      { benefitClass: 'centralised', persons: 50 },
      { benefitClass: 'dispersed', persons: 70 },
    ],
    bornFrom: 1925,
    bornTo: 1950,
  })
  const dead = [lives[3], lives[61], lives[88]].filter((life) => life !== undefined)
  const months = ['2012-01', '2012-02', '2012-04'].map(month)
  const deaths = dead.map((life, at) => {
    const diedIn = months[at] ?? quarterEnd
    return letDie(life, { random: given.random, diedIn, lastMonth: diedIn })
  })
  const entering = ['2012-02', '2012-03', '2012-04', '2012-05'].map((enters, at) =>
    personalCase(wish, {
      person: given.people.invent({ bornFrom: 1940, bornTo: 1951, account: true }),
      benefitClass: 'dispersed',
      serial: 5001 + at,
      enters: month(enters),
    }),
  )
  return { lives: [...lives, ...entering], deaths }
}

function disabledRoll(given: Given, persons: number): readonly CaseLife[] {
  return personalRoll({
    ...given,
    district: 'P2',
    programme: 'disabled-basic',
    letter: 'J',
    classes: [{ benefitClass: 'general', persons }],
    bornFrom: 1945,
    bornTo: 1990,
  })
}

function sharedWith(
  given: Given,
  persons: readonly PlannedPerson[],
  firstSerial: number,
): readonly CaseLife[] {
  const wish = { ...given, district: 'P2', programme: 'disabled-basic', letter: 'J' } as const
  return persons.map((person, at) =>
    personalCase(wish, { person, benefitClass: 'general', serial: firstSerial + at }),
  )
}

/** Households of two, and one of one where the number is odd; five more enter in May. */
function edgeRoll(given: Given, persons: number): readonly CaseLife[] {
  const wish = { ...given, district: 'P2', programme: 'dibao-edge', letter: 'B' } as const
  const opening = Array.from({ length: Math.ceil(persons / 2) }, (_, at) => {
    const life = edgeHousehold(given, { wish, serial: at + 1 })
    if (at * 2 + 1 < persons) addSpouse(given, life)
    return life
  })
  const entering = Array.from({ length: 5 }, (_, at) =>
    edgeHousehold(given, { wish, serial: 5001 + at, enters: month('2012-05') }),
  )
  return [...opening, ...entering]
}

function edgeHousehold(
  { people }: Given,
  options: {
    readonly wish: Parameters<typeof personalCase>[0]
    readonly serial: number
    readonly enters?: ReturnType<typeof month>
  },
): CaseLife {
  const { wish, ...of } = options
  const person = people.invent({ bornFrom: 1940, bornTo: 1980, account: true })
  return personalCase(wish, { person, benefitClass: 'general', ...of })
}

function addSpouse({ people }: Given, life: CaseLife): void {
  life.members.push({
    person: people.invent({ bornFrom: 1940, bornTo: 1980, account: true }),
    relation: '配偶',
    circumstances: { assessed: true, covered: true, classifications: [] },
    from: life.firstMonth,
    end: null,
  })
}

/** P2-20: 342 persons; one dies in April and is paid six months more, by the rule. */
function veteransRoll(given: Given) {
  const lives = personalRoll({
    ...given,
    district: 'P2',
    programme: 'key-veterans',
    letter: 'Y',
    classes: [
      { benefitClass: 'disabled-soldier', persons: 60 },
      { benefitClass: 'martyr-family', persons: 42 },
      { benefitClass: 'returned-veteran', persons: 240 },
    ],
    bornFrom: 1924,
    bornTo: 1955,
  })
  const months = { diedIn: month('2012-04'), lastMonth: month('2012-10') }
  const deaths = lives.slice(120, 121).map((life) => letDie(life, { ...given, ...months }))
  return { lives, deaths }
}

/** Who turn ninety in these months: the higher band begins the month after. */
const ninetieth = [
  '1922-01-18',
  '1922-02-09',
  '1922-03-27',
  '1922-04-11',
  '1922-05-20',
  '1922-02-28',
]

function agedRoll(given: Given) {
  const wish = {
    ...given,
    district: 'P2',
    programme: 'old-age-allowance',
    letter: 'L',
    sinceAge: 80,
  } as const
  const band = (benefitClass: string, range: readonly [number, number, number]) =>
    personalRoll({
      ...wish,
      letter: `L${benefitClass.slice(4)}-`,
      classes: [{ benefitClass, persons: range[0] }],
      bornFrom: range[1],
      bornTo: range[2],
    })
  const eighty = band('age-80', [84, 1923, 1930])
  const ninety = band('age-90', [36, 1913, 1921])
  const hundred = band('age-100', [4, 1909, 1911])
  const turning = ninetieth.map((text, at) => {
    const bornOn = plainDate(text)
    const person = given.people.invent({ bornFrom: 1922, bornTo: 1922, account: true, bornOn })
    return personalCase(wish, { person, benefitClass: 'age-80', serial: 9001 + at })
  })
  const months = ['2012-01', '2012-02', '2012-03', '2012-04', '2012-05'].map(month)
  const deaths = [...eighty.slice(0, 3), ...ninety.slice(0, 2)].map((life, at) => {
    const diedIn = months[at] ?? quarterEnd
    return letDie(life, { random: given.random, diedIn, lastMonth: diedIn })
  })
  return { lives: [...eighty, ...ninety, ...hundred, ...turning], deaths }
}

function smallRolls(given: Given, onDibao: readonly PlannedPerson[]): readonly CaseLife[] {
  const roll = (programme: string, letter: string, persons: number) =>
    personalRoll({
      ...given,
      district: 'P2',
      programme,
      letter,
      classes: [{ benefitClass: 'general', persons }],
      bornFrom: 1925,
      bornTo: 1945,
    })
  const wish = { ...given, district: 'P2', programme: 'disabled-living', letter: 'S' } as const
  const shared = onDibao.map((person, at) =>
    personalCase(wish, { person, benefitClass: 'general', serial: 1001 + at }),
  )
  return [
    ...roll('disabled-living', 'S', 40),
    ...shared,
    ...roll('elderly-hardship', 'K', 40),
    ...roll('retired-1960s-workers', 'Q', 20),
  ]
}
