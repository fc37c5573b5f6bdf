import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import type { Actor } from '../auth/actor.js'

/** Of a decision about whole rolls, which one person prepares and another approves. */
export const triedByAnother = z
  .boolean()
  .default(false)
  .describe(
    '试算（经办） counts, and records who prepared it; the same without it comes from another ' +
      'person, an approver',
  )

/** A reviewer prepares; only an approver has it carried out. Errors: 'role-missing'. */
export function assertApproves({ roles }: Pick<Actor, 'roles'>, isDryRun: boolean): void {
  if (isDryRun || roles.includes('approver')) return
  throw new DomainError('role-missing', { needed: ['approver'], roles: [...roles] })
}
