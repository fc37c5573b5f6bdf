import { z } from 'zod'
import { noticeList } from '../../application/exports/notice-list.js'
import type { ListNames, PersonNameOpener } from '../../application/exports/ports.js'
import { runSheet } from '../../application/exports/run-sheet.js'
import { runSummary } from '../../application/exports/run-summary.js'
import { storedChunks } from '../../application/payment/run-lines.js'
import { DomainError } from '../../domain/errors.js'
import { divisionNameOn } from '../../domain/policy/divisions.js'
import { type Policy, programmeOf } from '../../domain/policy/policy.js'
import { lastDayOf, Month, monthFromIndex } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { Ordinal, PersonId, RunId } from '../../domain/values/identifiers.js'
import { paymentRun, paymentRuns, type RunRow, runLines } from '../../projections/payments/runs.js'
import type { LedgerServices } from '../ledger-services.js'
import type { PersonalDataGate } from '../personal-data.js'
import { RollParameters, rollAsked } from './asked.js'
import { type FileInput, fileRoute, type MadeFile } from './file-route.js'
import { listRoute } from './list-route.js'
import { queryRoute } from './query-route.js'
import { noBody, nothing, type Route } from './route.js'

const tag = '发放 Payment runs'
const readers = ['payment-officer', 'approver', 'auditor'] as const
const Params = z.strictObject({ runId: RunId })
type Params = z.infer<typeof Params>

const Run = z.strictObject({
  runId: RunId,
  kind: z.string(),
  programmes: z.array(z.string()),
  division: DivisionCode,
  period: Month,
  number: z.int(),
  frozenOrdinal: Ordinal,
  openedBy: z.string(),
  status: z.string(),
  creditedFen: z.int(),
  returnedFen: z.int(),
  /** The data of each decision about it; null until it was taken. */
  decisions: z.record(z.string(), z.json()),
})
type Run = z.infer<typeof Run>

const decisionNames = [
  'prepared',
  'submitted',
  'approved',
  'rejected',
  'released',
  'closed',
] as const

function runOf(row: RunRow): Run {
  const decisions = Object.fromEntries(decisionNames.map((name) => [name, row[name] ?? null]))
  const { creditedFen, division, frozenOrdinal, kind, number, openedBy, runId, status } = row
  const figures = { creditedFen, returnedFen: row.returnedFen, frozenOrdinal, number }
  return Run.parse({
    ...figures,
    runId,
    kind,
    division,
    openedBy,
    status,
    programmes: [...row.programmes],
    period: monthFromIndex(row.period),
    decisions,
  })
}

/** Runs and their lines; and the documents of a run as files. */
export function runQueries(services: LedgerServices): readonly Route[] {
  return [
    runList(services),
    oneRun(services),
    lineList(services),
    verification(services),
    ...documents(services),
  ]
}

function runList({ model, store }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/runs',
    tag,
    summary: { zh: '发放批次', en: 'The runs of a period' },
    titleZh: '发放批次',
    roles: readers,
    params: nothing,
    query: RollParameters.omit({ urbanRural: true, benefitClass: true }),
    body: noBody,
    row: Run,
    columns: [
      { key: 'runId', headerZh: '批次', headerEn: 'Run', kind: 'text' },
      { key: 'kind', headerZh: '种类', headerEn: 'Kind', kind: 'text' },
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'period', headerZh: '月份', headerEn: 'Period', kind: 'month' },
      { key: 'number', headerZh: '次序', headerEn: 'Number', kind: 'count' },
      { key: 'status', headerZh: '状态', headerEn: 'Status', kind: 'text' },
      { key: 'creditedFen', headerZh: '到账（元）', headerEn: 'Credited', kind: 'yuan' },
      { key: 'returnedFen', headerZh: '退票（元）', headerEn: 'Returned', kind: 'yuan' },
    ],
    scope: ({ query }) => [query.division],
    page: async ({ query }, { after }) => {
      if (after) return { rows: [], next: null }
      const { rows } = await paymentRuns(model, await rollAsked(store, query))
      return { rows: rows.map(runOf), next: null }
    },
  })
}

async function runOrRefuse({ model }: LedgerServices, { runId }: Params): Promise<RunRow> {
  const run = await paymentRun(model, { runId })
  if (!run) throw new DomainError('run-unknown', { runId })
  return run
}

async function placeOf(services: LedgerServices, params: Params): Promise<readonly DivisionCode[]> {
  return [DivisionCode.parse((await runOrRefuse(services, params)).division)]
}

function oneRun(services: LedgerServices): Route {
  return queryRoute({
    method: 'GET',
    url: '/v1/runs/:runId',
    tag,
    summary: { zh: '批次详情', en: 'One run with what was decided about it' },
    roles: readers,
    params: Params,
    query: nothing,
    body: noBody,
    result: Run,
    scope: ({ params }) => placeOf(services, params),
    read: async ({ params }) => runOf(await runOrRefuse(services, params)),
  })
}

const Line = z.strictObject({
  line: z.int(),
  caseId: z.string(),
  programme: z.string(),
  division: z.string(),
  urbanRural: z.string(),
  payee: PersonId.nullable(),
  persons: z.int(),
  amountFen: z.int(),
  heldFor: z.string().nullable(),
  months: z.string(),
  outcome: z.string().nullable(),
  creditedFen: z.int().nullable(),
  reason: z.string().nullable(),
})

