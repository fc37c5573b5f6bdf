import { type Month, month, monthsOf, plainDate } from '../../../src/domain/values/calendar.js'
import { caseActions, type DecisionHabit, dayIn } from './case-actions.js'
import { type CaseLife, isOnRollIn } from './case-life.js'
import { deathLists } from './death-list.js'
import type { DibaoRoll } from './dibao-roll.js'
import { monthsFrom } from './district-plan.js'
import { inventedPeople, type People } from './invented-people.js'
import { accountsOf, type FormerBooks, openingFiles } from './opening-files.js'
import { p2DibaoRolls } from './p2-dibao.js'
import { type OtherRolls, p2OtherRolls } from './p2-other-rolls.js'
import { districts, someVillage } from './places.js'
import type { CampaignRecipient, DistrictPlan, PlannedAction } from './plan.js'
import { type Random, seededRandom } from './random.js'
import { reportedFigures } from './reported-figures.js'
import { constantly, flatTerms, p2Terms } from './terms.js'

const span = { from: month('2012-01'), to: month('2012-05') } as const
const seed = 20_120_531

/** P2: January to May 2012, taken over on 1 January. */
export function p2Plan(): DistrictPlan {
  const random = seededRandom(seed)
  const people = inventedPeople({ district: 'P2', region: '990101', random })
  const dibao = p2DibaoRolls({ people, random })
  const others = p2OtherRolls({ people, random }, dibao)
  const lives = livesOf(dibao, others)
  const deaths = [...dibao.urban.deaths, ...dibao.rural.deaths, ...others.deaths]
  const actions: readonly PlannedAction[] = [
    ...lives.flatMap((life) => caseActions(life, habitOf(life, random))),
    ...campaigns({ people, random }, { dibao, others }),
    ...priceLink,
    ...ageReviews(),
    ...monthlyRuns(),
    ...deathLists({
      district: 'P2',
      people,
      random,
      months: monthsOf(span),
      total: 704,
      known: deaths,
      remarks: ['1—5月死亡 704 人', '火化 701 人', '其中 3 人在外地火化'],
    }),
    ...reportedFigures('P2'),
  ]
  return {
    key: 'P2',
    division: districts.P2.division,
    cutOver: span.from,
    persons: people.all(),
    opening: openingFiles(lives, { cutOver: span.from, books: formerBooks }),
    months: monthsFrom(actions, span),
  }
}

function livesOf(
  dibao: { readonly urban: DibaoRoll; readonly rural: DibaoRoll },
  others: OtherRolls,
): readonly CaseLife[] {
  return [
    ...dibao.urban.lives,
    ...dibao.rural.lives,
    ...others.tekun,
    ...others.orphans,
    ...others.disabledBasic,
    ...others.edge,
    ...others.beside,
    ...others.veterans,
  ]
}

function habitOf(life: CaseLife, random: Random): DecisionHabit {
  const household = life.file.programme.endsWith('dibao') || life.file.programme === 'dibao-edge'
  return {
    decides: 'same-month',
    days: { from: 8, to: 14 },
    steps: household
      ? [
          ['survey', 5],
          ['appraisal', 7],
          ['town-audit', 8],
          ['public-notice', 10],
          ['confirmation', 18],
        ]
      : [
          ['survey', 5],
          ['town-audit', 8],
          ['confirmation', 18],
        ],
    random,
    censuses: [],
    until: span.to,
  }
}

const formerFlat: Readonly<Record<string, readonly [component: string, amountFen: number]>> = {
  'elderly-hardship': ['allowance', 10_000],
  'disabled-living': ['allowance', 12_000],
  'disabled-basic': ['allowance', 37_000],
  'retired-1960s-workers': ['relief', 30_000],
}

const formerByClass: Readonly<Record<string, readonly [component: string, amountFen: number]>> = {
  'tekun centralised': ['support', 75_000],
  'tekun dispersed': ['support', 60_000],
  'orphan dispersed': ['allowance', 60_000],
  'orphan centralised': ['allowance', 100_000],
  'old-age-allowance age-80': ['allowance', 5_000],
  'old-age-allowance age-90': ['allowance', 10_000],
  'old-age-allowance age-100': ['allowance', 30_000],
  'key-veterans disabled-soldier': ['pension', 62_000],
  'key-veterans martyr-family': ['pension', 58_000],
  'key-veterans returned-veteran': ['pension', 36_000],
}

function formerBooks({ file }: CaseLife): FormerBooks | null {
  if (file.programme === 'urban-dibao') return { component: 'base', terms: p2Terms.urban }
  if (file.programme === 'rural-dibao') return { component: 'base', terms: p2Terms.rural }
  const known =
    formerFlat[file.programme] ?? formerByClass[`${file.programme} ${file.benefitClass}`]
  if (!known) return null
  const [component, amountFen] = known
  return { component, terms: flatTerms(constantly(amountFen)) }
}

