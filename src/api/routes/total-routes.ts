import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import { Month } from '../../domain/values/calendar.js'
import { type DivisionCode, isWithin } from '../../domain/values/division.js'
import { movementTotals } from '../../projections/cases/movements.js'
import { registerFacts } from '../../projections/registers/queries.js'
import { type MoneyRow, owedTotals, paidTotals, perCapita } from '../../projections/totals/money.js'
import type { Column } from '../exports/column.js'
import type { LedgerServices } from '../ledger-services.js'
import { RollParameters, rollAsked } from './asked.js'
import { listRoute } from './list-route.js'
import { queryRoute } from './query-route.js'
import { noBody, nothing, type Route } from './route.js'

const tag = '统计 Statistics'
const readers = [
  'statistician',
  'auditor',
  'payment-officer',
  'approver',
  'reviewer',
  'clerk',
] as const

/** Figures without a person in them. */
export function totalRoutes(services: LedgerServices): readonly Route[] {
  return [
    movements(services),
    owed(services),
    paid(services),
    perCapitaRoute(services),
    reportedFigures(services),
  ]
}

const RollSum = z.strictObject({ households: z.int(), persons: z.int() })
const MovementSum = RollSum.extend({ amountFen: z.int() })

const Movements = z.strictObject({
  opening: RollSum,
  entry: MovementSum,
  exit: MovementSum,
  transferIn: MovementSum,
  transferOut: MovementSum,
  takenOver: MovementSum,
  increase: MovementSum,
  decrease: MovementSum,
  closing: RollSum,
  reasons: z.array(MovementSum.extend({ kind: z.string(), reason: z.string() })),
})

function movements({ clock, model, processes, store }: LedgerServices): Route {
  return queryRoute({
    method: 'GET',
    url: '/v1/movements',
    tag,
    summary: {
      zh: '新增、退出、增发、减发',
      en: 'Movements of a span of months; opening + in − out = closing is checked',
    },
    roles: readers,
    params: nothing,
    query: RollParameters.omit({ month: true }).extend({ from: Month, to: Month }),
    body: noBody,
    result: Movements,
    scope: ({ query }) => [query.division],
    read: async ({ query: { from, to, ...query } }) => {
      if (from > to) throw new DomainError('months-reversed', { from, to })
      const { month: _, ...asked } = await rollAsked(
        { clock, processes, store },
        { ...query, month: to },
      )
      const { asOf: _asOf, ...totals } = await movementTotals(model, { ...asked, from, to })
      return { ...totals, reasons: [...totals.reasons] }
    },
  })
}

const MoneyEntry = z.strictObject({
  programme: z.string(),
  division: z.string(),
  urbanRural: z.string(),
  component: z.string(),
  amountFen: z.int(),
  previousFen: z.int(),
  changeFen: z.int(),
  cumulativeFen: z.int(),
})
type MoneyEntry = z.infer<typeof MoneyEntry>

const moneyColumns: readonly Column<MoneyEntry>[] = [
  { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
  { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
  { key: 'urbanRural', headerZh: '城乡', headerEn: 'Roll', kind: 'text' },
  { key: 'component', headerZh: '构成', headerEn: 'Component', kind: 'text' },
  { key: 'amountFen', headerZh: '本月（元）', headerEn: 'Month (yuan)', kind: 'yuan' },
  { key: 'previousFen', headerZh: '上月（元）', headerEn: 'Month before (yuan)', kind: 'yuan' },
  { key: 'changeFen', headerZh: '比上月（元）', headerEn: 'Change (yuan)', kind: 'yuan' },
  { key: 'cumulativeFen', headerZh: '本年累计（元）', headerEn: 'Year to date', kind: 'yuan' },
]

const groups = ['programme', 'division', 'urbanRural', 'component'] as const

function moneyEntry(row: MoneyRow): MoneyEntry {
  return MoneyEntry.parse({ ...row, changeFen: row.amountFen - row.previousFen })
}

function owed({ clock, model, processes, store }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/totals/owed',
    tag,
    summary: { zh: '应发合计', en: 'What the decisions owe for a month, cash' },
    titleZh: '应发合计',
    roles: readers,
    params: nothing,
    query: RollParameters,
    body: noBody,
    row: MoneyEntry,
    columns: moneyColumns,
    scope: ({ query }) => [query.division],
    page: async ({ query }, { after }) => {
      if (after) return { rows: [], next: null }
      const asked = await rollAsked({ clock, processes, store }, query)
      const { rows } = await owedTotals(model, { ...asked, groupBy: groups })
      return { rows: rows.map(moneyEntry), next: null }
    },
  })
}

