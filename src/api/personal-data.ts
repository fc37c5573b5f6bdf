import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { DomainError } from '../domain/errors.js'
import type { PersonId } from '../domain/values/identifiers.js'
import { actorOn } from './auth/authenticate.js'
import type { PersonalDataAccessLog } from './ports.js'

const Purpose = z.string().trim().min(2).max(200)

/** Lets personal data out only once it is written down who reads whom, and why. */
export interface PersonalDataGate {
  /** Writes down an access; resolves before the data may be sent. Nobody: nothing to write. */
  letOut(persons: readonly PersonId[]): Promise<void>
}

/**
 * Opens the gate for one request.
 *
 * @throws DomainError personal-data-refused for statisticians, whatever other roles they hold;
 *   purpose-missing
 */
export function openGate(
  request: FastifyRequest,
  given: { readonly purpose: string | undefined; readonly log: PersonalDataAccessLog },
): PersonalDataGate {
  const actor = actorOn(request)
  if (actor.roles.includes('statistician')) throw new DomainError('personal-data-refused')
  const purpose = Purpose.safeParse(given.purpose ?? purposeHeader(request))
  if (!purpose.success) throw new DomainError('purpose-missing')

  return {
    async letOut(persons) {
      const distinct = [...new Set(persons)]
      if (distinct.length === 0) return
      await given.log.record({
        actor: actor.id,
        division: actor.division,
        persons: distinct,
        purpose: purpose.data,
        route: `${request.method} ${request.routeOptions.url}`,
        requestId: request.id,
      })
    },
  }
}

/** Headers are ASCII, purposes mostly Chinese: the header is percent-encoded UTF-8. */
function purposeHeader(request: FastifyRequest): string | undefined {
  const header = request.headers['access-purpose']
  if (typeof header !== 'string') return undefined
  try {
    return decodeURIComponent(header)
  } catch {
    return undefined
  }
}