function lineList(services: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/runs/:runId/lines',
    tag,
    summary: { zh: '发放明细', en: 'The lines of a run, held ones with their reason' },
    titleZh: '发放明细',
    roles: readers,
    params: Params,
    query: z.strictObject({
      held: z.enum(['true', 'false']).optional(),
      outcome: z.enum(['credited', 'returned', 'partial', 'none']).optional(),
    }),
    body: noBody,
    row: Line,
    columns: [
      { key: 'line', headerZh: '序号', headerEn: 'Line', kind: 'count' },
      { key: 'caseId', headerZh: '个案', headerEn: 'Case', kind: 'text' },
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
      { key: 'months', headerZh: '所属月份', headerEn: 'Months', kind: 'text' },
      { key: 'amountFen', headerZh: '金额（元）', headerEn: 'Amount (yuan)', kind: 'yuan' },
      { key: 'heldFor', headerZh: '缓发原因', headerEn: 'Held for', kind: 'text' },
      { key: 'outcome', headerZh: '回盘', headerEn: 'Bank', kind: 'text' },
      { key: 'reason', headerZh: '退票原因', headerEn: 'Reason', kind: 'text' },
    ],
    scope: ({ params }) => placeOf(services, params),
    page: async ({ params, query }, { after, limit }) => {
      const held = query.held === undefined ? {} : { held: query.held === 'true' }
      const from = after ? { afterLine: Number(after[0]) } : {}
      const { outcome } = query
      const found = await runLines(services.model, { ...params, ...held, ...from, outcome, limit })
      const rows = found.rows.map(({ accountVersion: _, items, ...line }) => ({
        ...line,
        payee: line.payee === null ? null : PersonId.parse(line.payee),
        months: [...new Set(items.map(([month]) => monthFromIndex(month)))].sort().join('、'),
      }))
      const last = rows.at(-1)
      return { rows, next: last && rows.length === limit ? [last.line] : null }
    },
  })
}

function verification(services: LedgerServices): Route {
  return queryRoute({
    method: 'GET',
    url: '/v1/runs/:runId/verification',
    tag,
    summary: { zh: '复算核对', en: 'Derive the lines again and compare them byte for byte' },
    roles: readers,
    params: Params,
    query: nothing,
    body: noBody,
    result: z.json(),
    scope: ({ params }) => placeOf(services, params),
    read: async ({ actor, params }) => {
      const { division, id: sub, roles } = actor
      const caller = { actor: { sub, roles, division } }
      return z.json().parse(await services.payment.verify(caller, params))
    },
  })
}

function documents(services: LedgerServices): readonly Route[] {
  const shared = {
    tag,
    roles: readers,
    params: Params,
    scope: ({ params }: FileInput<Params>) => placeOf(services, params),
  }
  return [
    fileRoute({
      ...shared,
      url: '/v1/runs/:runId/sheet',
      summary: { zh: '发放花名册', en: 'Run sheet with names and accounts' },
      make: async (input) => {
        const { accounts } = services.paymentParts
        const parts = await documentParts(services, input)
        return { kind: 'table', table: runSheet({ ...parts, accounts }) }
      },
    }),
    fileRoute({
      ...shared,
      url: '/v1/runs/:runId/summary',
      summary: { zh: '发放汇总表', en: 'Sums by town and village' },
      impersonal: true,
      make: async (input) => ({
        kind: 'table',
        table: runSummary(await documentParts(services, input)),
      }),
    }),
    fileRoute({
      ...shared,
      url: '/v1/runs/:runId/notice',
      summary: { zh: '公示', en: 'Public notice: masked names, no number, no account' },
      make: async (input) => ({
        kind: 'table',
        table: noticeList(await documentParts(services, input)),
      }),
    }),
    fileRoute({
      ...shared,
      url: '/v1/runs/:runId/bank-file',
      summary: { zh: '银行代发文件', en: 'The bank file of a released run, the same bytes again' },
      make: (input) => bankFile(services, input),
    }),
  ]
}

async function documentParts(services: LedgerServices, { gate, params }: FileInput<Params>) {
  const run = runOf(await runOrRefuse(services, params))
  const policy = await services.processes.policies.policyAt(run.frozenOrdinal)
  const chunks = storedChunks(services.store, run.runId)
  return {
    lines: { period: run.period, chunks },
    names: listNames(policy, run.period),
    people: gatedNames(services.names, gate),
  }
}

function listNames(policy: Policy, period: Month): ListNames {
  const on = lastDayOf(period)
  return {
    division: (division) => named(() => divisionNameOn(policy, { division, on }), division),
    programme: (code) => named(() => programmeOf(policy, code, period).nameZh, code),
  }
}

function named(find: () => string, otherwise: string): string {
  try {
    return find()
  } catch (error) {
    if (error instanceof DomainError) return otherwise
    throw error
  }
}

/** Writes down whose names are opened before it opens them. */
function gatedNames(names: PersonNameOpener, gate: PersonalDataGate): PersonNameOpener {
  return {
    async namesOf(persons) {
      await gate.letOut(persons)
      return names.namesOf(persons)
    },
  }
}

async function bankFile(
  services: LedgerServices,
  { actor, gate, params }: FileInput<Params>,
): Promise<MadeFile> {
  for await (const lines of storedChunks(services.store, params.runId))
    await gate.letOut(lines.flatMap(({ payee }) => (payee === null ? [] : [payee])))
  const bytes: Uint8Array[] = []
  const sink = { write: async (some: Uint8Array) => void bytes.push(some) }
  const { division, id: sub, roles } = actor
  const caller = { actor: { sub, roles, division }, key: 'read', correlation: params.runId }
  await services.payment.writeBankFile(caller, { ...params, sink })
  return { kind: 'bytes', name: `代发-${params.runId}.txt`, bytes: Buffer.concat(bytes) }
}
