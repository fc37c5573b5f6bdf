import { z } from 'zod'
import { PlainDate } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { ActorId, Ordinal, ordinal } from '../../domain/values/identifiers.js'
import { KeyedHash } from '../../domain/values/sealed.js'
import { bulkDecisionsWaiting } from '../../projections/registers/bulk-decisions.js'
import type { LedgerServices } from '../ledger-services.js'
import { columnsOfDecision, SaidOfDecision, saidOf } from './bulk-decision-row.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

const Waiting = SaidOfDecision.extend({
  state: z.enum(['prepared', 'approved']).describe('状态 approved: approved, and cut short then'),
  bulkDecisionId: KeyedHash.nullable().describe(
    '撤回时用 Names it for a withdrawal; a retraction has none',
  ),
  retractionReason: z.string().nullable().describe('撤销理由 Null of what is to be decided'),
  grants: z.int().describe('发放笔数 One for each case and each month whose roll it is given by'),
  persons: z.int().describe('人次 Persons, once for each such month'),
  amountFen: z.int().describe('试算合计 The money of the dry run, in all'),
  refused: z.int().describe('不能发放笔数 Of cases that refused it'),
  rollOrdinal: Ordinal,
  preparedBy: ActorId,
  preparedOn: PlainDate,
  approvedBy: ActorId.nullable(),
  recorded: z.string(),
})

type Waiting = z.infer<typeof Waiting>

const stateWords = { prepared: '待审批', approved: '已审批，未办完' } as const

/** Price subsidies and campaigns that somebody prepared and an approver has yet to send. */
export function bulkDecisionList({ model }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/bulk-decisions',
    tag: '批量决定 Bulk decisions',
    summary: { zh: '待审批批量决定', en: 'Decisions about whole rolls that wait for an approver' },
    titleZh: '待审批批量决定',
    roles: ['reviewer', 'approver', 'administrator', 'auditor'],
    params: nothing,
    query: z.strictObject({
      division: DivisionCode.describe('区划：及其下级 the subtree of this division'),
    }),
    body: noBody,
    scope: ({ query }) => [query.division],
    row: Waiting,
    columns: [
      { key: 'state', headerZh: '状态', headerEn: 'State', kind: 'text', words: stateWords },
      ...columnsOfDecision,
      { key: 'grants', headerZh: '发放笔数', headerEn: 'Grants', kind: 'count' },
      { key: 'persons', headerZh: '人次', headerEn: 'Persons', kind: 'count' },
      { key: 'amountFen', headerZh: '试算合计（元）', headerEn: 'In all (yuan)', kind: 'yuan' },
      { key: 'refused', headerZh: '不能发放笔数', headerEn: 'Refused', kind: 'count' },
      { key: 'rollOrdinal', headerZh: '名册账序', headerEn: 'Rolls as of', kind: 'count' },
      { key: 'preparedBy', headerZh: '经办人', headerEn: 'Prepared by', kind: 'text' },
      { key: 'preparedOn', headerZh: '经办日期', headerEn: 'Prepared on', kind: 'date' },
      { key: 'approvedBy', headerZh: '审批人', headerEn: 'Approved by', kind: 'text' },
      {
        key: 'retractionReason',
        headerZh: '撤销理由',
        headerEn: 'Why it is retracted',
        kind: 'text',
      },
      { key: 'bulkDecisionId', headerZh: '撤回编号', headerEn: 'Id', kind: 'text' },
    ],
    page: async ({ query: { division: within } }, { after, limit }) => {
      const last = after === null ? undefined : ordinal(Number(after[0]))
      const found = await bulkDecisionsWaiting(model, { within, after: last, limit })
      const rows = found.map(
        ({ counted, decision, ordinal: _, ...one }): Waiting => ({
          state: one.approvedBy === null ? 'prepared' : 'approved',
          ...saidOf(decision),
          ...(one.retractionReason === null ? {} : { kind: 'price-link-retraction' as const }),
          ...counted,
          ...one,
        }),
      )
      const end = found.length === limit ? found.at(-1) : undefined
      return { rows, next: end ? [end.ordinal] : null }
    },
  })
}
