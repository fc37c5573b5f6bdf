import { z } from 'zod'
import { retractDeath } from '../../application/processes/death-retraction.js'
import { recordDeath } from '../../application/processes/deaths.js'
import { erasePerson } from '../../application/processes/erasure.js'
import {
  correctPerson,
  handlePersonCommand,
  registerPerson,
} from '../../application/processes/people.js'
import { GivenDetails } from '../../application/processes/person-details.js'
import type { PersonCommand } from '../../domain/person/commands.js'
import { personEvents } from '../../domain/person/events.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import { ShortText } from '../../domain/values/document.js'
import { PersonId } from '../../domain/values/identifiers.js'
import { callerOf, type LedgerServices, outcomeOf } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { scopeOfWriting } from './person-scope.js'
import { nothing, type Route, type RouteFace } from './route.js'

const tag = '人员 Persons'
const Params = z.strictObject({ personId: PersonId })
const Changed = z.strictObject({ changed: z.boolean() })
const clerks = ['clerk', 'reviewer'] as const

/** Who somebody is, where their money goes, and what became of them. */
export function personRoutes(services: LedgerServices): readonly Route[] {
  return [
    registration(services),
    correction(services),
    death(services),
    deathRetraction(services),
    erasure(services),
    ...plainCommands(services),
  ]
}

function registration({ processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/persons',
    tag,
    summary: { zh: '登记人员', en: 'Register a person, or answer who is there already' },
    roles: clerks,
    params: nothing,
    body: GivenDetails,
    result: z.strictObject({ personId: PersonId, changed: z.boolean() }),
    scope: () => [],
    location: ({ personId }) => `/v1/persons/${personId}`,
    execute: async ({ actor, body }, context) => {
      const caller = callerOf(actor, context)
      const registered = await registerPerson(processes, { details: body, caller })
      const { changed, personId } = registered
      return outcomeOf(registered, { personId, changed })
    },
  })
}

function correction({ clock, processes }: LedgerServices): Route {
  return commandRoute({
    method: 'PUT',
    url: '/v1/persons/:personId',
    tag,
    summary: { zh: '更正人员信息', en: 'Put all details of a person right' },
    roles: clerks,
    params: Params,
    body: z.strictObject({ details: GivenDetails, reason: ShortText }),
    result: Changed,
    scope: scopeOfWriting({ processes }),
    execute: async ({ actor, body, params }, context) => {
      const { expectedVersion } = context
      const corrected = await correctPerson(processes, {
        ...params,
        ...body,
        correctedOn: shanghaiDateOf(clock.now()),
        caller: callerOf(actor, context),
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      })
      return outcomeOf(corrected, { changed: corrected.changed })
    },
  })
}

const Consequence = z.strictObject({
  caseId: z.string(),
  kind: z.enum(['decided', 'proposed', 'refused']),
  code: z.string().nullable(),
})

function death({ processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/persons/:personId/death',
    tag,
    summary: { zh: '登记死亡', en: 'Record a death and what follows for each case' },
    roles: clerks,
    params: Params,
    body: personEvents.PersonDied.data,
    result: z.strictObject({ changed: z.boolean(), consequences: z.array(Consequence) }),
    scope: scopeOfWriting({ processes }),
    execute: async ({ actor, body, params }, context) => {
      const caller = callerOf(actor, context)
      const recorded = await recordDeath(processes, { ...params, ...body, caller })
      const { changed, consequences } = recorded
      return outcomeOf(recorded, { changed, consequences: [...consequences] })
    },
  })
}

const GivenBack = z.strictObject({
  caseId: z.string(),
  kind: z
    .enum(['restored', 'proposed', 'refused'])
    .describe('已恢复、待核定、未恢复 what became of the case; what waits is in GET /v1/proposals'),
  retractsVersion: z
    .int()
    .nullable()
    .describe('待撤销的退出 the exit of the case that another person has to retract'),
  code: z.string().nullable(),
})

function deathRetraction({ processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/persons/:personId/death/retraction',
    tag,
    summary: {
      zh: '撤销死亡登记',
      en: 'Retract a death that was recorded wrongly, and its leaving in each case',
    },
    roles: clerks,
    params: Params,
    body: personEvents.DeathRetracted.data,
    result: z.strictObject({ changed: z.boolean(), consequences: z.array(GivenBack) }),
    scope: scopeOfWriting({ processes }),
    execute: async ({ actor, body, params }, context) => {
      const { expectedVersion } = context
      const retracted = await retractDeath(processes, {
        ...params,
        ...body,
        caller: callerOf(actor, context),
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      })
      const { changed, consequences } = retracted
      return outcomeOf(retracted, { changed, consequences: [...consequences] })
    },
  })
}

function erasure({ erasure, processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/persons/:personId/erasure',
    tag,
    summary: { zh: '销毁个人信息', en: 'Destroy the key of a person’s sealed details' },
    roles: ['administrator'],
    params: Params,
    body: z.strictObject({ reason: ShortText }),
    result: Changed,
    scope: scopeOfWriting({ processes }),
    execute: async ({ actor, body, params }, context) => {
      const caller = callerOf(actor, context)
      const erased = await erasePerson(erasure, { ...params, ...body, caller })
      return outcomeOf(erased, { changed: erased.changed })
    },
  })
}

interface PlainFace<Body> {
  readonly path: string
  readonly summary: RouteFace['summary']
  readonly body: z.ZodType<Body>
  readonly command: (body: Body) => PersonCommand
}

function plainCommand<Body>({ processes }: LedgerServices, face: PlainFace<Body>): Route {
  return commandRoute({
    method: 'POST',
    url: `/v1/persons/:personId/${face.path}`,
    tag,
    summary: face.summary,
    roles: clerks,
    params: Params,
    body: face.body,
    result: Changed,
    scope: scopeOfWriting({ processes }),
    execute: async ({ actor, body, params: { personId } }, context) => {
      const { expectedVersion } = context
      const handled = await handlePersonCommand(processes, {
        personId,
        command: face.command(body),
        caller: callerOf(actor, context),
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      })
      return outcomeOf(handled, { changed: handled.changed })
    },
  })
}

function plainCommands(services: LedgerServices): readonly Route[] {
  return [
    plainCommand(services, {
      path: 'life-verifications',
      summary: { zh: '生存认证', en: 'Record that a person was seen alive' },
      body: personEvents.LifeVerified.data,
      command: (body) => ({ type: 'VerifyLife', ...body }),
    }),
    plainCommand(services, {
      path: 'holds',
      summary: { zh: '人员或账户缓发', en: 'Hold the money of a person or an account' },
      body: personEvents.PersonHoldPlaced.data,
      command: (body) => ({ type: 'PlaceHold', ...body }),
    }),
    plainCommand(services, {
      path: 'holds/lifting',
      summary: { zh: '解除人员缓发', en: 'Lift the hold on a person or an account' },
      body: personEvents.PersonHoldLifted.data,
      command: (body) => ({ type: 'LiftHold', ...body }),
    }),
    plainCommand(services, {
      path: 'merger',
      summary: { zh: '合并重复人员', en: 'Merge a person who was registered twice' },
      body: personEvents.PersonsMerged.data,
      command: (body) => ({ type: 'MergePerson', ...body }),
    }),
  ]
}
