import { type Figure, households, persons, yuan } from './figure.js'
import type { LedgerAnswers } from './ledger-answers.js'
import { standardFigures } from './standard-figures.js'

const district = 'P3'

function aid(answers: LedgerAnswers, benefitClass?: string) {
  return answers.paid({
    district,
    programmes: ['dragon-boat-aid'],
    kind: 'one-off',
    ...(benefitClass === undefined ? {} : { benefitClass }),
    from: '2012-06',
    to: '2012-06',
  })
}

function aidFigures(
  id: string,
  what: string,
  printed: {
    readonly benefitClass?: string
    readonly households: number
    readonly wanYuan: string
  },
): readonly Figure[] {
  return [
    {
      id: `${id}.households`,
      what: `端午救助${what}户数`,
      published: households(printed.households),
      compute: async (answers) => (await aid(answers, printed.benefitClass)).recipients,
    },
    {
      id: `${id}.amount`,
      what: `端午救助${what}金额`,
      published: { kind: 'wan-yuan', wanYuan: printed.wanYuan },
      compute: async (answers) => (await aid(answers, printed.benefitClass)).amountFen,
    },
  ]
}

/** That the raise reached the roll: everybody on it is paid the new month's figure. */
function reachedEverybody(id: string, programme: string, amountFen: number): Figure {
  return {
    id: `${id}.unadjusted`,
    what: '4月仍未按新标准发放的人数',
    published: persons(0),
    compute: async (answers) => {
      const month = '2012-04'
      const roll = await answers.roll({ district, programmes: [programme], month })
      return (
        roll.persons - (await answers.personsPaidFen({ district, programme, month, amountFen }))
      )
    },
  }
}

const tekun = {
  district,
  programme: 'tekun',
  per: 'year',
  before: { month: '2012-03', yuan: '6240.00' },
  after: { month: '2012-04', yuan: '6960.00' },
  rise: '720.00',
  risePerCent: '11.54',
} as const

function monthly(id: string, what: string, asked: { month: string; yuan: string }): Figure {
  return {
    id,
    what,
    published: yuan(asked.yuan),
    compute: (answers) =>
      answers.standardFen({
        district,
        programme: 'tekun',
        benefitClass: 'dispersed',
        month: asked.month,
        per: 'month',
      }),
  }
}

/** P3, January to June 2012. */
export const p3Figures: readonly Figure[] = [
  ...aidFigures('P3-01', '重点救助对象', {
    benefitClass: 'key-aid',
    households: 3015,
    wanYuan: '90.45',
  }),
  ...aidFigures('P3-02', '低保边缘户', {
    benefitClass: 'dibao-edge',
    households: 3500,
    wanYuan: '70',
  }),
  ...aidFigures('P3-03', '合计', { households: 6515, wanYuan: '160.45' }),
  ...standardFigures({
    id: 'P3-06',
    what: '精简退职职工月标准',
    district,
    programme: 'retired-1960s-workers',
    benefitClass: 'general',
    per: 'month',
    before: { month: '2012-03', yuan: '209.00' },
    after: { month: '2012-04', yuan: '309.00' },
    rise: '100.00',
    risePerCent: '47.85',
  }),
  reachedEverybody('P3-06', 'retired-1960s-workers', 30_900),
  ...standardFigures({
    id: 'P3-07.dispersed',
    what: '五保分散供养年标准',
    benefitClass: 'dispersed',
    ...tekun,
  }),
  ...standardFigures({
    id: 'P3-07.centralised',
    what: '五保集中供养年标准',
    benefitClass: 'centralised',
    ...tekun,
  }),
  monthly('P3-07.month-before', '五保月标准 调标前', { month: '2012-03', yuan: '520.00' }),
  monthly('P3-07.month-after', '五保月标准 调标后', { month: '2012-04', yuan: '580.00' }),
  reachedEverybody('P3-07', 'tekun', 58_000),
]
