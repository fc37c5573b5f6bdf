import assert from 'node:assert/strict'
import { z } from 'zod'
import { importPolicy } from '../../application/imports/import-policy.js'
import type { PolicyKind } from '../../application/imports/policy-files.js'
import { handlePolicyCommand, type PolicyCommand } from '../../application/policy-commands.js'
import { DomainError } from '../../domain/errors.js'
import { divisionNameOn } from '../../domain/policy/divisions.js'
import { divisionEvents, programmeEvents, standardEvents } from '../../domain/policy/events.js'
import { type Policy, ruleOn, standardOn, standardSetOn } from '../../domain/policy/policy.js'
import { Month, PlainDate } from '../../domain/values/calendar.js'
import { DivisionCode, isWithin } from '../../domain/values/division.js'
import { BenefitClass } from '../../domain/values/document.js'
import { DivisionId, ProgrammeCode } from '../../domain/values/identifiers.js'
import { callerOf, type LedgerServices, outcomeOf, outcomeOfMany } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { byTwo } from './import-routes.js'
import { knownAtOf, knownAtParameter } from './known-at.js'
import { queryRoute } from './query-route.js'
import { noBody, nothing, type Route, type RouteFace } from './route.js'

const tag = '政策 Policy'
const Changed = z.strictObject({ changed: z.boolean() })
const everyone = [
  'clerk',
  'reviewer',
  'approver',
  'payment-officer',
  'auditor',
  'statistician',
  'administrator',
] as const

/** Programmes, rules, standards and divisions: set by commands, read as known at an ordinal. */
export function policyRoutes(services: LedgerServices): readonly Route[] {
  return [...policyCommands(services), ...policyQueries(services)]
}

interface PolicyFace<Body> extends Pick<RouteFace, 'summary'> {
  readonly url: string
  readonly body: z.ZodType<Body>
  readonly command: (body: Body) => PolicyCommand
  /** Where the policy holds, some of it as known now; none for the catalogue of programmes. */
  readonly places: (body: Body, policy: Policy) => readonly DivisionCode[]
}

function policyRoute<Body>(services: LedgerServices, face: PolicyFace<Body>): Route {
  const { command, places } = face
  const parts = services.processes
  return commandRoute({
    method: 'POST',
    url: face.url,
    tag,
    summary: face.summary,
    roles: ['administrator'],
    params: nothing,
    body: face.body,
    result: Changed,
    scope: async ({ body }) => places(body, (await parts.policies.latest()).policy),
    execute: async ({ actor, body }, context) => {
      const caller = callerOf(actor, context)
      const handled = await handlePolicyCommand(parts, { command: command(body), caller })
      return outcomeOf(handled, { changed: handled.changed })
    },
  })
}

interface FigureFace<Data> extends Pick<RouteFace, 'summary'> {
  readonly url: string
  readonly kind: PolicyKind
  readonly body: z.ZodType<Data & { readonly dryRun: boolean }>
  readonly division?: (body: Data) => DivisionCode
}

/** What money follows from goes through two hands, as a policy file of one item does. */
function figureRoute<Data>({ imports, store }: LedgerServices, face: FigureFace<Data>): Route {
  const { division, kind } = face
  return commandRoute({
    method: 'POST',
    url: face.url,
    tag,
    summary: face.summary,
    roles: ['administrator', 'approver'],
    params: nothing,
    body: face.body,
    result: z.strictObject({ result: z.enum(['would-change', 'unchanged', 'completed']) }),
    scope: ({ body }) => (division ? [division(body)] : []),
    execute: async ({ actor, body: { dryRun: isDry, ...item } }, context) => {
      const bytes = Buffer.from(JSON.stringify({ kind, items: [item] }))
      const request = { actor: callerOf(actor, context).actor, dryRun: isDry }
      const { faults, result } = await importPolicy(imports, [{ name: kind, bytes }], request)
      const [fault] = faults
      if (fault) throw new DomainError(fault.code, fault.facts)
      assert(result !== 'refused')
      return outcomeOfMany(store, { result })
    },
  })
}

function figures(services: LedgerServices): readonly Route[] {
  return [
    figureRoute(services, {
      url: '/v1/programmes',
      kind: 'programmes',
      summary: { zh: '定义项目', en: 'Define a programme' },
      body: programmeEvents.ProgrammeDefined.data.extend({ dryRun: byTwo }),
    }),
    figureRoute(services, {
      url: '/v1/rules',
      kind: 'rules',
      summary: { zh: '设定规则', en: 'Set a rule from a month on' },
      body: programmeEvents.RuleSet.data.extend({ dryRun: byTwo }),
      division: (body) => body.division,
    }),
    figureRoute(services, {
      url: '/v1/price-terms',
      kind: 'price-terms',
      summary: { zh: '物价联动条件', en: 'Set when a price subsidy is due, from a month on' },
      body: programmeEvents.PriceTermsSet.data.extend({ dryRun: byTwo }),
      division: (body) => body.division,
    }),
    figureRoute(services, {
      url: '/v1/standards',
      kind: 'standards',
      summary: { zh: '设定标准', en: 'Set a standard from a month on' },
      body: standardEvents.StandardSet.data.extend({ dryRun: byTwo }),
      division: (body) => body.division,
    }),
  ]
}

