import { isOnRoll, openingOf, placeIn } from '../../domain/case/case.js'
import { causeOfDifference } from '../../domain/case/cause-of-difference.js'
import type { CaseCommandOf } from '../../domain/case/commands.js'
import type { Cause } from '../../domain/case/events.js'
import { type Policy, programmeOf, ruleOn } from '../../domain/policy/policy.js'
import type { Caller } from '../caller.js'
import {
  type BulkOptions,
  type BulkOutcome,
  type BulkParts,
  decideOnRoll,
} from './decide-on-roll.js'
import type { Roll, RollCase } from './roll-reader.js'

export interface ReassessmentBeforeRun extends BulkOptions {
  /** The roll that the run will pay, in its month. */
  readonly roll: Roll
  readonly caller: Caller
}

/**
 * Brings the decisions of a roll up to its facts and its policy before a run freezes it: what the
 * dated rule lets decide itself is decided, with the cause that it has; what waits for a person
 * waits on. A roll on which all is decided already gets no event.
 */
export async function reassessBeforeRun(
  parts: BulkParts,
  { roll, caller, ...options }: ReassessmentBeforeRun,
): Promise<BulkOutcome> {
  const { policy } = await parts.policies.latest()
  return decideOnRoll(parts, {
    ...options,
    roll,
    caller,
    step: 'reassess-before-run',
    commandsFor: async (cases) => cases.map((on) => commandFor(on, { roll, caller, policy })),
  })
}

function commandFor(
  { state }: RollCase,
  on: { readonly roll: Roll; readonly caller: Caller; readonly policy: Policy },
): CaseCommandOf<'ReassessBenefit'> | null {
  const { month } = on.roll
  const opening = openingOf(state)
  const place = placeIn(state, month)
  if (!opening || !place || !isOnRoll(state, month)) return null
  const { kind } = programmeOf(on.policy, opening.programme)
  const cause = causeOfDifference(state, kind)
  const asked = { programme: opening.programme, division: place.division, month }
  const { rule, document } = ruleOn(on.policy, asked)
  if (!rule.automatic.some((each) => each === cause)) return null
  return {
    type: 'ReassessBenefit',
    from: month,
    cause: { kind: cause, note: notes[cause], document: cause === 'standard' ? document : null },
    mode: 'automatic',
    by: on.caller.actor.sub,
  }
}

const notes: Readonly<Record<Cause['kind'], string>> = {
  income: '家庭收入变化',
  members: '家庭成员变化',
  standard: '保障标准调整',
  age: '达到年龄档次',
  death: '死亡',
  review: '复核',
  class: '类别或区划变化',
  correction: '更正',
}
