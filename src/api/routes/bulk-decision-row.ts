import { z } from 'zod'
import type { BulkDecision } from '../../domain/bulk-decision/events.js'
import { priceLinkEvents } from '../../domain/price-link/events.js'
import type { PriceDecision } from '../../domain/price-link/price-link.js'
import { Month, monthsBetween, PlainDate } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { fen, formatYuan } from '../../domain/values/money.js'
import type { Column } from '../exports/column.js'

const { reference, trigger } = priceLinkEvents.PriceLinkDecided.data.shape

/** What a decision about whole rolls says, as its approver reads it. */
export const SaidOfDecision = z.strictObject({
  kind: z.enum(['price-link', 'campaign', 'price-link-retraction']),
  name: z.string(),
  documentNumber: z.string(),
  documentIssuer: z.string(),
  decidedOn: PlainDate.nullable().describe('决定日期 The day of a campaign; a subsidy has months'),
  division: DivisionCode,
  from: Month,
  to: Month,
  months: z.int(),
  basis: z.enum(['document', 'indices']),
  trigger: trigger.nullable().describe('触发指数 Null of a campaign'),
  indices: z
    .string()
    .nullable()
    .describe('所据指数、条件文号与计算 The indices, terms and rise; null without indices'),
  reference: reference.nullable().describe('名册时点 Whose roll gives it; null of a campaign'),
  monthlyFen: z.int().nullable().describe('每人每月 What a person gets for a month'),
  amounts: z.string().describe('各名册金额（元） What each roll is given, in yuan'),
})
export type SaidOfDecision = z.infer<typeof SaidOfDecision>

export const columnsOfDecision: readonly Column<SaidOfDecision>[] = [
  {
    key: 'kind',
    headerZh: '决定',
    headerEn: 'What',
    kind: 'text',
    words: {
      'price-link': '物价补贴',
      campaign: '专项活动',
      'price-link-retraction': '撤销物价补贴',
    } satisfies WordsOf<'kind'>,
  },
  { key: 'name', headerZh: '编号', headerEn: 'Name', kind: 'text' },
  { key: 'documentNumber', headerZh: '文号', headerEn: 'Document', kind: 'text' },
  { key: 'documentIssuer', headerZh: '发文单位', headerEn: 'Issued by', kind: 'text' },
  { key: 'decidedOn', headerZh: '决定日期', headerEn: 'Decided on', kind: 'date' },
  { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
  { key: 'from', headerZh: '起始月份', headerEn: 'From', kind: 'month' },
  { key: 'to', headerZh: '截止月份', headerEn: 'To', kind: 'month' },
  { key: 'months', headerZh: '月数', headerEn: 'Months', kind: 'count' },
  {
    key: 'basis',
    headerZh: '依据',
    headerEn: 'Basis',
    kind: 'text',
    words: { document: '依文件', indices: '依价格指数' } satisfies WordsOf<'basis'>,
  },
  {
    key: 'trigger',
    headerZh: '触发指数',
    headerEn: 'Trigger',
    kind: 'text',
    words: {
      cpi: '居民消费价格',
      food: '食品价格',
      both: '居民消费价格和食品价格',
      none: '未触发',
      document: '依文件',
    } satisfies WordsOf<'trigger'>,
  },
  { key: 'indices', headerZh: '所据指数', headerEn: 'Indices', kind: 'text' },
  {
    key: 'reference',
    headerZh: '名册时点',
    headerEn: 'Reference',
    kind: 'text',
    words: {
      'on-roll-at-end': '期末在册',
      'month-by-month': '逐月在册',
    } satisfies WordsOf<'reference'>,
  },
  { key: 'monthlyFen', headerZh: '每人每月（元）', headerEn: 'A person a month', kind: 'yuan' },
  { key: 'amounts', headerZh: '金额（元）', headerEn: 'Amounts (yuan)', kind: 'text' },
]

type WordsOf<Key extends keyof SaidOfDecision> = Record<NonNullable<SaidOfDecision[Key]>, string>

export function saidOf(decision: BulkDecision): SaidOfDecision {
  return decision.kind === 'campaign' ? saidOfCampaign(decision) : saidOfSubsidy(decision)
}

type Of<Kind extends BulkDecision['kind']> = Extract<BulkDecision, { kind: Kind }>

function saidOfSubsidy(decision: Of<'price-link'>): SaidOfDecision {
  const { amountFen, decisionId: name, document, programmes, workings, ...said } = decision
  const { division, from, kind, reference, to, trigger } = said
  return {
    ...{ kind, name, division, from, to, trigger, reference },
    ...issueOf(document),
    decidedOn: null,
    months: monthsBetween({ from, to }) + 1,
    basis: workings ? 'indices' : 'document',
    indices: workings && textOf(workings),
    monthlyFen: amountFen,
    amounts: programmes
      .map((programme) => `${programme} ${formatYuan(fen(amountFen))}/人·月`)
      .join('; '),
  }
}

function saidOfCampaign({ campaign, kind, tiers, unit }: Of<'campaign'>): SaidOfDecision {
  const { campaignId: name, decidedOn, division, document, month } = campaign
  const each = unit === 'household' ? '户' : '人'
  return {
    ...{ kind, name, decidedOn, division },
    ...issueOf(document),
    from: month,
    to: month,
    months: 1,
    basis: 'document',
    trigger: null,
    indices: null,
    reference: null,
    monthlyFen: null,
    amounts: tiers
      .map((tier) => `${tier.programme} ${formatYuan(tier.amountFen)}/${each}`)
      .join('; '),
  }
}

function issueOf({ issuer, number }: PriceDecision['document']) {
  return { documentNumber: number, documentIssuer: issuer }
}

/** `2012-04 CPI 4.50% 食品 5.99%; 价发〔2011〕3号; 上涨 4.50%`. */
function textOf({ arithmetic, indices, termsDocument }: NonNullable<PriceDecision['workings']>) {
  const published = indices.map(({ cpiRiseBasisPoints, foodRiseBasisPoints, month }) => {
    const food = foodRiseBasisPoints === null ? '' : ` 食品 ${percent(foodRiseBasisPoints)}`
    return `${month} CPI ${percent(cpiRiseBasisPoints)}${food}`
  })
  const rises = (arithmetic?.rises ?? []).map(
    ({ month, riseBasisPoints }) => `${month} 按 ${percent(riseBasisPoints)}`,
  )
  return [...published, termsDocument.number, ...rises].join('; ')
}

/** Hundredths of a per cent as per cent: they have two decimals as fen have of a yuan. */
function percent(basisPoints: number): string {
  return `${formatYuan(fen(basisPoints))}%`
}
