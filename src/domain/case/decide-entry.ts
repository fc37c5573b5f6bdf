import { assess } from '../entitlement/assess.js'
import { DomainError } from '../errors.js'
import type { Rule } from '../policy/events.js'
import { programmeOf, ruleOn } from '../policy/policy.js'
import {
  daysBetween,
  type Month,
  monthOf,
  nextMonth,
  type PlainDate,
  previousMonth,
} from '../values/calendar.js'
import { coveredIn, isOnRoll, openingOf, placeIn, spellsOf } from './case.js'
import type { CaseCommandOf } from './commands.js'
import type { CaseContext } from './decide.js'
import { decidedAhead, standardsAhead } from './decide-ahead.js'
import type { CaseEvent } from './events.js'
import { type Case, evolveCase, type FactOf, factsOf } from './facts.js'

/**
 * Approves the entry and, in the same breath, grants what the facts and the policy give: for the
 * first month, and for every later one in which what is known already gives another amount.
 */
export function approveEntry(
  command: CaseCommandOf<'ApproveEntry'>,
  { state, policy }: CaseContext,
): readonly CaseEvent[] {
  const { confirmedOn, continues, reason, by } = command
  const month = monthOf(confirmedOn)
  const opening = openingOf(state)
  const place = placeIn(state, month)
  if (!opening || !place) throw new DomainError('case-unknown')
  const { programme } = opening
  const { rule } = ruleOn(policy, { programme, division: place.division, month })
  const firstMonth = firstMonthOf(rule, confirmedOn)
  const approved = factsOf(state, 'EntryApproved').at(-1)?.data
  if (approved?.confirmedOn === confirmedOn && isOnRoll(state, firstMonth)) return []
  const later = spellsOf(state).find((spell) => spell.to >= firstMonth)
  if (later) throw new DomainError('case-already-on-roll', { from: later.from, to: later.to })
  if (programmeOf(policy, programme).kind === 'one-off') {
    throw new DomainError('programme-pays-by-decision', { programme })
  }
  requireSteps(state, { rule, confirmedOn })
  if (coveredIn(state, firstMonth).length === 0) {
    throw new DomainError('nobody-covered', { month: firstMonth })
  }
  const { eligible, components, workings } = assess({ state, policy, month: firstMonth })
  if (!eligible) throw new DomainError('not-eligible', { month: firstMonth })

  const entered: readonly CaseEvent[] = [
    { type: 'EntryApproved', data: { confirmedOn, firstMonth, continues, reason, by } },
    {
      type: 'BenefitGranted',
      data: { from: firstMonth, components: [...components], workings },
    },
  ]
  const granted = entered.reduce(evolveCase, state)
  return [...entered, ...decidedAhead(firstMonth, { state: granted, policy, by })]
}

export function firstMonthOf(rule: Rule, confirmedOn: PlainDate): Month {
  const month = monthOf(confirmedOn)
  return rule.firstMonth === 'month-of-confirmation' ? month : nextMonth(month)
}

function requireSteps(
  state: Case,
  { rule, confirmedOn }: { readonly rule: Rule; readonly confirmedOn: PlainDate },
): void {
  const since = spellsOf(state).at(-1)?.end?.version ?? -1
  const steps = factsOf(state, 'VerificationStepRecorded').filter((fact) => fact.version > since)
  let before: StepRecord | undefined
  for (const step of rule.steps) {
    const record = steps.findLast((fact) => fact.data.step === step)?.data
    if (!record) throw new DomainError('verification-step-missing', { step })
    if (!record.passed) throw new DomainError('verification-step-not-passed', { step })
    requireInOrder(record, { before, confirmedOn })
    before = record
    if (step !== 'public-notice') continue
    const days = daysBetween({ from: record.on, to: confirmedOn })
    if (days < rule.noticeDays) {
      throw new DomainError('public-notice-too-short', { days, needed: rule.noticeDays })
    }
  }
}

type StepRecord = FactOf<'VerificationStepRecorded'>['data']

/** The notice shows what was found before it, and the confirmation looks at all of it. */
function requireInOrder(
  { on, step }: StepRecord,
  { before, confirmedOn }: { readonly before: StepRecord | undefined; confirmedOn: PlainDate },
): void {
  if (before && on < before.on) {
    const facts = { step, on, earlierStep: before.step, earlierOn: before.on }
    throw new DomainError('steps-out-of-order', facts)
  }
  if (on > confirmedOn) throw new DomainError('step-after-confirmation', { step, on, confirmedOn })
}

/** Takes a case over as its source reports it: no 新增, and nothing owed before the cut-over. */
export function recordOpeningPosition(
  command: CaseCommandOf<'RecordOpeningPosition'>,
  { state, policy }: CaseContext,
): readonly CaseEvent[] {
  const { type: _, ...data } = command
  const known = factsOf(state, 'OpeningPositionRecorded').at(-1)?.data
  if (known && JSON.stringify(known.history) === JSON.stringify(data.history)) return []
  if (known) throw new DomainError('opening-position-already-recorded')
  const [spell] = spellsOf(state)
  if (spell) throw new DomainError('case-already-on-roll', { from: spell.from, to: spell.to })
  if (data.entryMonth > data.settledThrough) {
    const { entryMonth, settledThrough } = data
    throw new DomainError('opening-entry-after-settlement', { entryMonth, settledThrough })
  }
  if (coveredIn(state, data.settledThrough).length === 0) {
    throw new DomainError('nobody-covered', { month: data.settledThrough })
  }
  requireExitWithin(command, state)

  const recorded: CaseEvent = { type: 'OpeningPositionRecorded', data }
  const after = evolveCase(state, recorded)
  return [recorded, ...standardsAhead(data.settledThrough, { state: after, policy })]
}

/** The exit of a position that is put right stands; one that can't is to be retracted first. */
function requireExitWithin(
  { entryMonth }: CaseCommandOf<'RecordOpeningPosition'>,
  state: Case,
): void {
  const exit = factsOf(state, 'ExitApproved').at(-1)
  if (exit && exit.data.lastMonth < previousMonth(entryMonth)) {
    throw new DomainError('opening-after-exit', {
      entryMonth,
      lastMonth: exit.data.lastMonth,
      retract: exit.version,
    })
  }
}
