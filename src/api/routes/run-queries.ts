import { z } from 'zod'
import { heldForZh, outcomeWords } from '../../application/payment/told.js'
import type { RunKind } from '../../domain/payment-run/events.js'
import { monthFromIndex } from '../../domain/values/calendar.js'
import { PersonId } from '../../domain/values/identifiers.js'
import type { RunStatus } from '../../projections/cases/one-case.js'
import { paymentRuns, runLines } from '../../projections/payments/runs.js'
import type { LedgerServices } from '../ledger-services.js'
import { RollParameters, rollAsked } from './asked.js'
import { listRoute } from './list-route.js'
import { queryRoute } from './query-route.js'
import { noBody, nothing, type Route } from './route.js'
import { runDocuments } from './run-documents.js'
import { placeOfRun, Run, RunPath, runOf, runOrRefuse, runReaders, runTag } from './run-of-path.js'

const kindWords: Readonly<Record<RunKind, string>> = {
  regular: '月度发放',
  'price-subsidy': '物价补贴',
  'one-off': '一次性发放',
  emergency: '紧急发放',
}

const statusWords: Readonly<Record<RunStatus, string>> = {
  opened: '已开立',
  prepared: '已编制',
  submitted: '已提交',
  approved: '已批准',
  rejected: '已退回',
  released: '已放款',
  closed: '已结清',
}

/** Runs and their lines; and the documents of a run as files. */
export function runQueries(services: LedgerServices): readonly Route[] {
  return [
    runList(services),
    oneRun(services),
    lineList(services),
    verification(services),
    ...runDocuments(services),
  ]
}

function runList({ clock, model, processes, store }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/runs',
    tag: runTag,
    summary: { zh: '发放批次', en: 'The runs of a period' },
    titleZh: '发放批次',
    roles: runReaders,
    params: nothing,
    query: RollParameters.omit({ urbanRural: true, benefitClass: true }),
    body: noBody,
    row: Run,
    columns: [
      { key: 'runId', headerZh: '批次', headerEn: 'Run', kind: 'text' },
      { key: 'kind', headerZh: '种类', headerEn: 'Kind', kind: 'text', words: kindWords },
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'period', headerZh: '月份', headerEn: 'Period', kind: 'month' },
      { key: 'number', headerZh: '次序', headerEn: 'Number', kind: 'count' },
      { key: 'status', headerZh: '状态', headerEn: 'Status', kind: 'text', words: statusWords },
      { key: 'creditedFen', headerZh: '到账（元）', headerEn: 'Credited', kind: 'yuan' },
      { key: 'returnedFen', headerZh: '退票（元）', headerEn: 'Returned', kind: 'yuan' },
    ],
    scope: ({ query }) => [query.division],
    page: async ({ query }, { after }) => {
      if (after) return { rows: [], next: null }
      const { rows } = await paymentRuns(model, await rollAsked({ clock, processes, store }, query))
      return { rows: rows.map(runOf), next: null }
    },
  })
}

function oneRun(services: LedgerServices): Route {
  return queryRoute({
    method: 'GET',
    url: '/v1/runs/:runId',
    tag: runTag,
    summary: { zh: '批次详情', en: 'One run with what was decided about it' },
    roles: runReaders,
    params: RunPath,
    query: nothing,
    body: noBody,
    result: Run,
    scope: ({ params }) => placeOfRun(services, params),
    read: async ({ params }) => runOf(await runOrRefuse(services, params)),
  })
}

const Line = z.strictObject({
  line: z.int(),
  caseId: z.string(),
  programme: z.string(),
  division: z.string(),
  urbanRural: z.string(),
  benefitClass: z.string().nullable(),
  payee: PersonId.nullable(),
  persons: z.int(),
  amountFen: z.int(),
  heldFor: z.string().nullable(),
  heldForZh: z.string().nullable(),
  months: z.string(),
  outcome: z.string().nullable(),
  creditedFen: z.int().nullable(),
  reason: z.string().nullable(),
  contradicted: z.boolean(),
})

function lineList(services: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/runs/:runId/lines',
    tag: runTag,
    summary: { zh: '发放明细', en: 'The lines of a run, held ones with their reason' },
    titleZh: '发放明细',
    roles: runReaders,
    params: RunPath,
    query: z.strictObject({
      held: z.enum(['true', 'false']).optional(),
      outcome: z.enum(['credited', 'returned', 'partial', 'none']).optional(),
      contradicted: z.enum(['true', 'false']).optional(),
    }),
    body: noBody,
    row: Line,
    columns: [
      { key: 'line', headerZh: '序号', headerEn: 'Line', kind: 'count' },
      { key: 'caseId', headerZh: '个案', headerEn: 'Case', kind: 'text' },
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
      { key: 'benefitClass', headerZh: '类别', headerEn: 'Class', kind: 'text' },
      { key: 'months', headerZh: '所属月份', headerEn: 'Months', kind: 'text' },
      { key: 'amountFen', headerZh: '金额（元）', headerEn: 'Amount (yuan)', kind: 'yuan' },
      { key: 'heldForZh', headerZh: '缓发原因', headerEn: 'Held for', kind: 'text' },
      { key: 'outcome', headerZh: '回盘', headerEn: 'Bank', kind: 'text', words: outcomeWords },
      { key: 'creditedFen', headerZh: '到账（元）', headerEn: 'Credited (yuan)', kind: 'yuan' },
      { key: 'reason', headerZh: '退票原因', headerEn: 'Reason', kind: 'text' },
      { key: 'contradicted', headerZh: '回盘前后不一', headerEn: 'Contradicted', kind: 'text' },
    ],
    scope: ({ params }) => placeOfRun(services, params),
    page: async ({ params, query }, { after, limit }) => {
      const found = await runLines(services.model, {
        ...params,
        held: flagOf(query.held),
        contradicted: flagOf(query.contradicted),
        outcome: query.outcome,
        ...(after ? { afterLine: Number(after[0]) } : {}),
        limit,
      })
      const rows = found.rows.map(({ accountVersion: _, items, ...line }) => ({
        ...line,
        payee: line.payee === null ? null : PersonId.parse(line.payee),
        heldForZh: line.heldFor === null ? null : heldForZh(line.heldFor),
        months: [...new Set(items.map(([month]) => monthFromIndex(month)))].sort().join('、'),
      }))
      const last = rows.at(-1)
      return { rows, next: last && rows.length === limit ? [last.line] : null }
    },
  })
}

function flagOf(asked: 'true' | 'false' | undefined): boolean | undefined {
  return asked && asked === 'true'
}

function verification(services: LedgerServices): Route {
  return queryRoute({
    method: 'GET',
    url: '/v1/runs/:runId/verification',
    duration: 'long',
    tag: runTag,
    summary: { zh: '复算核对', en: 'Derive the lines again and compare them byte for byte' },
    roles: runReaders,
    params: RunPath,
    query: nothing,
    body: noBody,
    result: z.json(),
    scope: ({ params }) => placeOfRun(services, params),
    read: async ({ actor, params }) => {
      const { division, id: sub, roles } = actor
      const caller = { actor: { sub, roles, division } }
      return z.json().parse(await services.payment.verify(caller, params))
    },
  })
}
