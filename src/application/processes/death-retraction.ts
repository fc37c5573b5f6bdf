import { membershipsOf } from '../../domain/case/case.js'
import { caseDecider } from '../../domain/case/decide.js'
import { type Case, type FactOf, factsOf } from '../../domain/case/facts.js'
import { proposalFor } from '../../domain/case/proposals.js'
import { DomainError } from '../../domain/errors.js'
import { personDecider } from '../../domain/person/decide.js'
import type { PersonEvent } from '../../domain/person/events.js'
import type { Policy } from '../../domain/policy/policy.js'
import { nextMonth, type PlainDate } from '../../domain/values/calendar.js'
import type { CaseId, PersonId } from '../../domain/values/identifiers.js'
import type { Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { caseStream, personStream } from '../streams.js'
import { handleCaseCommand } from './cases.js'
import type { ProcessParts } from './parts.js'
import { handlePersonCommand } from './people.js'

type Parts = Pick<ProcessParts, 'handler' | 'policies'>

/**
 * What a retracted death gave back in one case. `restored`: the person belongs to the household
 * again, and nothing else was to be decided. `proposed`: they do, and the money or the exit waits
 * for a person. `refused`: the case did not take them back, with the code of the reason.
 */
export interface RetractionConsequence {
  readonly caseId: CaseId
  readonly kind: 'restored' | 'proposed' | 'refused'
  /** The exit that is to be retracted, where the death had ended the case. */
  readonly retractsVersion: number | null
  readonly code: DomainError['code'] | null
}

export interface DeathRetraction {
  readonly personId: PersonId
  readonly retractedOn: PlainDate
  readonly reason: string
  readonly caller: Caller
  readonly expectedVersion?: number
}

export interface DeathRetracted extends Handled<PersonEvent> {
  readonly consequences: readonly RetractionConsequence[]
}

/**
 * Retracts a death that was recorded wrongly, and with it the leaving that it caused in each case.
 * What the rule decided of that leaving stands until another person decides: it brings money back.
 *
 * @throws DomainError of the person
 */
export async function retractDeath(
  parts: Parts,
  retraction: DeathRetraction,
): Promise<DeathRetracted> {
  const { caller, expectedVersion, personId, reason, retractedOn } = retraction
  const recorded = await handlePersonCommand(parts, {
    personId,
    command: { type: 'RetractDeath', retractedOn, reason },
    caller,
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
  })
  const { policy } = await parts.policies.latest()
  const { state } = await parts.handler.load(personStream(personId), personDecider(policy))
  const { held, released } = state.enrolments
  const cases = new Set([...held, ...released].map(({ caseId }) => caseId))
  const consequences: RetractionConsequence[] = []
  for (const caseId of cases)
    consequences.push(...(await consequenceOn(parts, caseId, { ...retraction, policy })))
  return { ...recorded, consequences }
}

async function consequenceOn(
  parts: Parts,
  caseId: CaseId,
  retraction: DeathRetraction & { readonly policy: Policy },
): Promise<readonly RetractionConsequence[]> {
  const { caller, personId, policy, reason, retractedOn } = retraction
  const by = caller.actor.sub
  const decider = caseDecider(policy)
  const { state } = await parts.handler.load(caseStream(caseId), decider)
  const left = leavingByDeath(state, personId)
  if (!left) return []
  try {
    await handleCaseCommand(parts, {
      caseId,
      command: { type: 'RetractFact', retractedOn, retractsVersion: left.version, reason, by },
      caller,
      step: `/return/${caseId}`,
    })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return [{ caseId, kind: 'refused', retractsVersion: null, code: error.code }]
  }
  const after = await parts.handler.load(caseStream(caseId), decider)
  const month = nextMonth(left.data.lastMonth)
  const proposal = proposalFor({ month, by }, { policy, state: after.state })
  const kind = proposal ? 'proposed' : 'restored'
  return [{ caseId, kind, retractsVersion: proposal?.retractsVersion ?? null, code: null }]
}

/** Of the person's last stay; found also when it was retracted already, for what is sent again. */
function leavingByDeath(state: Case, personId: PersonId): FactOf<'MemberLeft'> | undefined {
  const retracted = state.retractions.flatMap(({ fact }) =>
    fact.type === 'MemberLeft' ? [fact] : [],
  )
  const leavings = [...factsOf(state, 'MemberLeft'), ...retracted]
    .filter(({ data }) => data.personId === personId)
    .sort((left, right) => left.version - right.version)
  const last = leavings.at(-1)
  const stay = membershipsOf(state).findLast((one) => one.personId === personId)
  return last?.data.died && stay && stay.joinedVersion < last.version ? last : undefined
}