function paid({ clock, model, processes, store }: LedgerServices): Route {
  const Query = RollParameters.omit({ benefitClass: true }).extend({
    by: z.enum(['month-in', 'month-for']).default('month-in'),
  })
  return listRoute({
    method: 'GET',
    url: '/v1/totals/paid',
    tag,
    summary: {
      zh: '实发合计',
      en: 'Money paid in a month, or for a month, less what the bank sent back',
    },
    titleZh: '实发合计',
    roles: readers,
    params: nothing,
    query: Query,
    body: noBody,
    row: MoneyEntry,
    columns: moneyColumns,
    scope: ({ query }) => [query.division],
    page: async ({ query: { by, ...query } }, { after }) => {
      if (after) return { rows: [], next: null }
      const { benefitClass: _, ...asked } = await rollAsked({ clock, processes, store }, query)
      const { rows } = await paidTotals(model, { ...asked, by, groupBy: groups })
      return { rows: rows.map(moneyEntry), next: null }
    },
  })
}

const PerCapita = z.strictObject({
  paidFen: z.int(),
  persons: z.int(),
  perCapitaFen: z
    .int()
    .nullable()
    .describe(
      '当月尚未发放或无在册人口时为空 null while nothing was paid, or nobody is on the roll',
    ),
  components: z.array(z.strictObject({ component: z.string(), amountFen: z.int() })),
  definition: z.string(),
})

function perCapitaRoute({ clock, model, processes, store }: LedgerServices): Route {
  return queryRoute({
    method: 'GET',
    url: '/v1/totals/per-capita',
    tag,
    summary: { zh: '人均月补差', en: 'Money paid in the month ÷ persons on the month’s roll' },
    roles: readers,
    params: nothing,
    query: RollParameters.omit({ benefitClass: true }),
    body: noBody,
    result: PerCapita,
    scope: ({ query }) => [query.division],
    read: async ({ query }) => {
      const { benefitClass: _, ...asked } = await rollAsked({ clock, processes, store }, query)
      const { asOf: _asOf, ...figure } = await perCapita(model, asked)
      const definition =
        '当月实发金额（不含退还的已收回款 recovery）÷ 当月在册保障人口，四舍五入到分；' +
        'components 列出金额构成；当月尚未发放或无在册人口时不计人均（空）'
      return { ...figure, components: [...figure.components], definition }
    },
  })
}

const ReportedEntry = z.strictObject({
  figureId: z.string(),
  from: z.string(),
  to: z.string(),
  division: z.string(),
  programme: z.string().nullable(),
  what: z.string(),
  amountFen: z.int().nullable(),
  count: z.int().nullable(),
  unit: z.string().nullable(),
  standing: z.enum(['reported', 'anomaly', 'inconsistent']),
  reason: z.string().nullable(),
  source: z.string(),
})
type ReportedEntry = z.infer<typeof ReportedEntry>

const standingWords = { reported: '上报', anomaly: '异常', inconsistent: '口径不一' } as const

const reportedColumns: readonly Column<ReportedEntry>[] = [
  { key: 'figureId', headerZh: '编号', headerEn: 'Id', kind: 'text' },
  { key: 'what', headerZh: '内容', headerEn: 'What', kind: 'text' },
  { key: 'from', headerZh: '起月', headerEn: 'From', kind: 'month' },
  { key: 'to', headerZh: '止月', headerEn: 'To', kind: 'month' },
  { key: 'amountFen', headerZh: '金额（元）', headerEn: 'Amount (yuan)', kind: 'yuan' },
  { key: 'count', headerZh: '数量', headerEn: 'Count', kind: 'count' },
  { key: 'unit', headerZh: '单位', headerEn: 'Unit', kind: 'text' },
  { key: 'standing', headerZh: '标记', headerEn: 'Standing', kind: 'text', words: standingWords },
  { key: 'reason', headerZh: '说明', headerEn: 'Reason', kind: 'text' },
  { key: 'source', headerZh: '来源', headerEn: 'Source', kind: 'text' },
]

function reportedFigures({ model }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/reported-figures',
    tag,
    summary: {
      zh: '上报数字',
      en: 'Figures that somebody printed, never mixed with computed ones',
    },
    titleZh: '上报数字',
    roles: readers,
    params: nothing,
    query: nothing,
    body: noBody,
    row: ReportedEntry,
    columns: reportedColumns,
    scope: () => [],
    page: async ({ actor }, { after }) => {
      if (after) return { rows: [], next: null }
      const { rows } = await registerFacts(model, { types: ['ReportedFigureRecorded'] })
      const own = rows.map(({ data }) => data).filter(isWithinScopeOf(actor.division))
      return { rows: own, next: null }
    },
  })
}

function isWithinScopeOf(scope: DivisionCode) {
  return ({ division }: { readonly division: DivisionCode }) => isWithin(division, scope)
}
