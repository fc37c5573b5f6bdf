import { z } from 'zod'
import { publishPriceIndex } from '../../application/bulk/price-index.js'
import { decidePriceLink } from '../../application/bulk/price-link.js'
import { reassessRoll } from '../../application/bulk/reassess-roll.js'
import { reportedFigureStream } from '../../application/streams.js'
import { Cause } from '../../domain/case/events.js'
import { reportedFigureEvents } from '../../domain/import/events.js'
import { reportedFigureDecider } from '../../domain/import/reported-figure.js'
import { PriceBasis } from '../../domain/price-link/commands.js'
import { priceLinkEvents } from '../../domain/price-link/events.js'
import { Month } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { CaseId, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import { callerOf, type LedgerServices, outcomeOf, outcomeOfMany } from '../ledger-services.js'
import { bulkDecisionList } from './bulk-decision-list.js'
import { bulkDecisionWithdrawal } from './bulk-decision-withdrawal.js'
import { commandRoute } from './command-route.js'
import { priceRetraction } from './price-retraction-route.js'
import { nothing, type Route } from './route.js'
import { assertApproves, triedByAnother } from './tried-by-another.js'

const tag = '批量决定 Bulk decisions'
const Refused = z.array(z.strictObject({ caseId: CaseId, code: z.string() }))
const dryRun = z.boolean().default(false).describe('试算 counts and writes nothing')

/** Decisions about many cases at once, and figures that others reported. */
export function bulkRoutes(services: LedgerServices): readonly Route[] {
  return [
    reassessment(services),
    priceIndex(services),
    priceLink(services),
    priceRetraction(services),
    bulkDecisionList(services),
    bulkDecisionWithdrawal(services),
    reportedFigure(services),
  ]
}

const Reassessed = z.strictObject({
  examined: z.int(),
  changed: z.int(),
  adjusted: z.int(),
  exited: z.int(),
  proposed: z.int(),
  proposals: z.array(CaseId),
  refusedCount: z.int(),
  refused: Refused,
})

const proposalsListed = 1000

function reassessment({ bulk, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/reassessments',
    duration: 'long',
    tag,
    summary: { zh: '批量重新核定', en: 'Reassess a roll: a raised standard, a census' },
    roles: ['approver'],
    params: nothing,
    body: z.strictObject({
      programmes: z.array(ProgrammeCode).min(1),
      division: DivisionCode,
      from: Month,
      cause: Cause,
      mode: z.enum(['automatic', 'confirmed']),
      dryRun,
    }),
    result: Reassessed,
    scope: ({ body }) => [body.division],
    execute: async ({ actor, body }, context) => {
      const { division, from, programmes, ...rest } = body
      const proposals: CaseId[] = []
      const { refused, ...outcome } = await reassessRoll(bulk, {
        ...rest,
        roll: { programmes, division, month: from, ordinal: await store.head() },
        caller: callerOf(actor, context),
        onProposal: ({ caseId }) => {
          if (proposals.length < proposalsListed) proposals.push(caseId)
        },
      })
      return outcomeOfMany(store, { ...outcome, proposals, refused: [...refused] })
    },
  })
}

function priceIndex({ bulk }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/price-indices',
    tag,
    summary: { zh: '物价指数', en: 'Publish the price index of a month' },
    roles: ['administrator', 'approver'],
    params: nothing,
    body: priceLinkEvents.PriceIndexPublished.data,
    result: z.strictObject({ changed: z.boolean() }),
    scope: ({ body }) => [body.division],
    execute: async ({ actor, body }, context) => {
      const caller = callerOf(actor, context)
      const command = { type: 'PublishPriceIndex', ...body } as const
      const handled = await publishPriceIndex(bulk, { command, caller })
      return outcomeOf(handled, { changed: handled.changed })
    },
  })
}

const PriceLinkBody = priceLinkEvents.PriceLinkDecided.data
  .omit({ regime: true, trigger: true, amountFen: true, workings: true, rollOrdinal: true })
  .extend({ basis: PriceBasis, dryRun: triedByAnother })

const AlreadyGranted = z.strictObject({
  caseId: CaseId,
  personId: PersonId,
  month: Month,
  decisionId: z.string(),
})

const { trigger, workings } = priceLinkEvents.PriceLinkDecided.data.shape

const Granted = z.strictObject({
  trigger,
  monthlyFen: z.int().describe('每人每月 What one person gets for each month'),
  workings: workings.describe('依据与计算过程 Null of a decision by a document'),
  cases: z.int(),
  persons: z.int(),
  amountFen: z.int(),
  changed: z.int(),
  refused: Refused,
  alreadyGrantedCount: z.int(),
  alreadyGranted: z
    .array(AlreadyGranted)
    .describe('已由其他决定发放，本次不再发放 Months that an earlier decision granted'),
})

function priceLink({ bulk, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/price-links',
    duration: 'long',
    tag,
    summary: { zh: '物价补贴', en: 'Decide a price subsidy and grant it, each person once' },
    roles: ['reviewer', 'approver'],
    params: nothing,
    body: PriceLinkBody,
    result: Granted,
    scope: ({ body }) => [body.division],
    execute: async ({ actor, body: { dryRun: isDry, ...decision } }, context) => {
      assertApproves(actor, isDry)
      const caller = callerOf(actor, context)
      const { decision: decided, ...outcome } = await decidePriceLink(bulk, {
        decision,
        caller,
        dryRun: isDry,
      })
      const { alreadyGranted, refused } = outcome
      const { amountFen: monthlyFen, trigger, workings } = decided
      const why = { trigger, monthlyFen, workings }
      const listed = { refused: [...refused], alreadyGranted: [...alreadyGranted] }
      return outcomeOfMany(store, { ...why, ...outcome, ...listed })
    },
  })
}

function reportedFigure({ processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/reported-figures',
    tag: '统计 Statistics',
    summary: { zh: '录入上报数字', en: 'Record a figure as it was printed' },
    roles: ['statistician', 'administrator'],
    params: nothing,
    body: reportedFigureEvents.ReportedFigureRecorded.data,
    result: z.strictObject({ changed: z.boolean() }),
    scope: ({ body }) => [body.division],
    execute: async ({ actor, body }, context) => {
      const handled = await processes.handler.handle({
        stream: reportedFigureStream(body.figureId),
        decider: reportedFigureDecider,
        command: { type: 'RecordReportedFigure', ...body },
        caller: callerOf(actor, context),
      })
      return outcomeOf(handled, { changed: handled.changed })
    },
  })
}
