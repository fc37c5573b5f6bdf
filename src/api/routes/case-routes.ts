import { z } from 'zod'
import { assertInReach } from '../../application/dates-in-reach.js'
import { handleCaseCommand } from '../../application/processes/cases.js'
import { continueCase, openCase } from '../../application/processes/continuation.js'
import { CaseCommand, type CaseCommandOf, caseCommands } from '../../domain/case/commands.js'
import { DomainError } from '../../domain/errors.js'
import { Month, PlainDate, shanghaiDateOf } from '../../domain/values/calendar.js'
import { ShortText } from '../../domain/values/document.js'
import { CaseId } from '../../domain/values/identifiers.js'
import type { Role } from '../auth/actor.js'
import { callerOf, type LedgerServices, outcomeOf } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { nothing, type Route, type RouteFace } from './route.js'

const tag = '个案 Cases'
const Params = z.strictObject({ caseId: CaseId })
const Decided = z.strictObject({
  caseId: CaseId,
  changed: z.boolean(),
  /** Names of the events that the command made; none where all was already so. */
  events: z.array(z.string()),
})

type CommandName = Exclude<keyof typeof caseCommands, 'OpenCase' | 'RecordOpeningPosition'>

interface CaseFace {
  readonly path: string
  readonly command: CommandName
  readonly summary: RouteFace['summary']
  readonly roles: readonly Role[]
}

const clerks = ['clerk', 'reviewer'] as const
const approvers = ['approver'] as const

/** Path, command, and what it is called in Chinese and in English. */
type Line = readonly [path: string, command: CommandName, zh: string, en: string]

const records: readonly Line[] = [
  ['members', 'JoinMember', '成员加入', 'A person joins the household'],
  ['members/circumstances', 'RecordCircumstances', '成员情况变化', 'Circumstances of a member'],
  ['members/leaving', 'LeaveMember', '成员离开', 'A person leaves the household'],
  ['head', 'ChangeHead', '变更户主', 'Another head; the household goes on'],
  ['income', 'AssessIncome', '核定收入', 'Assess the household’s monthly income'],
  ['steps', 'RecordStep', '审核步骤', 'Record a survey, appraisal, notice, audit'],
  ['reviews', 'RecordReview', '复核', 'Record a review and its result'],
  ['holds', 'PlaceHold', '缓发', 'Hold the payments of the case'],
  ['holds/lifting', 'LiftHold', '解除缓发', 'Lift a hold'],
  ['move', 'MoveCase', '迁移', 'Another division or the other roll: a transfer'],
  ['class', 'ReclassifyCase', '调整类别', 'Another class of benefit'],
]

const decisions: readonly Line[] = [
  ['entry', 'ApproveEntry', '批准纳入', 'Approve the entry and grant the benefit'],
  ['reassessment', 'ReassessBenefit', '重新核定', 'Decide what facts and policy changed'],
  ['supplements', 'GrantSupplement', '发放补助', 'Grant an amount beside the benefit'],
  ['grace', 'StartGracePeriod', '渐退', 'Start the grace period'],
  ['exit', 'ApproveExit', '批准退出', 'Approve the exit'],
  ['retraction', 'RetractFact', '撤销', 'Retract what an event of the case said'],
]

function facesOf(lines: readonly Line[], roles: readonly Role[]): readonly CaseFace[] {
  return lines.map(([path, command, zh, en]) => ({ path, command, summary: { zh, en }, roles }))
}

const faces = [...facesOf(records, clerks), ...facesOf(decisions, approvers)]

/** Commands of a case; `by` is who asks, whatever the body says. */
export function caseRoutes(services: LedgerServices): readonly Route[] {
  return [
    opening(services),
    continuation(services),
    ...faces.map((each) => caseRoute(services, each)),
  ]
}

/** What the server says of a command that is given for one case by a person. */
const fixedFields: Partial<Record<CommandName, object>> = {
  ApproveEntry: { continues: null },
  ApproveExit: { continuedBy: null },
  GrantSupplement: { decidedFor: 'case' },
  LeaveMember: { died: false },
  ReassessBenefit: { mode: 'confirmed' },
}

function caseRoute({ clock, processes }: LedgerServices, declared: CaseFace): Route {
  const schema: z.ZodObject = caseCommands[declared.command]
  const hasAuthor = 'by' in schema.shape
  const filledIn = { ...fixedFields[declared.command], type: declared.command }
  const served = [...Object.keys(filledIn), ...(hasAuthor ? ['by'] : [])]
  const asked = Object.entries(schema.shape).filter(([field]) => !served.includes(field))
  const Body = z.strictObject(Object.fromEntries(asked))
  return commandRoute({
    method: 'POST',
    url: `/v1/cases/:caseId/${declared.path}`,
    tag,
    summary: declared.summary,
    roles: declared.roles,
    params: Params,
    body: Body,
    result: Decided,
    scope: () => [],
    execute: async ({ actor, body, params: { caseId } }, context) => {
      const by = hasAuthor ? { by: actor.id } : {}
      const command = CaseCommand.parse({ ...body, ...filledIn, ...by })
      assertNotAhead(command, shanghaiDateOf(clock.now()))
      const { expectedVersion } = context
      const handled = await handleCaseCommand(processes, {
        caseId,
        command,
        caller: callerOf(actor, context),
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      })
      const events = handled.events.map(({ type }) => type)
      return outcomeOf(handled, { caseId, changed: handled.changed, events })
    },
  })
}

/**
 * An entry is confirmed today or was before: nobody anticipates the days of a public notice. A
 * supplement is for a month that a run may pay.
 */
function assertNotAhead(command: CaseCommand, today: PlainDate): void {
  if (command.type === 'GrantSupplement')
    assertInReach({ field: 'month', month: command.month }, today, 1)
  if (command.type !== 'ApproveEntry' || command.confirmedOn <= today) return
  throw new DomainError('confirmed-in-future', { confirmedOn: command.confirmedOn, today })
}

function opening({ processes }: LedgerServices): Route {
  const Body = caseCommands.OpenCase.omit({ type: true, caseId: true, importId: true, by: true })
  return commandRoute({
    method: 'POST',
    url: '/v1/cases',
    tag,
    summary: { zh: '建立个案', en: 'Open a case of a household in a programme' },
    roles: clerks,
    params: nothing,
    body: Body,
    result: Decided,
    scope: ({ body }) => [body.division],
    location: ({ caseId }) => `/v1/cases/${caseId}`,
    execute: async ({ actor, body }, context) => {
      const caller = callerOf(actor, context)
      const details: Omit<CaseCommandOf<'OpenCase'>, 'type' | 'caseId' | 'by'> = {
        ...body,
        importId: null,
      }
      const opened = await openCase(processes, { details, caller })
      const { caseId, changed } = opened
      const events = opened.events.map(({ type }) => type)
      return outcomeOf(opened, { caseId, changed, events })
    },
  })
}

function continuation({ processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/cases/:caseId/continuation',
    tag,
    summary: { zh: '接续', en: 'Let the household go on under another case: a transfer' },
    roles: approvers,
    params: Params,
    body: z.strictObject({
      into: CaseId,
      lastMonth: Month,
      confirmedOn: PlainDate,
      reason: ShortText,
    }),
    result: Decided,
    scope: () => [],
    execute: async ({ actor, body, params: { caseId } }, context) => {
      const caller = callerOf(actor, context)
      const handled = await continueCase(processes, { from: caseId, ...body, caller })
      const events = handled.events.map(({ type }) => type)
      return outcomeOf(handled, { caseId: body.into, changed: handled.changed, events })
    },
  })
}
