import { type Figure, households, persons, yuan } from './figure.js'
import type { LedgerAnswers } from './ledger-answers.js'
import { standardFigures } from './standard-figures.js'

const district = 'P4'
const both = ['urban-dibao', 'rural-dibao'] as const
const raise = { district, benefitClass: 'general', per: 'month', rise: '40.00' } as const

function spend(answers: LedgerAnswers) {
  return answers.paid({
    district,
    programmes: both,
    kind: 'regular',
    from: '2012-01',
    to: '2012-12',
  })
}

function rollFigures(
  id: string,
  what: string,
  printed: {
    readonly programmes: readonly string[]
    readonly households: number
    readonly persons: number
  },
): readonly Figure[] {
  const roll = (answers: LedgerAnswers) =>
    answers.roll({ district, programmes: printed.programmes, month: '2012-12' })
  return [
    {
      id: `${id}.households`,
      what: `${what} 普查后户数`,
      published: households(printed.households),
      compute: async (answers) => (await roll(answers)).households,
    },
    {
      id: `${id}.persons`,
      what: `${what} 普查后人数`,
      published: persons(printed.persons),
      compute: async (answers) => (await roll(answers)).persons,
    },
  ]
}

/** P4, the year 2012. */
export const p4Figures: readonly Figure[] = [
  ...standardFigures({
    ...raise,
    id: 'P4-01.urban',
    what: '城镇低保标准',
    programme: 'urban-dibao',
    before: { month: '2012-06', yuan: '350.00' },
    after: { month: '2012-07', yuan: '390.00' },
    risePerCent: '11.43',
  }),
  ...standardFigures({
    ...raise,
    id: 'P4-01.rural',
    what: '农村低保标准',
    programme: 'rural-dibao',
    before: { month: '2012-06', yuan: '160.00' },
    after: { month: '2012-07', yuan: '200.00' },
    risePerCent: '25.00',
  }),
  {
    id: 'P4-02.ceiling',
    what: '低保全年发放，不超过按标准全额计算',
    published: { kind: 'at-most', amountFen: 253_956_000 },
    compute: async (answers) => (await spend(answers)).amountFen,
  },
  {
    id: 'P4-02',
    what: '低保全年发放',
    published: { kind: 'wan-yuan', wanYuan: '170.9' },
    compute: async (answers) => (await spend(answers)).amountFen,
  },
  {
    id: 'P4-02.average',
    what: '低保全年发放 ÷ 605 人 ÷ 12 月',
    published: yuan('235.40'),
    compute: async (answers) => Math.round((await spend(answers)).amountFen / (605 * 12)),
  },
  ...rollFigures('P4-03.urban', '城镇低保', {
    programmes: ['urban-dibao'],
    households: 222,
    persons: 477,
  }),
  ...rollFigures('P4-03.rural', '农村低保', {
    programmes: ['rural-dibao'],
    households: 64,
    persons: 128,
  }),
  ...rollFigures('P4-03', '低保合计', { programmes: both, households: 286, persons: 605 }),
]
