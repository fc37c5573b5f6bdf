import { DomainError } from '../errors.js'
import { assertClassOf, assertRollOf } from '../policy/admission.js'
import { programmeOf, ruleOn } from '../policy/policy.js'
import { addMonths, endOfTime, previousMonth } from '../values/calendar.js'
import { assertNotBeforeHold } from '../values/hold.js'
import { membershipsOf, openingOf, placeIn, spellsOf } from './case.js'
import type { CaseCommandOf } from './commands.js'
import type { CaseContext } from './decide.js'
import { standardsAhead, standardsOfPlace } from './decide-ahead.js'
import type { CaseEvent } from './events.js'
import { type Case, type CaseFact, evolveCase, factsOf } from './facts.js'
import { requireRecipients } from './supplement-recipients.js'

export function recordStep(
  command: CaseCommandOf<'RecordStep'>,
  state: Case,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const known = factsOf(state, 'VerificationStepRecorded').some(
    (fact) =>
      fact.data.step === command.step &&
      fact.data.on === command.on &&
      fact.data.passed === command.passed,
  )
  if (known) return []
  const openedOn = factsOf(state, 'CaseOpened')[0]?.data.openedOn
  if (openedOn && command.on < openedOn)
    throw new DomainError('step-before-opening', { step: command.step, on: command.on, openedOn })
  return [{ type: 'VerificationStepRecorded', data }]
}

export function recordReview(
  command: CaseCommandOf<'RecordReview'>,
  state: Case,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const known = factsOf(state, 'ReviewRecorded').some(
    (fact) =>
      fact.data.on === command.on &&
      fact.data.level === command.level &&
      fact.data.kind === command.kind &&
      fact.data.result === command.result,
  )
  return known ? [] : [{ type: 'ReviewRecorded', data }]
}

/** An amount beside the monthly benefit; a programme's cap and its own measure are kept to. */
export function grantSupplement(
  command: CaseCommandOf<'GrantSupplement'>,
  { state, policy }: CaseContext,
): readonly CaseEvent[] {
  const { type: _, decidedFor: _for, ...data } = command
  const known = factsOf(state, 'SupplementGranted').find(
    (fact) => fact.data.supplementId === command.supplementId,
  )?.data
  if (known && known.amountFen === command.amountFen && known.month === command.month) return []
  if (known) throw new DomainError('supplement-already-granted', { amountFen: known.amountFen })
  requireRecipients(command, { state, policy })
  requireWithinCap(command, { state, policy })

  return [{ type: 'SupplementGranted', data }]
}

function requireWithinCap(
  command: CaseCommandOf<'GrantSupplement'>,
  { state, policy }: CaseContext,
): void {
  const opening = openingOf(state)
  const place = placeIn(state, command.month)
  if (!opening || !place) throw new DomainError('case-unknown')
  const { programme } = opening
  if (programmeOf(policy, programme).kind !== 'one-off') return
  const { rule } = ruleOn(policy, { programme, division: place.division, month: command.month })
  if (rule.capFen !== null && command.amountFen > rule.capFen) {
    throw new DomainError('amount-over-cap', { amountFen: command.amountFen, capFen: rule.capFen })
  }
}

export function placeHold(command: CaseCommandOf<'PlaceHold'>, state: Case): readonly CaseEvent[] {
  const { from, holdId, reason } = command
  const known = factsOf(state, 'HoldPlaced').find((fact) => fact.data.holdId === holdId)?.data
  const lift = liftOf(state, holdId)
  if (lift) throw new DomainError('hold-already-lifted', { holdId, from: lift.from })
  if (known?.from === from && known.reason === reason) return []
  if (known) throw new DomainError('hold-already-placed', { holdId })

  return [{ type: 'HoldPlaced', data: { from, holdId, reason } }]
}

export function liftHold(command: CaseCommandOf<'LiftHold'>, state: Case): readonly CaseEvent[] {
  const { from, holdId, reason } = command
  const hold = factsOf(state, 'HoldPlaced').find((fact) => fact.data.holdId === holdId)?.data
  if (!hold) throw new DomainError('hold-unknown', { holdId })
  const lift = liftOf(state, holdId)
  if (lift?.from === from) return []
  if (lift) throw new DomainError('hold-already-lifted', { holdId, from: lift.from })
  assertNotBeforeHold(hold, from)

  return [{ type: 'HoldLifted', data: { from, holdId, reason } }]
}

function liftOf(state: Case, holdId: string) {
  return factsOf(state, 'HoldLifted').find((fact) => fact.data.holdId === holdId)?.data
}

/**
 * Another place, or the other roll: a transfer, neither 新增 nor 退出. The standards of the new place
 * decide from the month of the move on, where its rule lets them; else, and for an exit, a person.
 */
export function moveCase(
  command: CaseCommandOf<'MoveCase'>,
  { state, policy }: CaseContext,
): readonly CaseEvent[] {
  const { by, from, division, urbanRural, reason } = command
  const place = placeIn(state, from)
  if (place?.division === division && place.urbanRural === urbanRural) return []
  const programme = openingOf(state)?.programme
  if (programme) assertRollOf(policy, { programme, division, urbanRural })

  const moved = {
    type: 'CaseMoved' as const,
    data: { from, division, urbanRural, reason, by },
  }
  return [moved, ...standardsOfPlace(from, { state: evolveCase(state, moved), policy })]
}