const otherMonthly = [
  'tekun',
  'orphan',
  'disabled-basic',
  'disabled-living',
  'elderly-hardship',
  'old-age-allowance',
  'key-veterans',
  'retired-1960s-workers',
] as const

function monthlyRuns(): readonly PlannedAction[] {
  return monthsOf(span).flatMap((period): readonly PlannedAction[] => {
    const run = { do: 'pay', on: dayIn(period, 21), kind: 'regular', period, returned: [] } as const
    return [
      { ...run, programmes: ['urban-dibao', 'rural-dibao'] },
      { ...run, programmes: otherMonthly },
    ]
  })
}

function ageReviews(): readonly PlannedAction[] {
  return monthsOf(span).map((from: Month) => ({
    do: 'reassess-roll',
    on: dayIn(from, 2),
    programmes: ['old-age-allowance'],
    from,
    cause: 'age',
  }))
}

const priceFile = 'price-link/p2-2012-q1.json'
const subsidised = ['urban-dibao', 'rural-dibao', 'tekun', 'orphan', 'disabled-basic', 'dibao-edge']

function indexOf(of: Month, on: string): PlannedAction {
  return { do: 'publish-price-index', on: plainDate(on), file: priceFile, month: of }
}

const decidedOn = plainDate('2012-04-10')
const paidOn = plainDate('2012-04-12')
const subsidyRun = {
  do: 'pay',
  on: paidOn,
  kind: 'price-subsidy',
  period: month('2012-04'),
  returned: [],
} as const

const priceLink: readonly PlannedAction[] = [
  indexOf(month('2012-01'), '2012-02-09'),
  indexOf(month('2012-02'), '2012-03-09'),
  indexOf(month('2012-03'), '2012-04-09'),
  {
    do: 'decide-price-link',
    on: decidedOn,
    file: priceFile,
    decisionId: 'p2-2012-q1-livelihood',
  },
  { do: 'decide-price-link', on: decidedOn, file: priceFile, decisionId: 'p2-2012-q1-veterans' },
  { ...subsidyRun, programmes: subsidised },
  { ...subsidyRun, programmes: ['key-veterans'] },
]

const greetingsOn = plainDate('2012-01-15')
const greetingsPaidOn = plainDate('2012-01-16')
const notPrinted = {
  number: '文号未公布',
  issuer: '示例甲区民政局',
  provenance: 'inferred',
} as const

/** P2-16, P2-22 and P2-26: lists of recipients, some of them on a roll of the ledger. */
function campaigns(
  { people, random }: { readonly people: People; readonly random: Random },
  rolls: {
    readonly dibao: { readonly urban: DibaoRoll; readonly rural: DibaoRoll }
    readonly others: OtherRolls
  },
): readonly PlannedAction[] {
  const heads = [...rolls.dibao.urban.lives, ...rolls.dibao.rural.lives, ...rolls.others.edge]
    .filter((life) => isOnRollIn(life, span.from) && life.opening !== null)
    .flatMap((life) => recipientOf(life, 150_000))
  const others = Array.from({ length: 5823 - heads.length }, () =>
    people.invent({ bornFrom: 1925, bornTo: 1985, account: true }),
  )
  const strangers = others.map((person) => ({
    personKey: person.key,
    division: someVillage('P2', random, 'none'),
    benefitClass: 'general',
    amountFen: 150_000,
  }))
  const { veterans } = rolls.others
  return [
    ...campaign('festival-greeting', '元旦春节慰问', [...heads, ...strangers]),
    accountsOf(others, greetingsOn),
    ...campaign(
      'veterans-festival-greeting',
      '优抚对象春节一次性慰问金',
      veterans.slice(0, 303).flatMap((life) => recipientOf(life, 150_000)),
    ),
    ...campaign(
      'disabled-veterans-greeting',
      '六级以上残疾军人和烈属春节慰问',
      veterans.slice(45, 71).flatMap((life) => recipientOf(life, 60_000)),
    ),
  ]
}

function recipientOf(life: CaseLife, amountFen: number): readonly CampaignRecipient[] {
  const shared = { division: life.file.division, benefitClass: 'general', amountFen }
  return life.members.slice(0, 1).map(({ person }) => ({ personKey: person.key, ...shared }))
}

function campaign(
  programme: string,
  nameZh: string,
  recipients: readonly CampaignRecipient[],
): readonly PlannedAction[] {
  return [
    {
      do: 'import-campaign',
      on: greetingsOn,
      campaignKey: `P2-2012-${programme}`,
      nameZh,
      programme,
      month: span.from,
      unit: programme === 'festival-greeting' ? '户(人)' : '人',
      document: notPrinted,
      recipients,
    },
    {
      do: 'pay',
      on: greetingsPaidOn,
      kind: 'one-off',
      programmes: [programme],
      period: span.from,
      returned: [],
    },
  ]
}
