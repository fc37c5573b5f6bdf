import { riseInHundredths } from './comparison.js'
import { type Figure, households, perCent, persons, yuan } from './figure.js'
import type { LedgerAnswers } from './ledger-answers.js'

const district = 'P2'
const both = ['urban-dibao', 'rural-dibao'] as const
const fiveMonths = { from: '2012-01', to: '2012-05' } as const
const subsidised = ['urban-dibao', 'rural-dibao', 'tekun', 'orphan', 'disabled-basic', 'dibao-edge']

interface RollFigures {
  readonly id: string
  readonly name: string
  readonly programme: string
  readonly households: number
  readonly persons: number
  readonly perCapita: string
  readonly lastYear: string
  readonly rise: string
  readonly risePerCent: string
}

function rollFigures(printed: RollFigures): readonly Figure[] {
  const { id, name, programme } = printed
  const roll = (answers: LedgerAnswers) =>
    answers.roll({ district, programmes: [programme], month: '2012-05' })
  const perCapita = (answers: LedgerAnswers, month: string) =>
    answers.perCapitaFen({ district, programme, month })
  const figure = (part: string, what: string, rest: Omit<Figure, 'id' | 'what'>): Figure => ({
    id: `${id}.${part}`,
    what: `${name} ${what}`,
    ...rest,
  })
  return [
    figure('households', '5月在册户数', {
      published: households(printed.households),
      compute: async (answers) => (await roll(answers)).households,
    }),
    figure('persons', '5月在册人数', {
      published: persons(printed.persons),
      compute: async (answers) => (await roll(answers)).persons,
    }),
    figure('per-capita', '5月人均月补差', {
      published: yuan(printed.perCapita),
      compute: (answers) => perCapita(answers, '2012-05'),
    }),
    figure('last-year', '上年5月人均月补差（由同比推出）', {
      published: yuan(printed.lastYear),
      compute: (answers) => perCapita(answers, '2011-05'),
    }),
    figure('rise', '人均月补差同比增加', {
      published: yuan(printed.rise),
      compute: async (answers) =>
        (await perCapita(answers, '2012-05')) - (await perCapita(answers, '2011-05')),
    }),
    figure('rise-per-cent', '人均月补差同比增长', {
      published: perCent(printed.risePerCent),
      compute: async (answers) =>
        riseInHundredths(await perCapita(answers, '2011-05'), await perCapita(answers, '2012-05')),
    }),
  ]
}

function movement(
  id: string,
  what: string,
  printed: {
    readonly of: 'opening' | 'entries' | 'exits' | 'closing'
    readonly households: number
    readonly persons: number
  },
): readonly Figure[] {
  const asked = { district, programmes: both, ...fiveMonths } as const
  return [
    {
      id: `${id}.${printed.of}-households`,
      what: `低保${what}户数`,
      published: households(printed.households),
      compute: async (answers) => (await answers.movements(asked))[printed.of].households,
    },
    {
      id: `${id}.${printed.of}-persons`,
      what: `低保${what}人数`,
      published: persons(printed.persons),
      compute: async (answers) => (await answers.movements(asked))[printed.of].persons,
    },
  ]
}

interface PaymentFigures {
  readonly id: string
  readonly what: string
  readonly programmes: readonly string[]
  readonly kind: 'price-subsidy' | 'one-off'
  readonly months: { readonly from: string; readonly to: string }
  readonly recipients: number
  readonly amount: Figure['published']
}

function payment(printed: PaymentFigures): readonly Figure[] {
  const { programmes, kind, months } = printed
  const asked = { district, programmes, kind, ...months } as const
  return [
    {
      id: `${printed.id}.recipients`,
      what: `${printed.what} 人（户）数`,
      published: persons(printed.recipients),
      compute: async (answers) => (await answers.paid(asked)).recipients,
    },
    {
      id: `${printed.id}.amount`,
      what: `${printed.what} 金额`,
      published: printed.amount,
      compute: async (answers) => (await answers.paid(asked)).amountFen,
    },
  ]
}

const april = { from: '2012-04', to: '2012-04' } as const
const january = { from: '2012-01', to: '2012-01' } as const

