import {
  type Month,
  nextMonth,
  type PlainDate,
  plainDate,
  previousMonth,
} from '../../../src/domain/values/calendar.js'
import type { CaseLife, MemberLife } from './case-life.js'
import type { PlannedAction, Step } from './plan.js'
import type { Random } from './random.js'

/** When a place decides: in the month from which it counts, or in the month before. */
export interface DecisionHabit {
  readonly decides: 'same-month' | 'month-before'
  /** Days of the month on which changes and exits are decided. */
  readonly days: { readonly from: number; readonly to: number }
  /** Steps of an entry, in order, each with its day of the month. */
  readonly steps: readonly (readonly [Step, number])[]
  readonly random: Random
  /** Months in which every case is reviewed. */
  readonly censuses: readonly Month[]
  /** Nothing is decided after this month. */
  readonly until: Month
}

/** Everything that users do about one case, in order of date. */
export function caseActions(life: CaseLife, habit: DecisionHabit): readonly PlannedAction[] {
  const actions = [
    ...(life.opening === null ? entryActions(life, habit) : []),
    ...life.members.flatMap((member) => memberActions(life, member, habit)),
    ...incomeActions(life, habit),
    ...moveActions(life, habit),
    ...exitActions(life, habit),
  ]
  return actions.filter((action) => action.on.slice(0, 7) <= habit.until)
}

function monthOfDecision(effective: Month, habit: DecisionHabit): Month {
  return habit.decides === 'same-month' ? effective : previousMonth(effective)
}

export function dayIn(of: Month, day: number): PlainDate {
  return plainDate(`${of}-${String(day).padStart(2, '0')}`)
}

function decisionDay(effective: Month, habit: DecisionHabit): PlainDate {
  const day = habit.random.between(habit.days.from, habit.days.to)
  return dayIn(monthOfDecision(effective, habit), day)
}

function entryActions(life: CaseLife, habit: DecisionHabit): readonly PlannedAction[] {
  const { caseKey } = life.file
  const decided = monthOfDecision(life.firstMonth, habit)
  const opened = dayIn(decided, habit.random.between(1, 3))
  const steps = habit.steps.map(([step, day]) => ({
    do: 'record-step' as const,
    on: dayIn(decided, day),
    caseKey,
    step,
  }))
  const approved = dayIn(decided, 19)
  const opening = { do: 'open-case', on: opened, ...life.file } as const
  if (life.continues) return [opening, ...steps, continuation(life, life.continues, approved)]

  const founding = life.members.filter((member) => member.from === life.firstMonth)
  return [
    opening,
    ...founding.map((member, at) => joinAction(life, member, { on: opened, head: at === 0 })),
    ...founding.flatMap(({ person }) => accountAction(person, opened)),
    ...firstIncome(life, dayIn(decided, 5)),
    ...steps,
    { do: 'approve-entry', on: approved, caseKey, reason: '符合条件，新增' },
  ]
}

function continuation(life: CaseLife, caseKey: string, on: PlainDate): PlannedAction {
  return {
    do: 'continue-case',
    on,
    caseKey,
    into: life.file.caseKey,
    lastMonth: previousMonth(life.firstMonth),
    reason: '转入其他保障，延续原待遇',
  }
}

function firstIncome(life: CaseLife, on: PlainDate): readonly PlannedAction[] {
  const [income] = life.incomes
  if (!income) return []
  const { from, fen: monthlyIncomeFen, basis } = income
  return [{ do: 'assess-income', on, caseKey: life.file.caseKey, from, monthlyIncomeFen, basis }]
}

function reviewKind(on: PlainDate, { censuses }: DecisionHabit): 'census' | 'scheduled' {
  return censuses.some((census) => on.startsWith(census)) ? 'census' : 'scheduled'
}

function accountAction(person: MemberLife['person'], on: PlainDate): readonly PlannedAction[] {
  if (!person.account) return []
  return [{ do: 'set-account', on, personKey: person.key, account: person.account }]
}

function joinAction(
  life: CaseLife,
  member: MemberLife,
  at: { readonly on: PlainDate; readonly head: boolean },
): PlannedAction {
  return {
    do: 'join-member',
    on: at.on,
    caseKey: life.file.caseKey,
    personKey: member.person.key,
    relation: member.relation,
    head: at.head,
    from: member.from,
    circumstances: member.circumstances,
  }
}

function memberActions(
  life: CaseLife,
  member: MemberLife,
  habit: DecisionHabit,
): readonly PlannedAction[] {
  const { caseKey } = life.file
  const actions: PlannedAction[] = []
  if (member.from > life.firstMonth) {
    const on = decisionDay(member.from, habit)
    actions.push(joinAction(life, member, { on, head: false }))
    actions.push(confirm(life, { on, from: member.from, cause: 'members', note: '家庭成员增加' }))
  }
  if (member.end && member.end.reason !== '死亡') {
    const from = nextMonth(member.end.lastMonth)
    const on = decisionDay(from, habit)
    const { lastMonth, reason } = member.end
    actions.push({
      do: 'leave-member',
      on,
      caseKey,
      personKey: member.person.key,
      lastMonth,
      reason,
    })
    actions.push(confirm(life, { on, from, cause: 'members', note: reason }))
  }
  return actions
}

function confirm(
  life: CaseLife,
  what: {
    readonly on: PlainDate
    readonly from: Month
    readonly cause: 'income' | 'members'
    readonly note: string
  },
): PlannedAction {
  return { do: 'confirm-reassessment', caseKey: life.file.caseKey, ...what }
}

function incomeActions(life: CaseLife, habit: DecisionHabit): readonly PlannedAction[] {
  const { caseKey } = life.file
  return life.incomes.slice(1).flatMap((income): readonly PlannedAction[] => {
    const on = income.decidedOn ?? decisionDay(income.from, habit)
    const { from, basis, fen } = income
    return [
      {
        do: 'record-review',
        on,
        caseKey,
        level: 'town',
        kind: reviewKind(on, habit),
        result: 'adjust',
        note: basis,
      },
      { do: 'assess-income', on, caseKey, from, monthlyIncomeFen: fen, basis },
      confirm(life, { on, from, cause: 'income', note: basis }),
    ]
  })
}

function moveActions(life: CaseLife, habit: DecisionHabit): readonly PlannedAction[] {
  return life.moves.map(({ from, division }) => ({
    do: 'move-case',
    on: decisionDay(from, habit),
    caseKey: life.file.caseKey,
    from,
    division,
    urbanRural: life.file.urbanRural,
    reason: '迁居',
  }))
}

function exitActions(life: CaseLife, habit: DecisionHabit): readonly PlannedAction[] {
  const { end } = life
  if (!end || end.byDeath || end.continued) return []
  const { caseKey } = life.file
  const { lastMonth, reason } = end
  const on = decisionDay(nextMonth(lastMonth), habit)
  const kind = reviewKind(on, habit)
  const review = { on, caseKey, level: 'town', kind, result: 'stop' } as const
  return [
    { do: 'record-review', ...review, note: reason },
    { do: 'approve-exit', on, caseKey, lastMonth, reason },
  ]
}
