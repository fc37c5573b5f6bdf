import { randomUUID } from 'node:crypto'
import type { Actor, Caller } from '../application/caller.js'
import { DomainError } from '../domain/errors.js'
import type { CommandContext, OperatorLedger } from './ports.js'

export interface TokenOption {
  readonly token?: string | undefined
}

/** Opens the ledger for one command and closes it whatever becomes of it. */
export async function withLedger<Result>(
  { ports }: CommandContext,
  work: (ledger: OperatorLedger) => Promise<Result>,
): Promise<Result> {
  const ledger = await ports.open()
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}

/**
 * The person whose token was given with --token or BENEFITS_TOKEN, in one of these roles.
 *
 * @throws DomainError token-missing, token-invalid, token-revoked, role-missing
 */
export async function actingAs(
  { terminal }: CommandContext,
  ledger: OperatorLedger,
  of: { readonly options: TokenOption; readonly roles: readonly string[] },
): Promise<Actor> {
  const actor = await ledger.actorOf(of.options.token ?? terminal.environment['BENEFITS_TOKEN'])
  if (!actor.roles.some((role) => of.roles.includes(role)))
    throw new DomainError('role-missing', { needed: [...of.roles], roles: [...actor.roles] })
  return actor
}

/** A request of the command line. `key` makes it the same request when it is given again. */
export function callerOf(actor: Actor, key: string = randomUUID()): Caller {
  return { actor, key, correlation: `cli-${randomUUID()}` }
}
