import { z } from 'zod'
import type { BulkDecision } from '../../domain/bulk-decision/events.js'
import { Month, PlainDate } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { ActorId, Ordinal, ordinal } from '../../domain/values/identifiers.js'
import { formatYuan } from '../../domain/values/money.js'
import { bulkDecisionsWaiting } from '../../projections/registers/bulk-decisions.js'
import type { LedgerServices } from '../ledger-services.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

const Waiting = z.strictObject({
  kind: z.enum(['price-link', 'campaign']),
  name: z.string(),
  division: DivisionCode,
  from: Month,
  to: Month,
  amounts: z.string().describe('各名册金额（元） What each roll is given, in yuan'),
  rollOrdinal: Ordinal,
  preparedBy: ActorId,
  preparedOn: PlainDate,
  recorded: z.string(),
})
type Waiting = z.infer<typeof Waiting>

const words = { 'price-link': '物价补贴', campaign: '专项活动' } as const

/** Price subsidies and campaigns that somebody prepared and an approver has yet to send. */
export function bulkDecisionList({ model }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/bulk-decisions',
    tag: '批量决定 Bulk decisions',
    summary: { zh: '待审批批量决定', en: 'Decisions about whole rolls that wait for an approver' },
    titleZh: '待审批批量决定',
    roles: ['reviewer', 'approver', 'auditor'],
    params: nothing,
    query: z.strictObject({
      division: DivisionCode.describe('区划：及其下级 the subtree of this division'),
    }),
    body: noBody,
    scope: ({ query }) => [query.division],
    row: Waiting,
    columns: [
      { key: 'kind', headerZh: '决定', headerEn: 'What', kind: 'text', words },
      { key: 'name', headerZh: '编号', headerEn: 'Name', kind: 'text' },
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'from', headerZh: '起始月份', headerEn: 'From', kind: 'month' },
      { key: 'to', headerZh: '截止月份', headerEn: 'To', kind: 'month' },
      { key: 'amounts', headerZh: '金额（元）', headerEn: 'Amounts (yuan)', kind: 'text' },
      { key: 'rollOrdinal', headerZh: '名册账序', headerEn: 'Rolls as of', kind: 'count' },
      { key: 'preparedBy', headerZh: '经办人', headerEn: 'Prepared by', kind: 'text' },
      { key: 'preparedOn', headerZh: '经办日期', headerEn: 'Prepared on', kind: 'date' },
    ],
    page: async ({ query: { division: within } }, { after, limit }) => {
      const last = after === null ? undefined : ordinal(Number(after[0]))
      const found = await bulkDecisionsWaiting(model, { within, after: last, limit })
      const rows = found.map(
        ({ decision, ordinal: _, ...one }): Waiting => ({ ...told(decision), ...one }),
      )
      const end = found.length === limit ? found.at(-1) : undefined
      return { rows, next: end ? [end.ordinal] : null }
    },
  })
}

function told(decision: BulkDecision) {
  const { kind } = decision
  if (kind === 'price-link') {
    const { amountFen, decisionId: name, division, from, programmes, to } = decision
    const amounts = programmes.map((programme) => `${programme} ${formatYuan(amountFen)}/人·月`)
    return { kind, name, division, from, to, amounts: amounts.join('; ') }
  }
  const { campaign, tiers, unit } = decision
  const { campaignId: name, division, month } = campaign
  const each = unit === 'household' ? '户' : '人'
  const amounts = tiers.map((tier) => `${tier.programme} ${formatYuan(tier.amountFen)}/${each}`)
  return { kind, name, division, from: month, to: month, amounts: amounts.join('; ') }
}
