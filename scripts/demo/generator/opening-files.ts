import {
  type Month,
  month,
  type PlainDate,
  previousMonth,
} from '../../../src/domain/values/calendar.js'
import { baseFenIn, type CaseLife, supplementsFenIn, type Terms } from './case-life.js'
import type {
  OpeningAccountRow,
  OpeningCaseRow,
  OpeningFiles,
  OpeningHistory,
  OpeningMemberRow,
  PlannedAction,
  PlannedPerson,
} from './plan.js'

/** What the former books paid a month; `component` as the programme's rule names it. */
export interface FormerBooks {
  readonly component: string
  readonly terms: Terms
}

const reportedFrom = month('2011-01')
const formerRaise = month('2011-07')

/** The three files of the cut-over: opening cases, their members, and accounts of persons. */
export function openingFiles(
  lives: readonly CaseLife[],
  options: { readonly cutOver: Month; readonly books: (life: CaseLife) => FormerBooks | null },
): OpeningFiles {
  const opening = lives.filter((life) => life.opening !== null)
  const settledThrough = previousMonth(options.cutOver)
  return {
    cases: opening.map((life) => caseRow(life, settledThrough, options.books)),
    members: opening.flatMap((life) => memberRows(life, settledThrough)),
    accounts: accountRows(opening, settledThrough),
  }
}

function caseRow(
  life: CaseLife,
  settledThrough: Month,
  books: (life: CaseLife) => FormerBooks | null,
): OpeningCaseRow {
  const former = books(life)
  return {
    ...life.file,
    entryMonth: life.firstMonth,
    settledThrough,
    monthlyIncomeFen: life.incomes[0]?.fen ?? 0,
    source: '原台账结转（虚构）',
    history: former ? historyOf(life, settledThrough, former) : [],
  }
}

function memberRows(life: CaseLife, settledThrough: Month): readonly OpeningMemberRow[] {
  return life.members
    .filter((member) => member.from <= settledThrough)
    .map((member, at) => ({
      caseKey: life.file.caseKey,
      personKey: member.person.key,
      relation: member.relation,
      head: at === 0,
      from: member.from,
      circumstances: member.circumstances,
    }))
}

/** A person on two rolls has one account. */
function accountRows(
  opening: readonly CaseLife[],
  settledThrough: Month,
): readonly OpeningAccountRow[] {
  const rows = new Map<string, OpeningAccountRow>()
  for (const { members } of opening) {
    for (const { person, from } of members) {
      if (!person.account || from > settledThrough) continue
      rows.set(person.key, { personKey: person.key, account: person.account })
    }
  }
  return [...rows.values()]
}

/** The accounts of people who are on a list and on no roll. */
export function accountsOf(people: readonly PlannedPerson[], on: PlainDate): PlannedAction {
  const rows = people.flatMap(({ key, account }) => (account ? [{ personKey: key, account }] : []))
  return { do: 'import-accounts', on, rows }
}

/** Reported amounts: under the standard before July 2011, and under the one since. */
function historyOf(
  life: CaseLife,
  settledThrough: Month,
  { component, terms }: FormerBooks,
): readonly OpeningHistory[] {
  const rows: OpeningHistory[] = []
  const before = previousMonth(formerRaise)
  if (life.firstMonth <= before) {
    const from = laterOf(life.firstMonth, reportedFrom)
    rows.push({ from, to: before, component, amountFen: formerBaseFen(life, terms) })
  }
  const from = laterOf(life.firstMonth, formerRaise)
  const shared = { from, to: settledThrough }
  rows.push({ ...shared, component, amountFen: baseFenIn(life, settledThrough, terms) })
  const supplements = supplementsFenIn(life, settledThrough, terms)
  if (supplements > 0) rows.push({ ...shared, component: 'classified', amountFen: supplements })
  return rows
}

/** What the former books paid before July 2011, with the income that they had then. */
export function formerBaseFen(life: CaseLife, terms: Terms): number {
  const persons = life.members.filter((member) => member.from < formerRaise).length
  const needFen = persons * terms.standardFenIn(previousMonth(formerRaise))
  return Math.max(0, terms.rounded(needFen - (life.opening?.formerIncome.fen ?? 0)))
}

function laterOf(left: Month, right: Month): Month {
  if (left > right) return left
  return right
}
