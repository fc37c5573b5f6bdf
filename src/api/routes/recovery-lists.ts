import { z } from 'zod'
import { recoveredTotals, recoveries } from '../../projections/registers/recoveries.js'
import type { LedgerServices } from '../ledger-services.js'
import { RollParameters, rollAsked } from './asked.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

const workers = ['clerk', 'reviewer', 'approver', 'payment-officer', 'auditor'] as const

/** What was overpaid: case by case, and what came back of it month by month. */
export function recoveryLists(services: LedgerServices): readonly Route[] {
  return [recoveryList(services), recovered(services)]
}

const RecoveryEntry = z.strictObject({
  caseId: z.string(),
  division: z.string(),
  programme: z.string(),
  foundFen: z.int(),
  repaidFen: z.int(),
  writtenOffFen: z.int(),
  outstandingFen: z.int(),
})

function recoveryList({ clock, model, processes, store }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/recoveries',
    tag: '追缴 Recoveries',
    summary: { zh: '追缴清单', en: 'Overpayments with something outstanding, settled, or all' },
    titleZh: '追缴清单',
    roles: workers,
    params: nothing,
    query: RollParameters.extend({
      standing: z
        .enum(['open', 'settled', 'all'])
        .default('open')
        .describe('未结、已结、全部 with something outstanding, settled, or all'),
    }),
    body: noBody,
    row: RecoveryEntry,
    columns: [
      { key: 'caseId', headerZh: '个案', headerEn: 'Case', kind: 'text' },
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
      { key: 'foundFen', headerZh: '多发（元）', headerEn: 'Found (yuan)', kind: 'yuan' },
      { key: 'repaidFen', headerZh: '已收回（元）', headerEn: 'Repaid (yuan)', kind: 'yuan' },
      { key: 'writtenOffFen', headerZh: '已核销（元）', headerEn: 'Written off', kind: 'yuan' },
      { key: 'outstandingFen', headerZh: '待追缴（元）', headerEn: 'Outstanding', kind: 'yuan' },
    ],
    scope: ({ query }) => [query.division],
    page: async ({ query: { standing, ...query } }, { after, limit }) => {
      const asked = await rollAsked({ clock, processes, store }, query)
      const from = after ? { afterCaseId: String(after[0]) } : {}
      const { rows } = await recoveries(model, { ...asked, ...from, standing, limit })
      const last = rows.at(-1)
      return { rows, next: last && rows.length === limit ? [last.caseId] : null }
    },
  })
}

const RecoveredEntry = z.strictObject({
  programme: z.string(),
  division: z.string(),
  urbanRural: z.string(),
  kind: z.enum(['found', 'withdrawn', 'repaid', 'offset', 'written-off']),
  amountFen: z.int(),
  previousFen: z.int(),
  cumulativeFen: z.int(),
})

const kindWords = {
  found: '发现多发',
  withdrawn: '撤销多发',
  repaid: '收回',
  offset: '冲抵',
  'written-off': '核销',
} satisfies Readonly<Record<z.infer<typeof RecoveredEntry>['kind'], string>>

function recovered({ clock, model, processes, store }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/totals/recovered',
    tag: '统计 Statistics',
    summary: {
      zh: '追缴合计',
      en: 'What a month found as overpaid, got back and gave up; paid totals leave it out',
    },
    titleZh: '追缴合计',
    roles: ['statistician', ...workers],
    params: nothing,
    query: RollParameters,
    body: noBody,
    row: RecoveredEntry,
    columns: [
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
      { key: 'urbanRural', headerZh: '城乡', headerEn: 'Roll', kind: 'text' },
      { key: 'kind', headerZh: '内容', headerEn: 'Kind', kind: 'text', words: kindWords },
      { key: 'amountFen', headerZh: '本月（元）', headerEn: 'Month (yuan)', kind: 'yuan' },
      { key: 'previousFen', headerZh: '上月（元）', headerEn: 'Month before', kind: 'yuan' },
      { key: 'cumulativeFen', headerZh: '本年累计（元）', headerEn: 'Year to date', kind: 'yuan' },
    ],
    scope: ({ query }) => [query.division],
    page: async ({ query }, { after }) => {
      if (after) return { rows: [], next: null }
      const { rows } = await recoveredTotals(
        model,
        await rollAsked({ clock, processes, store }, query),
      )
      return { rows, next: null }
    },
  })
}
