import { remembered } from '../remembered.js'
import { addMonths, endOfTime, type Month, monthOf, nextMonth } from '../values/calendar.js'
import type { DivisionCode } from '../values/division.js'
import type { BenefitClass, UrbanRural } from '../values/document.js'
import type { CaseId, ImportId, PersonId, ProgrammeCode } from '../values/identifiers.js'
import type { Circumstances } from './events.js'
import { type Case, type FactOf, factsOf } from './facts.js'

export interface Opening {
  readonly caseId: CaseId
  readonly programme: ProgrammeCode
  readonly importId: ImportId | null
}

export function openingOf(state: Case): Opening | undefined {
  return factsOf(state, 'CaseOpened')[0]?.data
}

/** By effective month, the later recorded last, so that of two on one month the last one counts. */
export function byMonth<Fact extends { readonly version: number }>(
  facts: readonly Fact[],
  monthFrom: (fact: Fact) => Month,
): readonly Fact[] {
  return [...facts].sort((left, right) => {
    const [a, b] = [monthFrom(left), monthFrom(right)]
    if (a === b) return left.version - right.version
    return a < b ? -1 : 1
  })
}

/** What holds in a month: the last of the dated facts that began by then. */
function lastBy<Fact extends { readonly version: number }>(
  facts: readonly Fact[],
  at: { readonly month: Month; readonly of: (fact: Fact) => Month },
): Fact | undefined {
  return byMonth(facts, at.of).findLast((fact) => at.of(fact) <= at.month)
}

export interface Place {
  readonly division: DivisionCode
  readonly urbanRural: UrbanRural
}

/** Where the case is in a month; before its first move, where it was opened. */
export function placeIn(state: Case, month: Month): Place | undefined {
  const moved = lastBy(factsOf(state, 'CaseMoved'), { month, of: (fact) => fact.data.from })
  return moved?.data ?? factsOf(state, 'CaseOpened')[0]?.data
}

export function benefitClassIn(state: Case, month: Month): BenefitClass | undefined {
  const changed = lastBy(factsOf(state, 'CaseReclassified'), {
    month,
    of: (fact) => fact.data.from,
  })
  return changed?.data.benefitClass ?? factsOf(state, 'CaseOpened')[0]?.data.benefitClass
}

export function incomeFactIn(state: Case, month: Month): FactOf<'IncomeAssessed'> | undefined {
  return lastBy(factsOf(state, 'IncomeAssessed'), { month, of: (fact) => fact.data.from })
}

export interface Membership {
  readonly personId: PersonId
  readonly from: Month
  readonly to: Month
  readonly joinedVersion: number
  readonly leftVersion: number | null
  readonly leftReason: string | null
}

/** Each stay of each person in the household; a person may leave and come back. */
export const membershipsOf = remembered((state: Case): readonly Membership[] => {
  const leaves = byMonth(factsOf(state, 'MemberLeft'), (fact) => fact.data.lastMonth)
  return factsOf(state, 'MemberJoined').map(({ data, version }) => {
    const left = leaves.find(
      (leave) =>
        leave.data.personId === data.personId &&
        leave.version > version &&
        nextMonth(leave.data.lastMonth) >= data.from,
    )
    return {
      personId: data.personId,
      from: data.from,
      to: left?.data.lastMonth ?? endOfTime,
      joinedVersion: version,
      leftVersion: left?.version ?? null,
      leftReason: left?.data.reason ?? null,
    }
  })
})

export interface Member {
  readonly personId: PersonId
  readonly circumstances: Circumstances
  readonly membership: Membership
}

/** Who belongs to the household in a month, with their circumstances then. */
export function membersIn(state: Case, month: Month): readonly Member[] {
  return membershipsOf(state)
    .filter((stay) => stay.from <= month && month <= stay.to)
    .map((membership) => ({
      personId: membership.personId,
      circumstances: circumstancesIn(state, { membership, month }),
      membership,
    }))
}

function circumstancesIn(
  state: Case,
  at: { readonly membership: Membership; readonly month: Month },
): Circumstances {
  const { personId, joinedVersion, from } = at.membership
  const recorded = factsOf(state, 'MemberCircumstancesRecorded').filter(
    ({ data, version }) =>
      data.personId === personId && version > joinedVersion && data.from >= from,
  )
  const latest = lastBy(recorded, { month: at.month, of: (fact) => fact.data.from })
  if (latest) return latest.data.circumstances
  const joined = factsOf(state, 'MemberJoined').find((fact) => fact.version === joinedVersion)
  if (!joined) throw new Error('a membership without the event that began it')
  return joined.data.circumstances
}

