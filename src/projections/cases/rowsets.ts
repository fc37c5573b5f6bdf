import { headIn, holdsOf, openingOf } from '../../domain/case/case.js'
import type { CaseEvent } from '../../domain/case/events.js'
import { type Case, factsOf } from '../../domain/case/facts.js'
import { type Movement, movementsOf } from '../../domain/entitlement/movements.js'
import {
  boundariesOf,
  cellIn,
  householdPeriodsOf,
  memberPeriodsOf,
  owedPeriodsOf,
  rollPeriodsOf,
} from '../../domain/entitlement/timeline.js'
import { endOfTime, month, monthIndex, previousMonth } from '../../domain/values/calendar.js'
import type { ColumnType, Table, TableRow } from '../tables.js'

/**
 * One kind of row that follows from a case's facts. When an event changes what follows, the rows
 * that vanish are known until its ordinal and the new ones from it on: no row is ever edited.
 */
export interface Rowset {
  readonly table: Table
  /** Event types after which the rows may be others; a retraction always may. */
  readonly causedBy: ReadonlySet<CaseEvent['type']>
  /** The rows without the columns that all rowsets share, in a fixed order. */
  readonly rowsOf: (state: Case) => readonly TableRow[]
}

/** What every rowset's table begins with; a row is known from its ordinal until another. */
export const sharedColumns = {
  case_id: 'text',
  row_no: 'integer',
  known_from: 'bigint',
  known_to: 'bigint',
} as const satisfies Readonly<Record<string, ColumnType>>

interface RowsetParts {
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly indexes?: readonly string[]
  readonly causedBy: readonly CaseEvent['type'][]
  readonly rowsOf: (state: Case) => readonly TableRow[]
}

function rowset(name: string, parts: RowsetParts): Rowset {
  return {
    table: {
      name,
      columns: { ...sharedColumns, ...parts.columns },
      key: ['case_id', 'row_no'],
      keyedLast: true,
      indexes: parts.indexes ?? [],
    },
    causedBy: new Set([...parts.causedBy, 'FactRetracted']),
    rowsOf: parts.rowsOf,
  }
}

const cellColumns = {
  programme: 'text',
  division: 'text',
  urban_rural: 'text',
  benefit_class: 'text',
} as const

const spanColumns = { from_month: 'integer', to_month: 'integer' } as const

/** Before every month of any ledger. */
const beginningOfTime = month('1900-01')

/** Totals as known at an ordinal read the newest rows by when they became known or unknown. */
const byOrdinal = ['(known_from)', '(known_to)'] as const

interface CellAndSpan {
  readonly programme: string
  readonly division: string
  readonly urbanRural: string
  readonly benefitClass: string
}

function cellOf(of: CellAndSpan): TableRow {
  return [of.programme, of.division, of.urbanRural, of.benefitClass]
}

const rollEvents = [
  'EntryApproved',
  'OpeningPositionRecorded',
  'ExitApproved',
  'CaseMoved',
  'CaseReclassified',
  'GracePeriodStarted',
] as const
const memberEvents = [
  'MemberJoined',
  'MemberLeft',
  'HeadChanged',
  'MemberCircumstancesRecorded',
] as const
const amountEvents = ['BenefitGranted', 'BenefitAdjusted'] as const

const rollCase = rowset('roll_case', {
  columns: { ...cellColumns, ...spanColumns, reported: 'boolean', grace: 'boolean' },
  indexes: [...byOrdinal, '(division, case_id)'],
  causedBy: rollEvents,
  rowsOf: (state) =>
    rollPeriodsOf(state).map((period) => [
      ...cellOf(period),
      monthIndex(period.from),
      monthIndex(period.to),
      period.reported,
      period.grace,
    ]),
})

const rollMember = rowset('roll_member', {
  columns: {
    ...cellColumns,
    ...spanColumns,
    person_id: 'text',
    head: 'boolean',
    reported: 'boolean',
  },
  indexes: [...byOrdinal, '(person_id)'],
  causedBy: [...rollEvents, ...memberEvents],
  rowsOf: (state) =>
    memberPeriodsOf(state).map((period) => [
      ...cellOf(period),
      monthIndex(period.from),
      monthIndex(period.to),
      period.personId,
      period.head,
      period.reported,
    ]),
})

const entitlement = rowset('entitlement', {
  columns: {
    ...cellColumns,
    ...spanColumns,
    component: 'text',
    person_id: 'text null',
    measure: 'text',
    monthly: 'boolean',
    amount_fen: 'bigint',
    reported: 'boolean',
    /** Ids with commas between, none for the household as one; null for monthly money. */
    granted_to: 'text null',
  },
  indexes: [...byOrdinal],
  causedBy: [...rollEvents, ...memberEvents, ...amountEvents, 'SupplementGranted'],
  rowsOf: (state) =>
    owedPeriodsOf(state).map((period) => [
      ...cellOf(period),
      monthIndex(period.from),
      monthIndex(period.to),
      period.component,
      period.personId,
      period.measure,
      period.monthly,
      period.amountFen,
      period.reported,
      period.grantedTo?.join(',') ?? null,
    ]),
})

