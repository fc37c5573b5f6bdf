import type { Role } from '../../src/api/auth/actor.js'
import type { HttpLedger, Result } from './http-ledger.js'
import type { Person } from './issuing.js'

/** One prepares by a dry run, another has it written. */
export interface Hands {
  readonly prepares: Role | Person
  readonly writes: Role | Person
}

const usualHands: Hands = { prepares: 'administrator', writes: 'approver' }

/** Two persons who work for every county. */
export async function handsOfProvince(ledger: HttpLedger): Promise<Hands> {
  const division = '990000000000'
  const issue = (actor: string, role: Role) => ledger.issue({ actor, roles: [role], division })
  return {
    prepares: await issue('province-administrator', 'administrator'),
    writes: await issue('province-approver', 'approver'),
  }
}

interface Sent {
  readonly body: object
  readonly hands?: Hands | undefined
}

/** The result of the second hand. */
export async function byTwo(
  ledger: HttpLedger,
  { body, hands = usualHands, request }: Sent & { readonly request: string },
): Promise<Result> {
  await ledger.done(hands.prepares, request, { ...body, dryRun: true })
  return ledger.done(hands.writes, request, { ...body, dryRun: false })
}

export function importByTwo(
  ledger: HttpLedger,
  { what, ...sent }: Sent & { readonly what: string },
): Promise<Result> {
  return byTwo(ledger, { ...sent, request: `POST /v1/imports/${what}` })
}
