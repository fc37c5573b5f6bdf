import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What somebody in another county would have to know of ours to ask for it. */
export interface Ours {
  readonly personId: string
  readonly identityNumber: string
  readonly caseId: string
  readonly otherCaseId: string
  readonly runId: string
  readonly divisionId: string
  readonly holdId: string
  /** Prepared, and not written. */
  readonly importId: string
  /** Prepared, and not approved. */
  readonly bulkDecisionId: string
}

export interface Asking {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Policy is read by everybody, of whatever place. */
  readonly isPublic?: boolean
  /** Another refusal than that of the place. */
  readonly code?: string
  /** Whoever knows a number learns the id of whose it is: two counties may care for one person. */
  readonly tellsPersonId?: boolean
}

/** The data of an event as the golden corpus has it: what its command takes. */
export async function golden(type: string, over: object): Promise<object> {
  const file = join(import.meta.dirname, `../golden/${type}.v1.json`)
  const { data } = JSON.parse(await readFile(file, 'utf8'))
  return { ...data, ...over }
}
