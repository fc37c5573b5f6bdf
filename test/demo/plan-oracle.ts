import type { DistrictPlan, PlannedAction } from '../../scripts/demo/generator/plan.js'
import { readPolicyJson } from '../policy/policy-files.js'

/**
 * What a plan must lead to, by arithmetic that shares nothing with the ledger or the generator:
 * months are text, money is whole fen, policy is read as plain JSON.
 */

export interface OracleMember {
  readonly personKey: string
  readonly from: string
  readonly classifications: readonly string[]
  last: string
}

export interface OracleCase {
  readonly caseKey: string
  readonly programme: string
  readonly urbanRural: string
  readonly benefitClass: string
  readonly taken: boolean
  readonly members: OracleMember[]
  readonly incomes: { from: string; fen: number }[]
  continues: boolean
  /** Ended because another case goes on for it. */
  goesOn: boolean
  first: string
  last: string
}

const never = '9999-12'

export function addToMonth(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** The cases of a plan after all its actions, with what follows by itself from the deaths. */
export function livedThrough(plan: DistrictPlan): readonly OracleCase[] {
  const cases = new Map<string, OracleCase>()
  for (const row of plan.opening.cases) {
    cases.set(row.caseKey, {
      ...row,
      taken: true,
      continues: false,
      goesOn: false,
      first: row.entryMonth,
      last: never,
      incomes: [{ from: row.entryMonth, fen: row.monthlyIncomeFen }],
      members: plan.opening.members
        .filter((member) => member.caseKey === row.caseKey)
        .map((member) => ({
          personKey: member.personKey,
          from: member.from,
          classifications: member.circumstances.classifications,
          last: never,
        })),
    })
  }
  for (const { actions } of plan.months) {
    for (const action of actions) act(cases, plan, action)
  }
  return [...cases.values()].filter((one) => one.first !== never)
}

function caseOf(cases: Map<string, OracleCase>, caseKey: string): OracleCase {
  const found = cases.get(caseKey)
  if (!found) throw new Error(`no case ${caseKey}`)
  return found
}

function act(cases: Map<string, OracleCase>, plan: DistrictPlan, action: PlannedAction): void {
  switch (action.do) {
    case 'open-case':
      cases.set(action.caseKey, {
        ...action,
        taken: false,
        continues: false,
        goesOn: false,
        first: never,
        last: never,
        members: [],
        incomes: [],
      })
      return
    case 'join-member':
      caseOf(cases, action.caseKey).members.push({
        personKey: action.personKey,
        from: action.from,
        classifications: action.circumstances.classifications,
        last: never,
      })
      return
    case 'leave-member': {
      const member = caseOf(cases, action.caseKey).members.find(
        (one) => one.personKey === action.personKey && one.last === never,
      )
      if (!member) throw new Error(`nobody leaves ${action.caseKey}`)
      member.last = action.lastMonth
      return
    }
    case 'assess-income':
      caseOf(cases, action.caseKey).incomes.push({
        from: action.from,
        fen: action.monthlyIncomeFen,
      })
      return
    case 'approve-entry': {
      const entered = caseOf(cases, action.caseKey)
      entered.first = addToMonth(action.on.slice(0, 7), plan.key === 'P2' ? 0 : 1)
      return
    }
    case 'continue-case': {
      const old = caseOf(cases, action.caseKey)
      const into = caseOf(cases, action.into)
      old.last = action.lastMonth
      old.goesOn = true
      into.first = addToMonth(action.lastMonth, 1)
      into.continues = true
      into.incomes.push({ from: into.first, fen: incomeOf(old, old.last) })
      const stay = { from: into.first, last: never }
      into.members.push(...coveredBy(old, old.last).map((member) => ({ ...member, ...stay })))
      return
    }
    case 'approve-exit':
      caseOf(cases, action.caseKey).last = action.lastMonth
      return
    case 'import-deaths':
      for (const row of action.rows) bury(cases, plan, row)
      return
    default:
  }
}

function bury(
  cases: Map<string, OracleCase>,
  plan: DistrictPlan,
  row: { readonly identityNumber: string; readonly diedOn: string },
): void {
  const person = plan.persons.find((one) => one.identityNumber === row.identityNumber)
  if (!person) return
  for (const one of cases.values()) {
    const member = one.members.find((each) => each.personKey === person.key)
    if (!member) continue
    const lawful = one.programme === 'key-veterans' ? 6 : 0
    const last = addToMonth(row.diedOn.slice(0, 7), lawful)
    if (one.members.filter((each) => each.last === never).length === 1) one.last = last
    else member.last = last
  }
}

export function onRoll(one: OracleCase, month: string): boolean {
  return one.first <= month && month <= one.last
}

export function coveredBy(one: OracleCase, month: string): readonly OracleMember[] {
  if (!onRoll(one, month)) return []
  return one.members.filter((member) => member.from <= month && month <= member.last)
}

export interface Headcount {
  readonly households: number
  readonly persons: number
}

export function rollIn(cases: readonly OracleCase[], month: string): Headcount {
  const on = cases.filter((one) => onRoll(one, month))
  const persons = on.reduce((sum, one) => sum + coveredBy(one, month).length, 0)
  return { households: on.length, persons }
}

/** Who is on the roll in one month of two, by case and person, without continuations. */
export function entriesInto(cases: readonly OracleCase[], month: string): Headcount {
  return difference(cases, {
    on: month,
    off: addToMonth(month, -1),
    ignores: (one) => one.continues,
  })
}

export function exitsFrom(cases: readonly OracleCase[], month: string): Headcount {
  const before = addToMonth(month, -1)
  return difference(cases, { on: before, off: month, ignores: (one) => one.goesOn })
}

function difference(
  cases: readonly OracleCase[],
  of: {
    readonly on: string
    readonly off: string
    readonly ignores: (one: OracleCase) => boolean
  },
): Headcount {
  let [households, persons] = [0, 0]
  for (const one of cases) {
    if (of.ignores(one) && onRoll(one, of.on) && !onRoll(one, of.off)) continue
    if (onRoll(one, of.on) && !onRoll(one, of.off)) households += 1
    const there = new Set(coveredBy(one, of.off).map((member) => member.personKey))
    persons += coveredBy(one, of.on).filter((member) => !there.has(member.personKey)).length
  }
  return { households, persons }
}

interface PolicyItem {
  readonly from: string
  readonly programme: string
  readonly benefitClass?: string
  readonly amountFen?: number
  readonly rule?: {
    readonly rounding: string
    readonly classified: readonly {
      readonly classification: string
      readonly amountFen: number | null
      readonly shareOfStandard: { readonly numerator: number; readonly denominator: number } | null
    }[]
  }
}

function isPolicyFile(value: unknown): value is { readonly items: readonly PolicyItem[] } {
  return typeof value === 'object' && value !== null && 'items' in value
}

export function policyItems(paths: readonly string[]): readonly PolicyItem[] {
  return paths.flatMap((path) => {
    const file = readPolicyJson(path)
    if (!isPolicyFile(file)) throw new Error(`no policy in ${path}`)
    return file.items
  })
}

/** A month's 低保 of one case: standard × covered − income, rounded, then once a person more. */
export function dibaoFenIn(one: OracleCase, month: string, items: readonly PolicyItem[]): number {
  const covered = coveredBy(one, month)
  const own = items.filter((item) => item.programme === one.programme && item.from <= month)
  const standard = own.findLast((item) => item.amountFen !== undefined)?.amountFen
  const rule = own.findLast((item) => item.rule !== undefined)?.rule
  if (standard === undefined || !rule) throw new Error(`no policy for ${one.programme}`)
  const base = rounded(standard * covered.length - incomeOf(one, month), rule.rounding)
  if (covered.length === 0 || base <= 0) return 0
  const extras = covered.map(({ classifications }) =>
    Math.max(
      0,
      ...rule.classified
        .filter(({ classification }) => classifications.includes(classification))
        .map(({ amountFen, shareOfStandard: share }) =>
          share ? (standard * share.numerator) / share.denominator : (amountFen ?? 0),
        ),
    ),
  )
  return base + extras.reduce((sum, extra) => sum + extra, 0)
}

/** What was assessed last for the latest month that has begun. */
function incomeOf(one: OracleCase, month: string): number {
  let found = { from: '', fen: 0 }
  for (const income of one.incomes) {
    if (income.from <= month && income.from >= found.from) found = income
  }
  return found.fen
}

function rounded(amountFen: number, rounding: string): number {
  if (rounding === 'up-to-yuan') return Math.ceil(amountFen / 100) * 100
  if (rounding === 'half-up-to-yuan') return Math.floor((amountFen + 50) / 100) * 100
  return amountFen
}