function policyCommands(services: LedgerServices): readonly Route[] {
  return [
    ...figures(services),
    policyRoute(services, {
      url: '/v1/divisions',
      summary: { zh: '设立区划', en: 'Define a division' },
      body: divisionEvents.DivisionDefined.data,
      command: (body) => ({ type: 'DefineDivision', ...body }),
      places: ({ code }) => [code],
    }),
    policyRoute(services, {
      url: '/v1/divisions/renaming',
      summary: { zh: '区划更名', en: 'Rename a division' },
      body: divisionEvents.DivisionRenamed.data.extend({ divisionId: DivisionId }),
      command: (body) => ({ type: 'RenameDivision', ...body }),
      places: ({ divisionId }, policy) => codesOf(policy, divisionId),
    }),
    policyRoute(services, {
      url: '/v1/divisions/merger',
      summary: { zh: '区划合并', en: 'Merge a division into another' },
      body: divisionEvents.DivisionMerged.data.extend({ divisionId: DivisionId }),
      command: (body) => ({ type: 'MergeDivision', ...body }),
      places: ({ divisionId, into }, policy) => [into, ...codesOf(policy, divisionId)],
    }),
    policyRoute(services, {
      url: '/v1/programme-holds',
      summary: { zh: '项目缓发', en: 'Hold the payments of a programme' },
      body: programmeEvents.ProgrammeHoldPlaced.data.extend({ programme: ProgrammeCode }),
      command: (body) => ({ type: 'PlaceProgrammeHold', ...body }),
      places: ({ division }) => [division],
    }),
    policyRoute(services, {
      url: '/v1/programme-holds/lifting',
      summary: { zh: '解除项目缓发', en: 'Lift the hold on a programme' },
      body: programmeEvents.ProgrammeHoldLifted.data.extend({ programme: ProgrammeCode }),
      command: (body) => ({ type: 'LiftProgrammeHold', ...body }),
      places: ({ holdId, programme }, policy) =>
        holdsOf(policy, programme)
          .filter((hold) => hold.holdId === holdId)
          .map(({ division }) => division),
    }),
  ]
}

/** Nothing for a place that nobody defined: the decider says so. */
function codesOf({ places }: Policy, divisionId: DivisionId): readonly DivisionCode[] {
  return places.filter((place) => place.divisionId === divisionId).map(({ code }) => code)
}

function holdsOf({ programmes }: Policy, programme: ProgrammeCode) {
  return programmes.filter((one) => one.programme === programme).flatMap(({ holds }) => holds)
}

const StandardAsked = knownAtParameter.extend({
  programme: ProgrammeCode,
  division: DivisionCode,
  benefitClass: BenefitClass,
  month: Month,
})

/** The figure of a month, and the one that was set and printed. */
function standardAsSet(policy: Policy, asked: Omit<z.infer<typeof StandardAsked>, 'knownAt'>) {
  const { amountFen, per } = standardSetOn(policy, asked)
  return { ...standardOn(policy, asked), amountFen, per }
}

function policyQueries({ clock, processes, store }: LedgerServices): readonly Route[] {
  const policyAt = async (given: string | undefined) => {
    const known = await knownAtOf({ clock, store }, given)
    const { policies } = processes
    return known === undefined ? (await policies.latest()).policy : policies.policyAt(known)
  }
  const shared = { method: 'GET', tag, roles: everyone, params: nothing, body: noBody } as const
  return [
    queryRoute({
      ...shared,
      url: '/v1/standards',
      summary: { zh: '某月执行的标准', en: 'The standard in force in a month' },
      query: StandardAsked,
      result: z.json(),
      scope: () => [],
      read: async ({ query: { knownAt, ...asked } }) =>
        z.json().parse(standardAsSet(await policyAt(knownAt), asked)),
    }),
    queryRoute({
      ...shared,
      url: '/v1/rules',
      summary: { zh: '某月执行的规则', en: 'The rule in force in a month' },
      query: StandardAsked.omit({ benefitClass: true }),
      result: z.json(),
      scope: () => [],
      read: async ({ query: { knownAt, ...asked } }) =>
        z.json().parse(ruleOn(await policyAt(knownAt), asked)),
    }),
    queryRoute({
      ...shared,
      url: '/v1/programmes',
      summary: { zh: '项目目录', en: 'The programmes of the catalogue' },
      query: knownAtParameter,
      result: z.json(),
      scope: () => [],
      read: async ({ query }) => {
        const { programmes } = await policyAt(query.knownAt)
        return z.json().parse(programmes.map(({ definitions }) => definitions))
      },
    }),
    queryRoute({
      ...shared,
      url: '/v1/divisions',
      summary: { zh: '区划名录', en: 'The divisions of a subtree on a date' },
      query: knownAtParameter.extend({ division: DivisionCode, on: PlainDate }),
      result: z.array(z.strictObject({ code: DivisionCode, nameZh: z.string() })),
      scope: () => [],
      read: async ({ query }) => {
        const policy = await policyAt(query.knownAt)
        const places = policy.places.filter((place) => place.from <= query.on)
        const codes = new Set(places.map(({ code }) => code))
        return [...codes]
          .filter((code) => isWithin(code, query.division))
          .sort()
          .map((code) => ({
            code,
            nameZh: divisionNameOn(policy, { division: code, on: query.on }),
          }))
      },
    }),
  ]
}
