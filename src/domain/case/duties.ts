import { DomainError } from '../errors.js'
import type { PlainDate } from '../values/calendar.js'
import type { CaseCommand } from './commands.js'
import { lastDecision } from './confirmed.js'
import { type Case, type CaseFact, type FactOf, factsOf } from './facts.js'

/**
 * What somebody recorded of a household, or retracted: what a decision about its money rests on.
 * The retraction of a decision is a decision itself.
 */
const preparing = [
  'CaseOpened',
  'MemberJoined',
  'MemberCircumstancesRecorded',
  'MemberLeft',
  'HeadChanged',
  'IncomeAssessed',
  'VerificationStepRecorded',
  'ReviewRecorded',
  'CaseMoved',
  'CaseReclassified',
] as const

/** What a decision rests on, and whose it is. */
interface Prepared {
  readonly what: (typeof preparing)[number] | 'FactRetracted'
  readonly version: number
  readonly by: string
  /** The day of a review. */
  readonly on: PlainDate | null
}

/** Decisions that a retraction would bring money back from: they want a reason on record. */
const stopping: readonly CaseFact['type'][] = [
  'ExitApproved',
  'BenefitAdjusted',
  'GracePeriodStarted',
]

/**
 * Separate duties: nobody decides on what they recorded themselves since a person last decided on
 * the case, and what brings money without a new fact (a supplement, a period of grace, a decision
 * retracted) wants something that another person recorded first.
 *
 * @throws DomainError `same-person-prepares-and-approves`, `same-person-reviews-and-approves`,
 *   `nothing-prepared`
 */
export function assertSeparateDuties(command: CaseCommand, state: Case): void {
  switch (command.type) {
    case 'ApproveEntry':
    case 'ApproveExit':
      assertPreparedByOthers(command, preparedAfter(lastDecision(state), state))
      break
    case 'ReassessBenefit':
      if (command.mode === 'confirmed')
        assertPreparedByOthers(command, preparedAfter(lastDecision(state), state))
      break
    case 'StartGracePeriod':
      assertPrepared(command, preparedAfter(lastDecision(state), state))
      break
    case 'GrantSupplement':
      if (command.decidedFor === 'case')
        assertPrepared(command, preparedAfter(lastDecisionOrSupplement(state), state))
      break
    case 'RetractFact': {
      const retracted = state.facts.find(({ version }) => version === command.retractsVersion)
      if (retracted && stopping.includes(retracted.type))
        assertPrepared(command, preparedAfter(retracted.version, state))
    }
  }
}

/** One record of another person stands for one supplement. */
function lastDecisionOrSupplement(state: Case): number {
  const supplements = factsOf(state, 'SupplementGranted').map(({ version }) => version)
  return Math.max(lastDecision(state), ...supplements)
}

function preparedAfter(decided: number, state: Case): readonly Prepared[] {
  const facts = preparing
    .flatMap((type): readonly FactOf<typeof type>[] => factsOf(state, type))
    .filter(({ data }) => !('step' in data) || data.step !== 'confirmation')
    .map(preparedBy)
  const retracted = state.retractions
    .filter(({ fact }) => preparing.some((type) => type === fact.type))
    .map(({ by, version }) => ({ what: 'FactRetracted', version, by, on: null }) as const)
  return [...facts, ...retracted].filter(({ version }) => version > decided)
}

function preparedBy({ data, type, version }: FactOf<(typeof preparing)[number]>): Prepared {
  return { what: type, version, by: data.by, on: type === 'ReviewRecorded' ? data.on : null }
}

interface Deciding {
  readonly type: CaseCommand['type']
  readonly by: string
}

function assertPreparedByOthers({ by, type }: Deciding, prepared: readonly Prepared[]): void {
  const own = prepared.find((one) => one.by === by)
  if (!own) return
  if (own.on !== null) throw new DomainError('same-person-reviews-and-approves', { on: own.on })
  throw new DomainError('same-person-prepares-and-approves', { step: type, prepared: own.what })
}

function assertPrepared(deciding: Deciding, prepared: readonly Prepared[]): void {
  if (prepared.length === 0) throw new DomainError('nothing-prepared', { step: deciding.type })
  assertPreparedByOthers(deciding, prepared)
}
