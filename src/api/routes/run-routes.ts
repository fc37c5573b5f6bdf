import { z } from 'zod'
import type { Caller } from '../../application/caller.js'
import { OpenRun } from '../../application/payment/open-run.js'
import type { AnswersReport } from '../../application/payment/record-answers.js'
import { contradictionZh, unknownWords } from '../../application/payment/told.js'
import { bringRollUpToDate } from '../../application/reassessment.js'
import { RunParameters } from '../../domain/payment-run/events.js'
import { ShortText } from '../../domain/values/document.js'
import { RunId } from '../../domain/values/identifiers.js'
import type { Role } from '../auth/actor.js'
import { callerOf, type LedgerServices, outcomeOfMany } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { nothing, type Route, type RouteFace } from './route.js'

const tag = '发放 Payment runs'
const Params = z.strictObject({ runId: RunId })
const Done = z.strictObject({ runId: RunId })

/** A run from its opening to its close. Who prepares does not approve, administrators included. */
export function runRoutes(services: LedgerServices): readonly Route[] {
  return [
    opening(services),
    ...steps(services),
    rejection(services),
    release(services),
    answers(services),
    closing(services),
  ]
}

const Opened = z.strictObject({
  runId: RunId,
  parameters: RunParameters,
  /** Cases whose decisions were brought up to date before the ordinal was frozen. */
  reassessed: z.int(),
})

/** Decisions are brought up to date first: a run freezes what was decided, never what is stale. */
function opening(services: LedgerServices): Route {
  const { payment, reassessment, store } = services
  return commandRoute({
    method: 'POST',
    url: '/v1/runs',
    duration: 'long',
    tag,
    summary: { zh: '开立发放批次', en: 'Open a run: reassess its roll, then freeze an ordinal' },
    roles: ['payment-officer'],
    params: nothing,
    body: OpenRun,
    result: Opened,
    scope: ({ body }) => [body.division],
    location: ({ runId }) => `/v1/runs/${runId}`,
    execute: async ({ actor, body }, context) => {
      const caller = callerOf(actor, context)
      const reassessed = await bringRollUpToDate(reassessment, { ...body, caller })
      const parameters = await payment.open(caller, body)
      return outcomeOfMany(store, { runId: parameters.runId, parameters, reassessed })
    },
  })
}

interface StepFace {
  readonly path: string
  readonly summary: RouteFace['summary']
  readonly roles: readonly Role[]
  readonly take: (caller: Caller, runId: RunId) => Promise<unknown>
}

function step({ store }: LedgerServices, face: StepFace): Route {
  return commandRoute({
    method: 'POST',
    url: `/v1/runs/:runId/${face.path}`,
    duration: 'long',
    tag,
    summary: face.summary,
    roles: face.roles,
    params: Params,
    body: nothing,
    result: Done,
    scope: () => [],
    execute: async ({ actor, params: { runId } }, context) => {
      await face.take(callerOf(actor, context), runId)
      return outcomeOfMany(store, { runId })
    },
  })
}

function steps(services: LedgerServices): readonly Route[] {
  const { payment } = services
  return [
    step(services, {
      path: 'preparation',
      summary: { zh: '生成发放明细', en: 'Freeze the lines of the run' },
      roles: ['payment-officer'],
      take: (caller, runId) => payment.prepare(caller, { runId }),
    }),
    step(services, {
      path: 'submission',
      summary: { zh: '提交审批', en: 'Submit the run for approval' },
      roles: ['payment-officer'],
      take: (caller, runId) => payment.submit(caller, runId),
    }),
    step(services, {
      path: 'approval',
      summary: { zh: '批准发放', en: 'Approve the run; finds its overpayments' },
      roles: ['approver'],
      take: (caller, runId) => payment.approve(caller, { runId }),
    }),
  ]
}

function rejection({ payment, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/runs/:runId/rejection',
    duration: 'long',
    tag,
    summary: { zh: '驳回', en: 'Reject an unreleased run: it commits nothing, its funds are free' },
    roles: ['approver'],
    params: Params,
    body: z.strictObject({ reason: ShortText }),
    result: Done,
    scope: () => [],
    execute: async ({ actor, body, params }, context) => {
      await payment.reject(callerOf(actor, context), { ...params, ...body })
      return outcomeOfMany(store, params)
    },
  })
}

const Released = z.strictObject({
  runId: RunId,
  digest: z.string(),
  lineCount: z.int(),
  totalFen: z.int(),
})

/** The file itself is read at `/v1/runs/:runId/bank-file`, as often as needed, the same bytes. */
function release({ payment, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/runs/:runId/release',
    duration: 'long',
    tag,
    summary: { zh: '放款', en: 'Set the funds aside and write the bank file' },
    roles: ['approver'],
    params: Params,
    body: z.strictObject({ layout: ShortText }),
    result: Released,
    scope: () => [],
    execute: async ({ actor, body: { layout }, params: { runId } }, context) => {
      const caller = callerOf(actor, context)
      const sink = { write: async () => undefined }
      const file = await payment.release(caller, { runId, layout, sink })
      return outcomeOfMany(store, { runId, ...file })
    },
  })
}

const UnknownRow = z.strictObject({
  row: z.int(),
  line: z.int().nullable(),
  why: z.string(),
  whyZh: z.string(),
})

const ContradictionRow = z.strictObject({
  row: z.int(),
  line: z.int(),
  recorded: z.string(),
  recordedFen: z.int(),
  says: z.string(),
  saysFen: z.int(),
  /** Which of both counts: that by which more has arrived. */
  counts: z.enum(['recorded', 'file']),
  sentenceZh: z.string(),
})

const Answered = z.strictObject({
  credited: z.int(),
  creditedFen: z.int(),
  returned: z.int(),
  returnedFen: z.int(),
  duplicates: z.int(),
  contradictions: z.int(),
  contradictionRows: z.array(ContradictionRow),
  unknown: z.int(),
  unknownRows: z.array(UnknownRow),
})

const answerFileBytes = 32 * 1024 * 1024

function answers({ payment, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/runs/:runId/bank-answers',
    duration: 'long',
    tag,
    summary: { zh: '银行回盘', en: 'Record the bank’s answers, line by line' },
    roles: ['payment-officer'],
    params: Params,
    body: z.strictObject({ layout: ShortText, contentBase64: z.base64() }),
    bodyLimitBytes: answerFileBytes,
    result: Answered,
    scope: () => [],
    execute: async ({ actor, body: { contentBase64, layout }, params }, context) => {
      const bytes = Buffer.from(contentBase64, 'base64')
      const caller = callerOf(actor, context)
      const report = await payment.recordAnswers(caller, { ...params, layout, bytes })
      return outcomeOfMany(store, toldAnswers(report))
    },
  })
}

function toldAnswers(report: AnswersReport): z.infer<typeof Answered> {
  return {
    ...report,
    unknownRows: report.unknownRows.map((one) => ({ ...one, whyZh: unknownWords[one.why] })),
    contradictionRows: report.contradictionRows.map((one) => ({
      ...one,
      sentenceZh: contradictionZh(one),
    })),
  }
}

function closing({ payment, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/runs/:runId/closing',
    duration: 'long',
    tag,
    summary: { zh: '批次结清', en: 'Close the run: roll = run = bank = ledger, or what differs' },
    roles: ['payment-officer', 'approver'],
    params: Params,
    body: nothing,
    result: z.strictObject({ differences: z.array(z.string()) }),
    scope: () => [],
    execute: async ({ actor, params }, context) => {
      const { differences } = await payment.close(callerOf(actor, context), params)
      return outcomeOfMany(store, { differences: [...differences] })
    },
  })
}
