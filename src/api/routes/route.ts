import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { DivisionCode } from '../../domain/values/division.js'
import type { Actor, Role } from '../auth/actor.js'
import type { Metrics } from '../metrics.js'
import type { Cursors } from '../paging.js'
import type { AnswerStore, LedgerProgress, PersonalDataAccessLog } from '../ports.js'

/** What routes are registered with. */
export interface RouteServices {
  readonly progress: LedgerProgress
  readonly answers: AnswerStore
  readonly accessLog: PersonalDataAccessLog
  readonly metrics: Metrics
  readonly cursors: Cursors
  /** Keys the hashes of requests. */
  readonly requestHashKey: Uint8Array
  /** How long an ordinary request may take until it is answered that it took too long. */
  readonly requestMilliseconds: number
}

/** A declared route, ready to be registered. */
export type Route = (app: FastifyInstance, services: RouteServices) => void

/** What every declaration says. */
export interface RouteFace {
  readonly url: string
  readonly tag: string
  readonly summary: { readonly zh: string; readonly en: string }
  /** Who may; one of them is enough. */
  readonly roles: readonly Role[]
}

/** Work over a roll or a file takes as much longer as the largest of them need. */
export type Duration = 'ordinary' | 'long'

const longTimes = 60

/** The time that a request has, in milliseconds, until it is refused for being late. */
export function deadlineOf(
  duration: Duration,
  { requestMilliseconds }: Pick<RouteServices, 'requestMilliseconds'>,
): number {
  return duration === 'long' ? longTimes * requestMilliseconds : requestMilliseconds
}

/**
 * The divisions that a request touches, each of which has to lie in the actor's scope. An empty
 * list says that the request is about no place.
 */
export type Scope<Input> = (
  input: Input,
  actor: Actor,
) => readonly DivisionCode[] | Promise<readonly DivisionCode[]>

/** For parts of a request that have nothing in them. */
export const nothing = z.strictObject({})

/** For a request without a body. */
export const noBody = z.union([z.null(), z.undefined(), nothing]).transform(() => null)

const Fault = z.strictObject({ field: z.string(), detail: z.string(), detailEn: z.string() })

/** The body of every refusal, for the API page. */
export const ProblemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    titleEn: z.string(),
    detailEn: z.string(),
    code: z.string(),
    instance: z.string(),
    facts: z.record(z.string(), z.unknown()).optional(),
    errors: z.array(Fault).optional(),
  })
  .meta({ id: 'Problem' })

export const refusalResponse = {
  description: 'Refused; `code` says why, see /problems',
  content: { 'application/problem+json': { schema: ProblemSchema } },
}

/** What the API page says of a route: Chinese first, then English, roles, and how to call it. */
export function describeRoute(face: RouteFace, notes: readonly string[]) {
  return {
    tags: [face.tag],
    summary: `${face.summary.zh} ${face.summary.en}`,
    description: [`角色 Roles: ${face.roles.join(', ')}.`, ...notes].join('\n\n'),
    security: [{ token: [] }],
  }
}