export function isCoveredIn(
  state: Case,
  at: { readonly membership: Membership; readonly month: Month },
): boolean {
  return circumstancesIn(state, at).covered
}

export function coveredIn(state: Case, month: Month): readonly Member[] {
  return membersIn(state, month).filter((member) => member.circumstances.covered)
}

/** The head in a month: the last named one who still belongs, else the member first joined. */
export function headIn(state: Case, month: Month): PersonId | undefined {
  const members = membersIn(state, month).map((member) => member.personId)
  const named = [
    ...factsOf(state, 'MemberJoined').filter((fact) => fact.data.head),
    ...factsOf(state, 'HeadChanged'),
  ]
  const head = byMonth(named, (fact) => fact.data.from).findLast(
    (fact) => fact.data.from <= month && members.includes(fact.data.personId),
  )
  return head?.data.personId ?? members[0]
}

export type SpellStart = 'entry' | 'transfer-in' | 'taken-over'

/** One stay on the roll, from the first month to the last. */
export interface Spell {
  readonly from: Month
  readonly to: Month
  readonly start: { readonly kind: SpellStart; readonly version: number; readonly reason: string }
  readonly end: {
    readonly kind: 'exit' | 'transfer-out'
    readonly version: number
    readonly reason: string
  } | null
}

/** The stays on the roll in order; one that never ended goes on to the end of time. */
export const spellsOf = remembered((state: Case): readonly Spell[] => {
  const exits = factsOf(state, 'ExitApproved')
  const starts = [...openingStarts(state), ...entryStarts(state)]
  const ordered = byMonth(starts, (start) => start.from)
  return ordered.map(({ from, ...start }, at) => {
    const next = ordered[at + 1]?.from ?? addMonths(endOfTime, 1)
    const exit = exits.findLast(
      ({ data, version }) =>
        isOfSpell(start, version) && nextMonth(data.lastMonth) >= from && data.lastMonth < next,
    )
    return { from, to: exit?.data.lastMonth ?? endOfTime, start, end: exit ? endOf(exit) : null }
  })
})

/** A position taken over may be put right later: what was decided of the stay before stands. */
export function isOfSpell({ kind, version }: Spell['start'], factVersion: number): boolean {
  return kind === 'taken-over' || factVersion > version
}

type Start = { readonly from: Month } & Spell['start']

function openingStarts(state: Case): readonly Start[] {
  return factsOf(state, 'OpeningPositionRecorded').map(({ data, version }) => ({
    from: data.entryMonth,
    kind: 'taken-over' as const,
    version,
    reason: data.source,
  }))
}

function entryStarts(state: Case): readonly Start[] {
  return factsOf(state, 'EntryApproved').map(({ data, version }) => ({
    from: data.firstMonth,
    kind: data.continues === null ? ('entry' as const) : ('transfer-in' as const),
    version,
    reason: data.reason,
  }))
}

function endOf({ data, version }: FactOf<'ExitApproved'>): NonNullable<Spell['end']> {
  return {
    kind: data.continuedBy === null ? 'exit' : 'transfer-out',
    version,
    reason: data.reason,
  }
}

export function spellIn(state: Case, month: Month): Spell | undefined {
  return spellsOf(state).find((spell) => spell.from <= month && month <= spell.to)
}

export function isOnRoll(state: Case, month: Month): boolean {
  return spellIn(state, month) !== undefined
}

/** Also by an entry that was retracted since: one-off aid alone has no roll. */
export function wasEverOnRoll({ facts, retractions }: Case): boolean {
  return [...facts, ...retractions.map(({ fact }) => fact)].some(
    ({ type }) => type === 'EntryApproved' || type === 'OpeningPositionRecorded',
  )
}

/** Months up to this one were settled by the source that the case was taken over from. */
export function settledThroughOf(state: Case): Month | undefined {
  return factsOf(state, 'OpeningPositionRecorded').at(-1)?.data.settledThrough
}

export interface HoldPeriod {
  readonly holdId: string
  readonly from: Month
  readonly to: Month
  readonly reason: string
}

/** Holds on the case; a lifted one ends with the month before it was lifted from. */
export function holdsOf(state: Case): readonly HoldPeriod[] {
  const lifts = factsOf(state, 'HoldLifted')
  return factsOf(state, 'HoldPlaced').map(({ data, version }) => {
    const lift = lifts.find((fact) => fact.data.holdId === data.holdId && fact.version > version)
    return { ...data, to: lift ? addMonths(lift.data.from, -1) : endOfTime }
  })
}

/** The month in which a one-off case of this date belongs. */
export function openedMonthOf(state: Case): Month | undefined {
  const opened = factsOf(state, 'CaseOpened')[0]
  return opened && monthOf(opened.data.openedOn)
}
