import { DomainError } from '../errors.js'
import { type Case, type CaseFact, type FactOf, factsOf } from './case.js'
import type { CaseCommand } from './commands.js'

/** What somebody recorded of a household: what a decision about its money rests on. */
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
type Prepared = FactOf<(typeof preparing)[number]>

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
        assertPrepared(command, preparedAfter(lastDecision(state, 'SupplementGranted'), state))
      break
    case 'RetractFact': {
      const retracted = state.facts.find(({ version }) => version === command.retractsVersion)
      if (retracted && stopping.includes(retracted.type))
        assertPrepared(command, preparedAfter(retracted.version, state))
    }
  }
}

/** The version of the last decision that a person made about the monthly benefit; -1 for none. */
function lastDecision(state: Case, ...others: readonly 'SupplementGranted'[]): number {
  const confirmed = factsOf(state, 'BenefitAdjusted').filter(({ data }) => data.by !== null)
  const decisions: readonly CaseFact[] = [
    ...factsOf(state, 'EntryApproved'),
    ...factsOf(state, 'GracePeriodStarted'),
    ...factsOf(state, 'OpeningPositionRecorded'),
    ...others.flatMap((type) => factsOf(state, type)),
    ...confirmed,
  ]
  return Math.max(-1, ...decisions.map(({ version }) => version))
}

function preparedAfter(decided: number, state: Case): readonly Prepared[] {
  return preparing
    .flatMap((type): readonly Prepared[] => factsOf(state, type))
    .filter(({ version }) => version > decided)
    .filter(({ data }) => !('step' in data) || data.step !== 'confirmation')
}

interface Deciding {
  readonly type: CaseCommand['type']
  readonly by: string
}

function assertPreparedByOthers({ by, type }: Deciding, prepared: readonly Prepared[]): void {
  const own = prepared.find(({ data }) => data.by === by)
  if (!own) return
  if (own.type === 'ReviewRecorded')
    throw new DomainError('same-person-reviews-and-approves', { on: own.data.on })
  throw new DomainError('same-person-prepares-and-approves', { step: type, prepared: own.type })
}

function assertPrepared(deciding: Deciding, prepared: readonly Prepared[]): void {
  if (prepared.length === 0) throw new DomainError('nothing-prepared', { step: deciding.type })
  assertPreparedByOthers(deciding, prepared)
}