export function reclassifyCase(
  command: CaseCommandOf<'ReclassifyCase'>,
  { state, policy }: CaseContext,
): readonly CaseEvent[] {
  const { by, from, benefitClass, reason } = command
  const known = factsOf(state, 'CaseReclassified').findLast((fact) => fact.data.from === from)
  if (known?.data.benefitClass === benefitClass) return []
  const [programme, place] = [openingOf(state)?.programme, placeIn(state, from)]
  if (programme && place) assertClassOf(policy, { ...place, programme, benefitClass })

  return [{ type: 'CaseReclassified', data: { from, benefitClass, reason, by } }]
}

/** Says that an event of this case counts no longer. The opening itself stays: exit instead. */
export function retractFact(
  command: CaseCommandOf<'RetractFact'>,
  { state, policy }: CaseContext,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const fact = state.facts.find((each) => each.version === command.retractsVersion)
  if (!fact && command.retractsVersion <= state.version) return []
  if (!fact) throw new DomainError('fact-unknown', { version: command.retractsVersion })
  if (fact.type === 'CaseOpened') throw new DomainError('opening-cannot-be-retracted')
  if (fact.type === 'BenefitGranted') {
    throw new DomainError('grant-stands-with-entry', { retract: fact.version - 1 })
  }
  const along = [...ofItsStay(state, fact), ...ofItsGrace(state, fact)]
  const retractions = [command.retractsVersion, ...along].map(
    (retractsVersion): CaseEvent => ({
      type: 'FactRetracted',
      data: { ...data, retractsVersion },
    }),
  )
  const after = retractions.reduce(evolveCase, state)
  requireNoOverlap(after)

  return [...retractions, ...standardsMeanwhile(fact, { state: after, policy })]
}

/** Gives back what the exit for a continuation took, and nothing else: it wants no new record. */
export function withdrawContinuation(
  command: CaseCommandOf<'WithdrawContinuation'>,
  context: CaseContext,
): readonly CaseEvent[] {
  const { continuedBy, type: _, ...data } = command
  const exit = factsOf(context.state, 'ExitApproved').findLast(
    (fact) => fact.data.continuedBy === continuedBy,
  )
  if (!exit) return []
  return retractFact({ type: 'RetractFact', retractsVersion: exit.version, ...data }, context)
}

/** Standards pass a case by while an exit, grace or a move stands. */
function standardsMeanwhile(retracted: CaseFact, context: CaseContext): readonly CaseEvent[] {
  switch (retracted.type) {
    case 'ExitApproved':
      return standardsAhead(retracted.data.lastMonth, context)
    case 'GracePeriodStarted':
      return standardsAhead(previousMonth(retracted.data.from), context)
    case 'CaseMoved':
      return standardsOfPlace(retracted.data.from, context)
    default:
      return []
  }
}

/** Grace is one decision with its amounts and its exit, which ends what was appended with it. */
function ofItsGrace(state: Case, grace: CaseFact): readonly number[] {
  if (grace.type !== 'GracePeriodStarted') return []
  const retracted = state.retractions.map(({ fact }) => fact)
  const exits = [...state.facts, ...retracted]
    .filter(({ type, version }) => type === 'ExitApproved' && version > grace.version)
    .map(({ version }) => version)
  const last = exits.length > 0 ? Math.min(...exits) : grace.version
  return state.facts
    .filter(({ version }) => version > grace.version && version <= last)
    .map(({ version }) => version)
}

/** What was decided of a stay goes with its entry: else it would count for another stay. */
function ofItsStay(state: Case, entry: CaseFact): readonly number[] {
  if (entry.type !== 'EntryApproved') return []
  const spells = spellsOf(state)
  const at = spells.findIndex(({ start }) => start.version === entry.version)
  const next = spells[at + 1]?.from ?? addMonths(endOfTime, 1)
  const decided = [
    ...factsOf(state, 'BenefitGranted'),
    ...factsOf(state, 'BenefitAdjusted'),
    ...factsOf(state, 'GracePeriodStarted'),
  ]
  const versions = decided
    .filter(({ data, version }) => version > entry.version && data.from < next)
    .filter(({ data }) => data.from >= entry.data.firstMonth)
    .map(({ version }) => version)
  const end = spells[at]?.end
  return end ? [...versions, end.version] : versions
}

/** Neither the case nor a person in it may stay twice in one month. */
function requireNoOverlap(state: Case): void {
  const spells = spellsOf(state)
  const spell = spells.find(({ to }, at) => to >= (spells[at + 1]?.from ?? '9999-12'))
  if (spell) throw new DomainError('retraction-would-overlap', { from: spell.from })
  const stays = membershipsOf(state)
  const twice = stays.find((stay, at) =>
    stays.some(
      (other, otherAt) =>
        otherAt > at &&
        other.personId === stay.personId &&
        other.from <= stay.to &&
        stay.from <= other.to,
    ),
  )
  if (twice) throw new DomainError('retraction-would-overlap', { from: twice.from })
}