const movement = rowset('movement', {
  columns: {
    ...cellColumns,
    month: 'integer',
    kind: 'text',
    households: 'integer',
    persons: 'integer',
    amount_fen: 'bigint',
    reason: 'text',
    person_id: 'text null',
    version: 'integer',
    /** The other side of a transfer: the case itself for a move, else the case continued. */
    counterpart: 'text null',
  },
  indexes: [...byOrdinal, '(month, division, case_id, row_no)'],
  causedBy: [...rollEvents, ...memberEvents, ...amountEvents],
  rowsOf: (state) =>
    movementsOf(state).map((moved) => [
      ...cellOf(moved),
      monthIndex(moved.month),
      moved.kind,
      moved.households,
      moved.persons,
      moved.amountFen,
      moved.reason,
      moved.personId,
      moved.version,
      counterpartOf(state, moved),
    ]),
})

function counterpartOf(state: Case, moved: Movement): string | null {
  if (moved.kind !== 'transfer-in' && moved.kind !== 'transfer-out') return null
  const cause = state.facts.find((fact) => fact.version === moved.version)
  if (cause?.type === 'EntryApproved') return cause.data.continues
  if (cause?.type === 'ExitApproved') return cause.data.continuedBy
  return openingOf(state)?.caseId ?? null
}

/** Where the case is counted in every month, on the roll or not. */
const casePlace = rowset('case_place', {
  columns: { ...cellColumns, ...spanColumns },
  indexes: ['(division, case_id)', '(programme, case_id)'],
  causedBy: ['CaseOpened', 'CaseMoved', 'CaseReclassified'],
  rowsOf: placeRowsOf,
})

function placeRowsOf(state: Case): readonly TableRow[] {
  if (!openingOf(state)) return []
  const changes = [...factsOf(state, 'CaseMoved'), ...factsOf(state, 'CaseReclassified')]
  const months = new Set([beginningOfTime, ...changes.map((fact) => fact.data.from)])
  const starts = [...months].sort()
  return starts.map((from, at) => {
    const next = starts[at + 1]
    const to = next ? previousMonth(next) : endOfTime
    return [...cellOf(cellIn(state, from)), monthIndex(from), monthIndex(to)]
  })
}

/** Who belongs to the household, on the roll or not; a row ends where they begin to be covered. */
const caseMember = rowset('case_member', {
  columns: { ...spanColumns, person_id: 'text', joined_version: 'integer', covered: 'boolean' },
  indexes: ['(person_id)'],
  causedBy: memberEvents,
  rowsOf: (state) =>
    householdPeriodsOf(state).map((period) => [
      monthIndex(period.from),
      monthIndex(period.to),
      period.personId,
      period.joinedVersion,
      period.covered,
    ]),
})

/** Who is the head, from a month until the next head. */
const caseHead = rowset('case_head', {
  columns: { ...spanColumns, person_id: 'text' },
  causedBy: ['MemberJoined', 'MemberLeft', 'HeadChanged'],
  rowsOf: headRowsOf,
})

function headRowsOf(state: Case): readonly TableRow[] {
  const months = boundariesOf(state)
  const heads = months.map((from) => ({ from, head: headIn(state, from) }))
  const changes = heads.filter(({ head }, at) => head !== heads[at - 1]?.head)
  return changes.flatMap(({ from, head }, at) => {
    const next = changes[at + 1]?.from
    const to = next ? previousMonth(next) : endOfTime
    return head === undefined ? [] : [[monthIndex(from), monthIndex(to), head]]
  })
}

const caseHold = rowset('case_hold', {
  columns: { ...spanColumns, hold_id: 'text', reason: 'text' },
  causedBy: ['HoldPlaced', 'HoldLifted'],
  rowsOf: (state) =>
    holdsOf(state).map((hold) => [
      monthIndex(hold.from),
      monthIndex(hold.to),
      hold.holdId,
      hold.reason,
    ]),
})

const caseReview = rowset('case_review', {
  columns: {
    reviewed_on: 'text',
    level: 'text',
    kind: 'text',
    result: 'text',
    note: 'text null',
    version: 'integer',
  },
  causedBy: ['ReviewRecorded'],
  rowsOf: (state) =>
    factsOf(state, 'ReviewRecorded').map(({ data, version }) => [
      data.on,
      data.level,
      data.kind,
      data.result,
      data.note,
      version,
    ]),
})

export const rowsets: readonly Rowset[] = [
  rollCase,
  rollMember,
  entitlement,
  movement,
  casePlace,
  caseMember,
  caseHead,
  caseHold,
  caseReview,
]
