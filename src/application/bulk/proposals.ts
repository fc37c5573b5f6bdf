import { type CaseProposal, proposalFor } from '../../domain/case/proposals.js'
import type { ActorId, CaseId } from '../../domain/values/identifiers.js'
import type { PolicyReader } from '../policy-reader.js'
import type { Roll, RollCase, RollPage, RollReader } from './roll-reader.js'

export interface ProposalsAsked {
  /** Whom it concerns; the month is the one from which it would be decided. */
  readonly roll: Roll
  /** Who would decide. */
  readonly by: ActorId
  /** The last case that was examined; null for the first page. */
  readonly after: CaseId | null
  readonly limit: number
}

export interface ProposedCase extends CaseProposal {
  readonly on: Omit<RollCase, 'state' | 'persons'>
}

export interface ProposalPage {
  readonly found: readonly ProposedCase[]
  /** The last case that was examined; null at the end of the roll. */
  readonly next: CaseId | null
}

/** Cases that one page examines at most: it is answered in time also where nothing waits. */
const examinedAtMost = 1000
const readAtOnce = 250

/**
 * Cases of a roll whose benefit waits for a person's decision, computed on what is known now. Any
 * page may be short or empty and yet have a next one: it ends after so many cases of the roll.
 */
export async function proposalsPage(
  { policies, rolls }: { readonly policies: PolicyReader; readonly rolls: RollReader },
  { after, by, limit, roll }: ProposalsAsked,
): Promise<ProposalPage> {
  const { policy } = await policies.latest()
  const found: ProposedCase[] = []
  let afterCaseId = after
  for (let examined = 0; examined < examinedAtMost; examined += readAtOnce) {
    const cases = await casesAfter(rolls, { ...roll, afterCaseId, limit: readAtOnce })
    for (const { state, ...on } of cases) {
      const proposal = proposalFor({ month: roll.month, by }, { policy, state })
      if (proposal) found.push({ ...proposal, on })
      afterCaseId = on.caseId
      if (found.length === limit) return { found, next: on.caseId }
    }
    if (cases.length < readAtOnce) return { found, next: null }
  }
  return { found, next: afterCaseId }
}

/** Cases on the roll, and those that may have to come back onto it: each once, in their order. */
async function casesAfter(
  rolls: RollReader,
  page: RollPage,
): Promise<readonly Omit<RollCase, 'persons'>[]> {
  const onRoll = await rolls.casesOnRoll(page)
  const others = await rolls.casesWithRetractedLeaving(page)
  const cases = new Map(onRoll.map(({ persons: _, ...one }) => [one.caseId, one] as const))
  for (const other of others) if (!cases.has(other.caseId)) cases.set(other.caseId, other)
  return [...cases.values()]
    .sort((left, right) => (left.caseId < right.caseId ? -1 : 1))
    .slice(0, page.limit)
}
