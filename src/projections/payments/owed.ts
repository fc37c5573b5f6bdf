import type { LineItem, RunKind } from '../../domain/payment-run/events.js'
import type { SupplementGrant } from '../../domain/payment-run/persons-of-line.js'
import type { Rule } from '../../domain/policy/events.js'
import type { Policy } from '../../domain/policy/policy.js'
import { programmeHoldsIn } from '../../domain/policy/policy.js'
import type { RecoveryMonth } from '../../domain/recovery/months.js'
import {
  addMonths,
  type Month,
  monthFromIndex,
  monthIndex,
  monthOf,
  type PlainDate,
} from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { BenefitClass, ComponentName, UrbanRural } from '../../domain/values/document.js'
import {
  type CaseId,
  type Ordinal,
  PersonId,
  type ProgrammeCode,
} from '../../domain/values/identifiers.js'
import type { Fen } from '../../domain/values/money.js'
import type { CaseKey } from '../cases/roll.js'
import { conditionsOf, knownAt, Parameters, scopeOf } from '../question.js'
import type { ReadModel, ReadSession } from '../read-model.js'
import { reviewMonthsOf, ruleIn } from '../reviews/cadence.js'
import { casesOfOtherRuns } from './other-runs.js'
import { owedStatement } from './owed-statement.js'
import { type Payee, type PayeeAccount, payeesIn } from './payees.js'

export interface OwedAsked {
  readonly programmes: readonly ProgrammeCode[]
  /** The subtree; a case belongs to it by its place in `throughMonth`. */
  readonly division: DivisionCode
  readonly throughMonth: Month
  readonly kind: RunKind
  readonly ordinal: Ordinal
  /** When the run that asks was admitted: what other counties had admitted by then is heeded. */
  readonly admitted: Ordinal
  readonly after: CaseKey | null
  readonly limit: number
}

/** One case with what it is owed and what runs have committed to it, of all components. */
export interface OwedCase extends CaseKey {
  readonly programme: ProgrammeCode
  readonly urbanRural: UrbanRural
  /** Of the head in `throughMonth`; of a household in which nobody is left, of its last head. */
  readonly payee: PayeeAccount | null
  /**
   * Covered persons in `throughMonth`, or in the last month on the roll before it; of a case that
   * is on no roll, in the month of its last grant.
   */
  readonly covered: readonly PersonId[]
  readonly owed: readonly LineItem[]
  /** The supplements in what is owed, of one month and component the newest first. */
  readonly grants: readonly SupplementGrant[]
  readonly committed: readonly LineItem[]
  /** How each month stands in the recoveries of the case. */
  readonly recovery: readonly RecoveryMonth[]
  /** Reasons for which nothing may be paid in `throughMonth`. */
  readonly holds: readonly string[]
  readonly lifeVerificationOverdue: boolean
  readonly reviewOverdue: boolean
}

/**
 * Up to `limit` cases after `after`, ordered by division and case, with or without anything owed;
 * empty at the end. Months that are settled for every component are left out. All as known at
 * `ordinal`. Errors: 'ordinal-not-reached', 'division-unknown'.
 */
export async function owedAndCommitted(
  model: ReadModel,
  asked: OwedAsked,
): Promise<readonly OwedCase[]> {
  return model.read(async (session) => {
    const rows = await owedRows(session, asked)
    const { ordinal, throughMonth: month } = asked
    const persons = rows.flatMap((row) => row.head ?? [])
    const payees = await payeesIn(session, { persons, ordinal, month })
    const policy = await session.policyAt(ordinal)
    const cases = rows.map((row) => row.case_id)
    const inOtherRuns = await casesOfOtherRuns(session, { ...asked, cases })
    return rows.map((row) => owedCase(row, { asked, policy, payees, inOtherRuns }))
  })
}

type StoredItem = readonly [month: number, component: ComponentName, amountFen: Fen]
type StoredGrant = readonly [amountFen: Fen, grantedTo: string]
type StoredOwed = readonly [...StoredItem, grants: readonly StoredGrant[] | null]
type StoredRecovery = readonly [month: number, repaid: Fen, writtenOff: Fen, outstanding: Fen]

interface OwedRow {
  readonly case_id: CaseId
  readonly division: DivisionCode
  readonly programme: ProgrammeCode
  readonly urban_rural: UrbanRural
  readonly benefit_class: BenefitClass
  readonly owed: readonly StoredOwed[]
  readonly committed: readonly StoredItem[]
  readonly recovery: readonly StoredRecovery[]
  readonly head: PersonId | null
  readonly covered: readonly PersonId[]
  readonly holds: readonly string[]
  readonly import_unfinished: boolean
  readonly reviewed_on: PlainDate | null
  readonly first_month: number | null
}

