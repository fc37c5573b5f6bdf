import { z } from 'zod'
import {
  handleRecoveryCommand,
  placeOfRecovery,
  type RecoveryRequest,
  recoveryHistory,
} from '../../application/processes/recoveries.js'
import { recoveryEvents } from '../../domain/recovery/events.js'
import { outstandingOf } from '../../domain/recovery/recovery.js'
import { Month, PlainDate, shanghaiDateOf } from '../../domain/values/calendar.js'
import { ActorId, CaseId, Ordinal, RecoveryId } from '../../domain/values/identifiers.js'
import { AmountFen } from '../../domain/values/money.js'
import type { Actor } from '../auth/actor.js'
import { callerOf, type LedgerServices, outcomeOf } from '../ledger-services.js'
import type { CommandContext, CommandOutcome } from '../ports.js'
import { commandRoute } from './command-route.js'
import { queryRoute } from './query-route.js'
import { noBody, nothing, type Route } from './route.js'

const tag = '追缴 Recoveries'
const Params = z.strictObject({ caseId: CaseId })
const SomeFen = AmountFen.refine((amountFen) => amountFen > 0, 'an amount above zero')
const { RecoveryAgreed, RecoveryWrittenOff, RepaymentReceived, WriteOffProposed } = recoveryEvents

const Decided = z.strictObject({
  caseId: CaseId,
  changed: z.boolean(),
  /** Names of the events that the command made; none where all was already so. */
  events: z.array(z.string()),
})
type Decided = z.infer<typeof Decided>

/** What was overpaid to a case, and how it comes back. The list stands with the rolls. */
export function recoveryRoutes(services: LedgerServices): readonly Route[] {
  return [
    oneRecovery(services),
    agreement(services),
    repayment(services),
    proposal(services),
    writeOff(services),
  ]
}

const Recovery = z.strictObject({
  caseId: CaseId,
  version: z.int(),
  /** Null when nothing is outstanding. */
  recoveryId: RecoveryId.nullable(),
  outstandingFen: z.int(),
  instalmentFen: z.int().nullable(),
  /** The write-off that waits for a second person. */
  proposedWriteOff: WriteOffProposed.data.nullable(),
  months: z.array(
    z.strictObject({
      monthFor: Month,
      repaidFen: z.int(),
      writtenOffFen: z.int(),
      outstandingFen: z.int(),
    }),
  ),
  history: z.array(
    z.strictObject({
      ordinal: Ordinal,
      recorded: z.string(),
      actor: z.string(),
      type: z.string(),
      data: z.json(),
    }),
  ),
})

function oneRecovery({ processes }: LedgerServices): Route {
  return queryRoute({
    method: 'GET',
    url: '/v1/recoveries/:caseId',
    tag,
    summary: { zh: '追缴详情', en: 'What of a case was overpaid, month by month, and its history' },
    roles: ['payment-officer', 'approver', 'auditor'],
    params: Params,
    query: nothing,
    body: noBody,
    result: Recovery,
    version: ({ version }) => version,
    scope: async ({ params }) => [await placeOfRecovery(processes, params.caseId)],
    read: async ({ params: { caseId } }) => {
      const { state, steps, version } = await recoveryHistory(processes, caseId)
      return Recovery.parse({
        caseId,
        version,
        recoveryId: state.open,
        outstandingFen: outstandingOf(state),
        instalmentFen: state.agreed?.instalmentFen ?? null,
        proposedWriteOff: state.proposed,
        months: [...state.months],
        history: steps.map(({ event, ...step }) => ({ ...step, ...event })),
      })
    },
  })
}

function agreement(services: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/recoveries/:caseId/agreement',
    tag,
    summary: { zh: '约定还款', en: 'Agree on instalments' },
    roles: ['payment-officer'],
    params: Params,
    body: RecoveryAgreed.data.omit({ agreedOn: true, by: true }).extend({ instalmentFen: SomeFen }),
    result: Decided,
    scope: () => [],
    execute: ({ actor, body, params }, context) =>
      decided(
        services,
        { actor, context, request: body },
        {
          ...params,
          command: { ...body, type: 'AgreeRecovery', agreedOn: todayOf(services), by: actor.id },
        },
      ),
  })
}

function repayment(services: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/recoveries/:caseId/repayments',
    tag,
    summary: { zh: '登记还款', en: 'Record a repayment with its receipt' },
    roles: ['payment-officer'],
    params: Params,
    body: RepaymentReceived.data
      .omit({ months: true })
      .extend({ receivedOn: PlainDate, amountFen: SomeFen }),
    result: Decided,
    scope: () => [],
    execute: ({ actor, body, params }, context) =>
      decided(
        services,
        { actor, context, request: body },
        {
          ...params,
          command: { ...body, type: 'ReceiveRepayment' },
        },
      ),
  })
}

function proposal(services: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/recoveries/:caseId/write-off-proposal',
    tag,
    summary: { zh: '提出核销', en: 'Propose to write off, with the reason; another one decides' },
    roles: ['payment-officer', 'approver'],
    params: Params,
    body: WriteOffProposed.data.omit({ proposedOn: true, by: true }).extend({
      amountFen: SomeFen,
      replacesBy: ActorId.optional().describe('被替换的申请由谁提出 whose proposal this replaces'),
    }),
    result: Decided,
    scope: () => [],
    execute: ({ actor, body, params }, context) =>
      decided(
        services,
        { actor, context, request: body },
        {
          ...params,
          command: {
            ...body,
            type: 'ProposeWriteOff',
            proposedOn: todayOf(services),
            by: actor.id,
          },
        },
      ),
  })
}

function writeOff(services: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/recoveries/:caseId/write-offs',
    tag,
    summary: { zh: '核销', en: 'Write off what was proposed; not by whoever proposed or agreed' },
    roles: ['approver'],
    params: Params,
    body: RecoveryWrittenOff.data
      .omit({ writtenOffOn: true, by: true, months: true })
      .extend({ amountFen: SomeFen }),
    result: Decided,
    scope: () => [],
    execute: ({ actor, body, params }, context) =>
      decided(
        services,
        { actor, context, request: body },
        {
          ...params,
          command: { ...body, type: 'WriteOff', writtenOffOn: todayOf(services), by: actor.id },
        },
      ),
  })
}

function todayOf({ clock }: LedgerServices): PlainDate {
  return shanghaiDateOf(clock.now())
}

interface Asked {
  readonly actor: Actor
  readonly context: CommandContext
  readonly request: unknown
}

async function decided(
  { processes }: LedgerServices,
  { actor, context, request }: Asked,
  of: Pick<RecoveryRequest, 'caseId' | 'command'>,
): Promise<CommandOutcome<Decided>> {
  const { expectedVersion } = context
  const handled = await handleRecoveryCommand(processes, {
    ...of,
    caller: callerOf(actor, context),
    // Under one key one thing is asked, whatever the day on which it is sent again.
    request: { type: of.command.type, caseId: of.caseId, asked: request },
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
  })
  const events = handled.events.map(({ type }) => type)
  return outcomeOf(handled, { caseId: of.caseId, changed: handled.changed, events })
}
