import { z } from 'zod'
import { Month, monthFromIndex, PlainDate } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { BenefitClass, UrbanRural } from '../../domain/values/document.js'
import { CaseId, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import { type MovementRow, movementList } from '../../projections/cases/movements.js'
import { type RollRow, rollCounts, rollPage } from '../../projections/cases/roll.js'
import type { Asked } from '../../projections/question.js'
import { reviewSchedule } from '../../projections/reviews/schedule.js'
import type { Column } from '../exports/column.js'
import type { LedgerServices } from '../ledger-services.js'
import { RollParameters, type RollQuestion, rollAsked } from './asked.js'
import { type ListRoute, listRoute, type Page } from './list-route.js'
import { cellNames, namesOfCell, policyNames } from './policy-names.js'
import { noBody, nothing, type Route } from './route.js'

const tag = '名册 Rolls'
const workers = ['clerk', 'reviewer', 'approver', 'payment-officer', 'auditor'] as const

/** Lists of the ledger: who is on a roll, what moved, what is to be reviewed. */
export function rollRoutes(services: LedgerServices): readonly Route[] {
  return [rollList(services), rollCountList(services), movementRows(services), reviewList(services)]
}

const urbanRuralWords = { urban: '城市', rural: '农村', none: '不分城乡' } as const

const cell = [
  { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
  { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
  { key: 'urbanRural', headerZh: '城乡', headerEn: 'Roll', kind: 'text', words: urbanRuralWords },
  { key: 'benefitClass', headerZh: '类别', headerEn: 'Class', kind: 'text' },
] as const

const ofCase = [
  ...cell,
  { key: 'caseId', headerZh: '个案', headerEn: 'Case', kind: 'text' },
] as const

const RollEntry = z.strictObject({
  ...cellNames,
  division: DivisionCode,
  caseId: CaseId,
  programme: ProgrammeCode,
  urbanRural: UrbanRural,
  benefitClass: BenefitClass,
  headName: z.string().nullable(),
  headPersonId: PersonId.nullable(),
  persons: z.array(PersonId),
  personCount: z.int(),
  monthlyAmountFen: z.int(),
  grace: z.boolean(),
  reported: z.boolean(),
})
type RollEntry = z.infer<typeof RollEntry>

const rollColumns: readonly Column<RollEntry>[] = [
  { key: 'divisionName', headerZh: '区划名称', headerEn: 'Place', kind: 'text' },
  { key: 'programmeName', headerZh: '项目名称', headerEn: 'Programme name', kind: 'text' },
  { key: 'benefitClassName', headerZh: '类别名称', headerEn: 'Class name', kind: 'text' },
  ...ofCase,
  { key: 'headName', headerZh: '户主', headerEn: 'Head', kind: 'text' },
  { key: 'personCount', headerZh: '保障人口', headerEn: 'Persons', kind: 'count' },
  { key: 'monthlyAmountFen', headerZh: '月保障金（元）', headerEn: 'Monthly (yuan)', kind: 'yuan' },
  { key: 'grace', headerZh: '渐退期', headerEn: 'Grace', kind: 'text' },
  { key: 'reported', headerZh: '期初接收', headerEn: 'Taken over', kind: 'text' },
]

function rollList(services: LedgerServices): Route {
  return listRoute({
    ...listOf('/v1/rolls', '在册名册', 'The roll of a month'),
    row: RollEntry,
    columns: rollColumns,
    personal: (row) => row.persons,
    page: async ({ query }, { after, limit }) => {
      const asked = await rollAsked(services, query)
      const place = keyOf(after)
      const found = await rollPage(services.model, { ...asked, limit, ...place })
      const heads = await services.names.namesOf(
        found.rows.flatMap(({ headPersonId }) => headPersonId ?? []),
      )
      const names = await namesIn(services, asked)
      const rows = found.rows.map((row) => ({
        ...rollEntry(row, heads),
        ...namesOfCell(names, row),
      }))
      return pageOf(rows, { limit, key: ({ caseId, division }) => [division, caseId] })
    },
  })
}

/** As known when the question is asked of. */
async function namesIn({ processes: { policies } }: LedgerServices, { knownAt, month }: Asked) {
  const policy =
    knownAt === undefined ? (await policies.latest()).policy : await policies.policyAt(knownAt)
  return policyNames(policy, month)
}

function rollEntry(row: RollRow, names: ReadonlyMap<PersonId, string>) {
  const { headPersonId } = row
  return {
    ...row,
    persons: [...row.persons],
    personCount: row.persons.length,
    headName: headPersonId === null ? null : (names.get(headPersonId) ?? null),
  }
}

function listOf(url: string, titleZh: string, en: string) {
  return {
    method: 'GET',
    url,
    tag,
    summary: { zh: titleZh, en },
    titleZh,
    roles: workers,
    params: nothing,
    query: RollParameters,
    body: noBody,
    scope: ({ query }: { readonly query: RollQuestion }) => [query.division],
  } as const satisfies Partial<ListRoute<unknown, RollQuestion, null, object>>
}

function keyOf(after: readonly (string | number | null)[] | null) {
  if (!after) return {}
  const [division, caseId] = after
  return { after: { division: DivisionCode.parse(division), caseId: CaseId.parse(caseId) } }
}

function pageOf<Row>(
  rows: readonly Row[],
  of: { readonly limit: number; readonly key: (row: Row) => readonly (string | number)[] },
): Page<Row> {
  const last = rows.at(-1)
  return { rows, next: last && rows.length === of.limit ? of.key(last) : null }
}

const CountRow = z.strictObject({
  programme: z.string(),
  division: z.string(),
  urbanRural: UrbanRural,
  benefitClass: z.string(),
  households: z.int(),
  persons: z.int(),
})

function rollCountList({ clock, model, processes, store }: LedgerServices): Route {
  return listRoute({
    ...listOf('/v1/rolls/counts', '在册统计', 'The roll counted by programme, place and class'),
    roles: [...workers, 'statistician'],
    row: CountRow,
    columns: [
      ...cell,
      { key: 'households', headerZh: '户数', headerEn: 'Households', kind: 'count' },
      { key: 'persons', headerZh: '人数', headerEn: 'Persons', kind: 'count' },
    ],
    page: async ({ query }, { after }) => {
      if (after) return { rows: [], next: null }
      const groupBy = ['programme', 'division', 'urbanRural', 'benefitClass'] as const
      const counted = await rollCounts(model, {
        ...(await rollAsked({ clock, processes, store }, query)),
        groupBy,
      })
      return { rows: counted.rows.map((row) => CountRow.parse(row)), next: null }
    },
  })
}

const movementWords = {
  entry: '新增',
  exit: '退出',
  'transfer-in': '转入',
  'transfer-out': '转出',
  'taken-over': '期初接收',
  increase: '增发',
  decrease: '减发',
} as const

const MovementEntry = z.strictObject({
  month: Month,
  division: DivisionCode,
  caseId: CaseId,
  programme: ProgrammeCode,
  urbanRural: UrbanRural,
  benefitClass: z.string(),
  kind: z.enum(Object.keys(movementWords)),
  households: z.int(),
  persons: z.int(),
  amountFen: z.int(),
  reason: z.string(),
  personId: PersonId.nullable(),
  rowNo: z.int(),
  /** The version of the causing event in `case-<caseId>`. */
  version: z.int(),
  knownFrom: z.int(),
})
type MovementEntry = z.infer<typeof MovementEntry>

function movementRows({ clock, model, processes, store }: LedgerServices): Route {
  return listRoute({
    ...listOf('/v1/movements/rows', '增减明细', 'The single movements of a month'),
    row: MovementEntry,
    columns: [
      { key: 'month', headerZh: '月份', headerEn: 'Month', kind: 'month' },
      ...ofCase,
      { key: 'kind', headerZh: '变动', headerEn: 'Movement', kind: 'text', words: movementWords },
      { key: 'households', headerZh: '户数', headerEn: 'Households', kind: 'count' },
      { key: 'persons', headerZh: '人数', headerEn: 'Persons', kind: 'count' },
      { key: 'amountFen', headerZh: '月金额（元）', headerEn: 'Monthly (yuan)', kind: 'yuan' },
      { key: 'reason', headerZh: '原因', headerEn: 'Reason', kind: 'text' },
      { key: 'version', headerZh: '事件序号', headerEn: 'Event version', kind: 'count' },
    ],
    page: async ({ query }, { after, limit }) => {
      const asked = await rollAsked({ clock, processes, store }, query)
      const place = keyOf(after).after
      const from = place ? { after: { ...place, rowNo: Number(after?.[2]) } } : {}
      const found = await movementList(model, { ...asked, ...from, limit })
      const rows = found.rows.map((row: MovementRow) => MovementEntry.parse(row))
      const key = ({ caseId, division, rowNo }: MovementEntry) => [division, caseId, rowNo]
      return pageOf(rows, { limit, key })
    },
  })
}

const ReviewEntry = z.strictObject({
  division: DivisionCode,
  caseId: CaseId,
  programme: ProgrammeCode,
  urbanRural: UrbanRural,
  benefitClass: BenefitClass,
  lastReviewOn: PlainDate.nullable(),
  everyMonths: z.int(),
  dueMonth: Month,
  overdue: z.boolean(),
})

function reviewList({ clock, model, processes, store }: LedgerServices): Route {
  const Query = RollParameters.omit({ month: true }).extend({
    on: PlainDate,
    overdueOnly: z.enum(['true', 'false']).default('false'),
  })
  return listRoute({
    ...listOf('/v1/reviews', '复核计划', 'Reviews that are due, and those overdue'),
    query: Query,
    scope: ({ query }) => [query.division],
    row: ReviewEntry,
    columns: [
      ...ofCase,
      { key: 'lastReviewOn', headerZh: '上次复核', headerEn: 'Last review', kind: 'date' },
      { key: 'everyMonths', headerZh: '周期（月）', headerEn: 'Every (months)', kind: 'count' },
      { key: 'dueMonth', headerZh: '应复核月', headerEn: 'Due', kind: 'month' },
      { key: 'overdue', headerZh: '逾期', headerEn: 'Overdue', kind: 'text' },
    ],
    page: async ({ query: { on, overdueOnly, ...query } }, { after, limit }) => {
      const month = Month.parse(on.slice(0, 7))
      const { month: _, ...asked } = await rollAsked(
        { clock, processes, store },
        { ...query, month },
      )
      const found = await reviewSchedule(model, {
        ...asked,
        ...keyOf(after),
        on,
        overdueOnly: overdueOnly === 'true',
        limit,
      })
      const rows = found.rows.map((row) => ({ ...row, dueMonth: monthFromIndex(row.dueMonth) }))
      return pageOf(rows, { limit, key: ({ caseId, division }) => [division, caseId] })
    },
  })
}
