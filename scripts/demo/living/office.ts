import { z } from 'zod'
import type { Role } from '../../../src/api/auth/actor.js'
import type { DistrictPlan } from '../generator/plan.js'
import type { LedgerClient, Write } from '../office/ledger-client.js'
import type { OfficePeople } from '../office/office-people.js'
import type { KnownIds } from './known-ids.js'

/** The office of one district: its plan, its people, and the ledger that they work with. */
export interface Office {
  readonly plan: DistrictPlan
  readonly client: LedgerClient
  readonly people: OfficePeople
  readonly ids: KnownIds
  /** A file of `policy/`, by its path inside. */
  readonly policyFile: (path: string) => Promise<Buffer>
}

/** What somebody of the office does: a role, and the write. */
export interface Deed extends Write {
  readonly role: Role
}

const Anything = z.unknown()

export async function does(office: Office, { role, ...write }: Deed): Promise<void> {
  await office.client.write(office.people[role], write, Anything)
}

/** A file as a request carries it. */
export function carried(name: string, content: string | Buffer) {
  return { name, contentBase64: Buffer.from(content).toString('base64') }
}
