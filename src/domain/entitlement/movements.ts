import {
  benefitClassIn,
  coveredIn,
  membershipsOf,
  placeIn,
  type Spell,
  spellsOf,
} from '../case/case.js'
import { type Case, factsOf } from '../case/facts.js'
import { type Month, nextMonth, previousMonth } from '../values/calendar.js'
import type { PersonId } from '../values/identifiers.js'
import { type Fen, fen, zeroFen } from '../values/money.js'
import { boundariesOf, type Cell, cellIn, decisionsOf, monthlyAmountIn } from './timeline.js'

/**
 * 新增 entry, 退出 exit, 转入/转出 transfers (a move, a continuation, another class), taken over at
 * the cut-over, 增发 increase, 减发 decrease.
 */
export type MovementKind =
  | 'entry'
  | 'exit'
  | 'transfer-in'
  | 'transfer-out'
  | 'taken-over'
  | 'increase'
  | 'decrease'

/**
 * One change of the roll or of its money, in the month in which it shows. `amountFen` is the
 * monthly money that it brings or takes, never negative. A member who joins or leaves alone is one
 * person and no household.
 */
export interface Movement extends Cell {
  readonly month: Month
  readonly kind: MovementKind
  readonly households: 0 | 1
  readonly persons: number
  readonly amountFen: Fen
  readonly reason: string
  readonly personId: PersonId | null
  /** The version of the causing event in the case's stream. */
  readonly version: number
}

export function movementsOf(state: Case): readonly Movement[] {
  return spellsOf(state).flatMap((spell) =>
    spell.to < spell.from
      ? []
      : [startOf(state, spell), ...changesWithin(state, spell), ...endOf(state, spell)],
  )
}

function startOf(state: Case, spell: Spell): Movement {
  return {
    month: spell.from,
    ...cellIn(state, spell.from),
    kind: spell.start.kind,
    households: 1,
    persons: coveredIn(state, spell.from).length,
    amountFen: monthlyAmountIn(state, spell.from),
    reason: spell.start.reason,
    personId: null,
    version: spell.start.version,
  }
}

function endOf(state: Case, spell: Spell): readonly Movement[] {
  if (!spell.end) return []
  const movement = {
    month: nextMonth(spell.to),
    ...cellIn(state, spell.to),
    kind: spell.end.kind,
    households: 1 as const,
    persons: coveredIn(state, spell.to).length,
    amountFen: monthlyAmountIn(state, spell.to),
    reason: spell.end.reason,
    personId: null,
    version: spell.end.version,
  }
  return [movement]
}

function changesWithin(state: Case, spell: Spell): readonly Movement[] {
  return boundariesOf(state)
    .filter((month) => spell.from < month && month <= spell.to)
    .flatMap((month) => [
      ...transfersAt(state, month),
      ...memberChangesAt(state, month),
      ...amountChangeAt(state, month),
    ])
}

/** A move or another class: out of the old cell and into the new one, with who was there. */
function transfersAt(state: Case, month: Month): readonly Movement[] {
  const before = previousMonth(month)
  const [old, now] = [cellIn(state, before), cellIn(state, month)]
  const moved = [...factsOf(state, 'CaseMoved'), ...factsOf(state, 'CaseReclassified')].findLast(
    (fact) => fact.data.from === month,
  )
  const same =
    placeIn(state, before) === placeIn(state, month) &&
    benefitClassIn(state, before) === benefitClassIn(state, month)
  if (same || !moved) return []

  const shared = {
    month,
    households: 1 as const,
    persons: coveredIn(state, before).length,
    amountFen: monthlyAmountIn(state, before),
    reason: moved.data.reason,
    personId: null,
    version: moved.version,
  }
  return [
    { ...shared, ...old, kind: 'transfer-out' },
    { ...shared, ...now, kind: 'transfer-in' },
  ]
}

function memberChangesAt(state: Case, month: Month): readonly Movement[] {
  const before = coveredIn(state, previousMonth(month)).map((member) => member.personId)
  const now = coveredIn(state, month).map((member) => member.personId)
  const shared = { month, ...cellIn(state, month), households: 0 as const, persons: 1 }
  const joined = now.filter((person) => !before.includes(person))
  const left = before.filter((person) => !now.includes(person))
  return [
    ...joined.map((personId) => ({
      ...shared,
      kind: 'entry' as const,
      amountFen: zeroFen,
      personId,
      ...joiningOf(state, { personId, month }),
    })),
    ...left.map((personId) => ({
      ...shared,
      kind: 'exit' as const,
      amountFen: zeroFen,
      personId,
      ...leavingOf(state, { personId, month }),
    })),
  ]
}

interface PersonMonth {
  readonly personId: PersonId
  readonly month: Month
}

interface CauseOfChange {
  readonly reason: string
  readonly version: number
}

function joiningOf(state: Case, { personId, month }: PersonMonth): CauseOfChange {
  const joined = factsOf(state, 'MemberJoined').findLast(
    ({ data }) => data.personId === personId && data.from === month,
  )
  if (joined) return { reason: joined.data.relation, version: joined.version }
  return circumstancesAt(state, { personId, month })
}

function leavingOf(state: Case, { personId, month }: PersonMonth): CauseOfChange {
  const left = membershipsOf(state).find(
    (stay) => stay.personId === personId && nextMonth(stay.to) === month,
  )
  if (left?.leftReason && left.leftVersion !== null) {
    return { reason: left.leftReason, version: left.leftVersion }
  }
  return circumstancesAt(state, { personId, month })
}

function circumstancesAt(state: Case, { personId, month }: PersonMonth): CauseOfChange {
  const recorded = factsOf(state, 'MemberCircumstancesRecorded').findLast(
    ({ data }) => data.personId === personId && data.from === month,
  )
  if (!recorded) throw new Error('a member change without an event')
  return { reason: recorded.data.reason, version: recorded.version }
}

function amountChangeAt(state: Case, month: Month): readonly Movement[] {
  const difference = monthlyAmountIn(state, month) - monthlyAmountIn(state, previousMonth(month))
  const decision = decisionsOf(state).find((each) => each.from === month)
  if (difference === 0 || !decision) return []
  const movement = {
    month,
    ...cellIn(state, month),
    kind: difference > 0 ? ('increase' as const) : ('decrease' as const),
    households: 1 as const,
    persons: 0,
    amountFen: fen(Math.abs(difference)),
    reason: adjustmentReason(state, decision.version),
    personId: null,
    version: decision.version,
  }
  return [movement]
}

function adjustmentReason(state: Case, version: number): string {
  const adjusted = factsOf(state, 'BenefitAdjusted').find((fact) => fact.version === version)
  return adjusted?.data.cause.note ?? ''
}