const subsidies: readonly Figure[] = [
  ...payment({
    id: 'P2-14',
    what: '一季度物价补贴',
    programmes: subsidised,
    kind: 'price-subsidy',
    months: april,
    recipients: 2517,
    amount: { kind: 'wan-yuan-over', wanYuan: '62.67' },
  }),
  ...payment({
    id: 'P2-20',
    what: '一季度重点优抚价格补贴',
    programmes: ['key-veterans'],
    kind: 'price-subsidy',
    months: april,
    recipients: 342,
    amount: { kind: 'wan-yuan-over', wanYuan: '8.5' },
  }),
]

const greetings: readonly Figure[] = [
  ...payment({
    id: 'P2-16',
    what: '元旦春节慰问',
    programmes: ['festival-greeting'],
    kind: 'one-off',
    months: january,
    recipients: 5823,
    amount: { kind: 'wan-yuan', wanYuan: '873.45' },
  }),
  ...payment({
    id: 'P2-22',
    what: '优抚对象春节一次性慰问金',
    programmes: ['veterans-festival-greeting'],
    kind: 'one-off',
    months: january,
    recipients: 303,
    amount: { kind: 'wan-yuan', wanYuan: '45.45' },
  }),
  ...payment({
    id: 'P2-26',
    what: '六级以上残疾军人和烈属春节慰问',
    programmes: ['disabled-veterans-greeting'],
    kind: 'one-off',
    months: january,
    recipients: 26,
    amount: { kind: 'wan-yuan', wanYuan: '1.56' },
  }),
]

/** P2, January to May 2012. */
export const p2Figures: readonly Figure[] = [
  ...rollFigures({
    id: 'P2-01',
    name: '城镇低保',
    programme: 'urban-dibao',
    households: 512,
    persons: 664,
    perCapita: '467.92',
    lastYear: '391.11',
    rise: '76.81',
    risePerCent: '19.64',
  }),
  ...rollFigures({
    id: 'P2-02',
    name: '农村低保',
    programme: 'rural-dibao',
    households: 619,
    persons: 844,
    perCapita: '473.50',
    lastYear: '320.27',
    rise: '153.23',
    risePerCent: '47.84',
  }),
  {
    id: 'P2-03',
    what: '低保1—5月累计发放',
    published: { kind: 'wan-yuan', wanYuan: '371.69' },
    compute: async (answers) =>
      (await answers.paid({ district, programmes: both, kind: 'regular', ...fiveMonths }))
        .amountFen,
  },
  ...movement('P2-06', '期初在册', { of: 'opening', households: 1185, persons: 1608 }),
  ...movement('P2-06', '新增', { of: 'entries', households: 282, persons: 378 }),
  ...movement('P2-06', '退出', { of: 'exits', households: 336, persons: 478 }),
  ...movement('P2-06', '期末在册', { of: 'closing', households: 1131, persons: 1508 }),
  ...subsidies,
  ...greetings,
  {
    id: 'P2-31',
    what: '1—5月死亡名单人数',
    published: persons(704),
    compute: async (answers) => (await answers.deathLists({ district })).rows,
  },
  {
    id: 'P2-31.remarks',
    what: '名单附注（火化701人，另3人外地，文字与合计不符，两者照记）',
    published: { kind: 'words', words: '701 + 3' },
    compute: async (answers) => remarkSum((await answers.deathLists({ district })).remarks),
  },
  ...flagged('P2-15', '流浪乞讨救助，不得作人均补助公布', 'anomaly'),
  ...flagged('P2-28', '水库移民直补，不得计入上半年合计', 'inconsistent'),
]

function remarkSum(remarks: readonly string[]): string {
  const counts = remarks.flatMap((remark) => /(?:火化 |其中 )(\d+) 人/.exec(remark)?.slice(1) ?? [])
  return counts.join(' + ')
}

function flagged(id: string, what: string, standing: string): readonly Figure[] {
  return [
    {
      id,
      what,
      published: { kind: 'words', words: standing },
      compute: async (answers) => {
        const recorded = await answers.reportedFigure(id)
        return recorded?.reason ? recorded.standing : null
      },
    },
  ]
}