async function owedRows(session: ReadSession, asked: OwedAsked): Promise<readonly OwedRow[]> {
  const question = {
    division: asked.division,
    month: asked.throughMonth,
    programmes: asked.programmes,
    knownAt: asked.ordinal,
  }
  const parameters = new Parameters()
  const ordinal = parameters.add(knownAt(session, question))
  const conditions = [conditionsOf(question, await scopeOf(session, question), parameters)]
  if (asked.after) {
    const division = parameters.add(asked.after.division)
    conditions.push(`(division, case_id) > (${division}, ${parameters.add(asked.after.caseId)})`)
  }
  const statement = owedStatement({
    ordinal,
    month: parameters.add(monthIndex(asked.throughMonth)),
    limit: parameters.add(asked.limit),
    where: conditions.join(' AND '),
  })
  return session.rows<OwedRow>(statement, parameters.values)
}

interface Context {
  readonly asked: OwedAsked
  readonly policy: Policy
  readonly payees: ReadonlyMap<PersonId, Payee>
  readonly inOtherRuns: ReadonlySet<CaseId>
}

function owedCase(row: OwedRow, context: Context): OwedCase {
  return {
    caseId: row.case_id,
    division: row.division,
    programme: row.programme,
    urbanRural: row.urban_rural,
    payee: payeeOf(row, context),
    covered: row.covered,
    owed: row.owed.map(lineItem),
    grants: row.owed.flatMap(grantsIn),
    committed: row.committed.map(lineItem),
    recovery: row.recovery.map(recoveryMonth),
    holds: holdsOn(row, context),
    lifeVerificationOverdue: isLifeVerificationOverdue(row, context),
    reviewOverdue: isReviewOverdue(row, context),
  }
}

function payeeOf({ head }: OwedRow, { payees }: Context): PayeeAccount | null {
  const paid = head === null ? undefined : payees.get(head)
  return paid ? { payee: paid.payee, accountVersion: paid.accountVersion } : null
}

function lineItem([month, component, amountFen]: StoredItem | StoredOwed): LineItem {
  return { monthFor: monthFromIndex(month), component, amountFen }
}

function grantsIn([month, component, , grants]: StoredOwed): readonly SupplementGrant[] {
  return (grants ?? []).map(([amountFen, grantedTo]) => ({
    monthFor: monthFromIndex(month),
    component,
    amountFen,
    persons: grantedTo === '' ? [] : grantedTo.split(',').map((person) => PersonId.parse(person)),
  }))
}

function recoveryMonth([month, repaid, writtenOff, outstanding]: StoredRecovery): RecoveryMonth {
  return {
    monthFor: monthFromIndex(month),
    repaidFen: repaid,
    writtenOffFen: writtenOff,
    outstandingFen: outstanding,
  }
}

function holdsOn(row: OwedRow, { asked, inOtherRuns, payees, policy }: Context): readonly string[] {
  const { programme, division } = row
  const isKnown = policy.programmes.some((known) => known.programme === programme)
  const onProgramme = isKnown
    ? programmeHoldsIn(policy, { programme, division, month: asked.throughMonth })
    : []
  const onPayee = row.head === null ? [] : (payees.get(row.head)?.holds ?? [])
  return [
    ...(row.import_unfinished ? ['import-unfinished'] : []),
    ...(inOtherRuns.has(row.case_id) ? ['other-county-run-open'] : []),
    ...row.holds,
    ...onPayee,
    ...onProgramme.map((hold) => hold.reason),
  ]
}

function isReviewOverdue(row: OwedRow, { asked, policy }: Context): boolean {
  const rule = ruleOf(row, { asked, policy })
  const every = reviewMonthsOf(rule, row.benefit_class)
  if (!rule?.holdWhenReviewOverdue || every === 0 || row.first_month === null) return false
  const since = row.reviewed_on ? monthOf(row.reviewed_on) : monthFromIndex(row.first_month)
  return addMonths(since, every) < asked.throughMonth
}

function isLifeVerificationOverdue(row: OwedRow, { asked, payees, policy }: Context): boolean {
  const months = ruleOf(row, { asked, policy })?.lifeVerificationMonths ?? 0
  if (months === 0 || row.head === null || row.first_month === null) return false
  const verified = payees.get(row.head)?.lifeVerifiedThrough
  const lastPaid = verified ?? addMonths(monthFromIndex(row.first_month), months - 1)
  return lastPaid < asked.throughMonth
}

function ruleOf(
  { benefit_class: benefitClass, division, programme }: OwedRow,
  { asked, policy }: Pick<Context, 'asked' | 'policy'>,
): Rule | undefined {
  return ruleIn(policy, { programme, division, benefitClass }, asked.throughMonth)
}
