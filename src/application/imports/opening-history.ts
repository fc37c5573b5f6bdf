import { coveredIn, type Member } from '../../domain/case/case.js'
import type { CaseCommandOf } from '../../domain/case/commands.js'
import type { Case } from '../../domain/case/facts.js'
import type { BenefitComponent } from '../../domain/case/workings.js'
import { DomainError } from '../../domain/errors.js'
import { type Policy, programmeOf, ruleOn } from '../../domain/policy/policy.js'
import { type Month, nextMonth } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import { ComponentName } from '../../domain/values/document.js'
import type { ProgrammeCode } from '../../domain/values/identifiers.js'
import { AmountFen, type Fen } from '../../domain/values/money.js'
import type { TableRow } from './table-rows.js'
import type { CaseRow, HistoryRow } from './tables.js'

type History = CaseCommandOf<'RecordOpeningPosition'>['history']

interface Taking {
  readonly row: CaseRow
  readonly history: readonly TableRow<HistoryRow>[]
  /** Some of its members were refused: that nobody is covered is no further fault then. */
  readonly membersRefused: boolean
  /** The case with its members. */
  readonly state: Case
  readonly policy: Policy
  readonly programme: ProgrammeCode
  readonly division: DivisionCode
}

interface Through {
  readonly entryMonth: Month
  readonly settledThrough: Month
}

/**
 * The opening position that a row and its history rows report, whatever the order of the rows; the
 * row's own amounts are for the months that the history leaves. Undefined for a household that was
 * not on the roll yet. Refuses `cell-empty` and the rules that are missing.
 */
export function openingPositionOf(
  taking: Taking,
): Omit<CaseCommandOf<'RecordOpeningPosition'>, 'type' | 'by'> | undefined {
  const { entry_month: entryMonth, settled_through: settledThrough, source } = taking.row
  if (!entryMonth) return undefined
  if (!settledThrough) throw new DomainError('cell-empty', { column: '结清月' })
  if (!source) throw new DomainError('cell-empty', { column: '来源' })
  if (entryMonth > settledThrough)
    throw new DomainError('opening-entry-after-settlement', { entryMonth, settledThrough })
  const nobodyCovered = coveredIn(taking.state, settledThrough).length === 0
  if (nobodyCovered && taking.membersRefused) return undefined
  if (nobodyCovered) throw new DomainError('household-without-members', { month: settledThrough })
  const through = { entryMonth, settledThrough }
  const earlier = historyPeriods(taking, through)
  return { ...through, source, history: [...earlier, ...ownPeriod(taking, through, earlier)] }
}

function historyPeriods(taking: Taking, { entryMonth, settledThrough }: Through): History {
  const periods = new Map<string, History[number]>()
  const rows = [...taking.history].sort((left, right) =>
    orderOf(left.row) < orderOf(right.row) ? -1 : 1,
  )
  for (const { row } of rows) {
    const { from, to } = row
    if (from > to || from < entryMonth || to > settledThrough)
      throw new DomainError('history-contradictory', { from, to })
    const period = periods.get(`${from}/${to}`) ?? { from, to, components: [] }
    const parts = partsOf(taking, row.amount, row.component)
    periods.set(`${from}/${to}`, { from, to, components: [...period.components, ...parts] })
  }
  const ordered = [...periods.values()]
  for (const [at, { from }] of ordered.entries()) {
    const before = ordered[at - 1]
    // A gap would be filled with the amount before it.
    if (before && from !== nextMonth(before.to))
      throw new DomainError('history-contradictory', { from, to: before.to })
  }
  return ordered
}

function orderOf(row: HistoryRow): string {
  return `${row.from}/${row.to}/${row.component ?? ''}`
}

/** From the month after the history, or from the entry, to the cut-over. */
function ownPeriod(taking: Taking, through: Through, earlier: History): History {
  const { base_amount: base, classified_amount: classified } = taking.row
  const last = earlier.at(-1)
  const from = last ? nextMonth(last.to) : through.entryMonth
  if (from > through.settledThrough) return []
  const { kind } = programmeOf(taking.policy, taking.programme)
  if (base === undefined && kind !== 'roll-only')
    throw new DomainError('cell-empty', { column: '当前月补差' })
  const components = [
    ...(base === undefined ? [] : partsOf(taking, base, undefined)),
    ...(classified ? partsOf(taking, classified, ComponentName.parse('classified')) : []),
  ]
  return [{ from, to: through.settledThrough, components }]
}

/**
 * An amount as components: of each person where the programme pays by person and the amount goes
 * evenly over them, so that an assessment finds what it would have granted; else of the household.
 */
function partsOf(
  taking: Taking,
  amountFen: Fen,
  named: ComponentName | undefined,
): BenefitComponent[] {
  const component = named ?? componentOf(taking)
  const persons = payeesOf(taking, component)
  const each = amountFen / persons.length
  if (persons.length === 0 || !Number.isInteger(each))
    return [{ component, personId: null, amountFen: AmountFen.parse(amountFen) }]
  return persons.map(({ personId }) => ({ component, personId, amountFen: AmountFen.parse(each) }))
}

function payeesOf(taking: Taking, component: ComponentName): readonly Member[] {
  const covered = coveredIn(taking.state, taking.row.settled_through ?? monthOfRow(taking))
  if (component === 'classified')
    return covered.filter(({ circumstances }) => circumstances.classifications.length > 0)
  const { kind } = programmeOf(taking.policy, taking.programme)
  return kind === 'flat' || kind === 'age-band' ? covered : []
}

function componentOf(taking: Taking): ComponentName {
  const { policy, programme, division } = taking
  const { rule } = ruleOn(policy, { programme, division, month: monthOfRow(taking) })
  return rule.component
}

function monthOfRow({ row }: Taking): Month {
  const month = row.settled_through ?? row.entry_month
  if (!month) throw new DomainError('cell-empty', { column: '结清月' })
  return month
}
