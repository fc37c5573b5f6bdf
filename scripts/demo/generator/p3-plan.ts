import { type Month, month, monthsOf, plainDate } from '../../../src/domain/values/calendar.js'
import { caseActions, type DecisionHabit, dayIn } from './case-actions.js'
import type { CaseLife, DeathInPlan } from './case-life.js'
import { deathLists } from './death-list.js'
import { monthsFrom } from './district-plan.js'
import { inventedPeople, type People } from './invented-people.js'
import { accountsOf, openingFiles } from './opening-files.js'
import { letDie, personalCase, personalRoll } from './personal-roll.js'
import { districts, someVillage } from './places.js'
import type { CampaignRecipient, DistrictPlan, PlannedAction } from './plan.js'
import { type Random, seededRandom } from './random.js'
import { reportedFigures } from './reported-figures.js'
import { constantly, flatTerms } from './terms.js'

const span = { from: month('2012-01'), to: month('2012-06') } as const
const seed = 20_120_630
const raised = ['tekun', 'retired-1960s-workers'] as const

interface Given {
  readonly people: People
  readonly random: Random
}

/** P3: January to June 2012; two standards rise in April, the festival aid is paid in June. */
export function p3Plan(): DistrictPlan {
  const random = seededRandom(seed)
  const people = inventedPeople({ district: 'P3', region: '990201', random })
  const { lives, deaths, learnedLate } = personalRolls({ people, random })
  const actions: readonly PlannedAction[] = [
    ...lives.flatMap((life) => caseActions(life, habit(random))),
    ...raise,
    ...monthlyRuns(),
    ...dragonBoatAid({ people, random }, lives),
    ...deathLists({
      district: 'P3',
      people,
      random,
      months: monthsOf(span),
      total: 48,
      known: deaths,
      remarks: [],
    }),
    lateList(learnedLate),
    ...reportedFigures('P3'),
  ]
  return {
    key: 'P3',
    division: districts.P3.division,
    cutOver: span.from,
    persons: people.all(),
    opening: openingFiles(lives, { cutOver: span.from, books: formerBooks }),
    months: monthsFrom(actions, span),
  }
}

function personalRolls(given: Given) {
  const wish = { ...given, district: 'P3', programme: 'tekun', letter: 'W' } as const
  const supported = personalRoll({
    ...wish,
    classes: [
      { benefitClass: 'centralised', persons: 60 },
      { benefitClass: 'dispersed', persons: 110 },
    ],
    bornFrom: 1926,
    bornTo: 1950,
  })
  const entering = ['2012-02', '2012-03', '2012-04', '2012-05', '2012-06'].map((enters, at) =>
    personalCase(wish, {
      person: given.people.invent({ bornFrom: 1940, bornTo: 1951, account: true }),
      benefitClass: at % 2 === 0 ? 'dispersed' : 'centralised',
      serial: 5001 + at,
      enters: month(enters),
    }),
  )
  const workers = personalRoll({
    ...wish,
    programme: 'retired-1960s-workers',
    letter: 'Q',
    classes: [{ benefitClass: 'general', persons: 24 }],
    bornFrom: 1928,
    bornTo: 1942,
  })
  const die = (life: CaseLife | undefined, of: Month): readonly DeathInPlan[] =>
    life ? [letDie(life, { random: given.random, diedIn: of, lastMonth: of })] : []
  const deaths = [
    ...die(supported[5], month('2012-01')),
    ...die(supported[70], month('2012-02')),
    ...die(supported[130], month('2012-05')),
    ...die(workers[2], month('2012-04')),
  ]
  const learnedLate = die(supported[99], month('2012-03'))
  return { lives: [...supported, ...entering, ...workers], deaths, learnedLate }
}

function habit(random: Random): DecisionHabit {
  return {
    decides: 'month-before',
    days: { from: 15, to: 25 },
    steps: [
      ['survey', 5],
      ['town-audit', 8],
      ['confirmation', 18],
    ],
    random,
    censuses: [],
    until: span.to,
  }
}

function formerBooks({ file }: CaseLife) {
  return file.programme === 'tekun'
    ? { component: 'support', terms: flatTerms(constantly(52_000)) }
    : { component: 'relief', terms: flatTerms(constantly(20_900)) }
}

/** Announced in March: from April 6,960 a year, and 309 a month. */
const raise: readonly PlannedAction[] = [
  { do: 'import-policy', on: plainDate('2012-03-20'), path: 'standards/p3-2012-04.json' },
  {
    do: 'reassess-roll',
    on: plainDate('2012-03-21'),
    programmes: raised,
    from: month('2012-04'),
    cause: 'standard',
  },
]

function monthlyRuns(): readonly PlannedAction[] {
  return monthsOf(span).map((period) => ({
    do: 'pay',
    on: dayIn(period, 9),
    kind: 'regular',
    programmes: raised,
    period,
    returned: [],
  }))
}

/** One died in March and was reported in June: two months were paid too much. */
function lateList(deaths: readonly DeathInPlan[]): PlannedAction {
  return {
    do: 'import-deaths',
    on: plainDate('2012-06-05'),
    listKey: 'P3-deaths-late',
    source: '示例乙区敬老院补报（虚构）',
    remarks: ['3月死亡，6月补报'],
    rows: deaths.map(({ person, diedOn }) => ({
      name: person.name,
      identityNumber: person.identityNumber,
      diedOn,
    })),
  }
}

const notPrinted = {
  number: '文号未公布',
  issuer: '示例乙区民政局',
  provenance: 'published',
} as const

/** P3-01 to P3-03: 3,015 households of 300 and 3,500 of 200 yuan, from 1 June. */
function dragonBoatAid({ people, random }: Given, lives: readonly CaseLife[]): PlannedAction[] {
  const known = lives
    .filter((life) => life.end === null && life.opening !== null)
    .flatMap((life) => life.members.map(({ person }) => ({ person, life })))
    .map(({ person, life }) => recipient(person.key, life.file.division, 'key-aid'))
  const invented = Array.from({ length: 6515 - known.length }, () =>
    people.invent({ bornFrom: 1930, bornTo: 1980, account: true }),
  )
  const others = invented.map((person, at) =>
    recipient(
      person.key,
      someVillage('P3', random, 'none'),
      known.length + at < 3015 ? 'key-aid' : 'dibao-edge',
    ),
  )
  const shared = { programme: 'dragon-boat-aid', month: month('2012-06') } as const
  return [
    {
      do: 'import-campaign',
      on: plainDate('2012-06-01'),
      campaignKey: 'P3-2012-dragon-boat',
      nameZh: '端午救助',
      ...shared,
      unit: '户',
      document: notPrinted,
      recipients: [...known, ...others],
    },
    accountsOf(invented, plainDate('2012-06-01')),
    {
      do: 'pay',
      on: plainDate('2012-06-04'),
      kind: 'one-off',
      programmes: [shared.programme],
      period: shared.month,
      returned: [],
    },
  ]
}

type Tier = 'key-aid' | 'dibao-edge'

function recipient(personKey: string, division: string, benefitClass: Tier): CampaignRecipient {
  const amountFen = benefitClass === 'key-aid' ? 30_000 : 20_000
  return { personKey, division, benefitClass, amountFen }
}
