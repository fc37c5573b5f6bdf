import type { Case } from '../../domain/case/facts.js'
import type { CaseId, Ordinal } from '../../domain/values/identifiers.js'
import { knownAt, knownRow } from '../question.js'
import type { AsOf, ReadModel, ReadSession } from '../read-model.js'
import { rowsets } from './rowsets.js'

/** The rows of one case by table; columns as in the table, months as indices. */
export type CaseRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

export interface OneCase {
  readonly caseId: CaseId
  /** Of the newest event, whatever `knownAt` says. */
  readonly version: number
  readonly programme: string | null
  /** The facts as they are now. */
  readonly state: Case
  /** Rolls, members, money owed, movements, holds and reviews as known at the ordinal asked. */
  readonly known: CaseRows
  readonly payments: readonly CasePayment[]
  readonly recoveries: readonly CaseRecovery[]
  readonly asOf: AsOf
}

export interface CasePayment {
  readonly runId: string
  readonly line: number
  readonly component: string
  /** Month index. */
  readonly monthFor: number
  readonly amountFen: number
  readonly heldFor: string | null
  readonly returnedFen: number
  readonly status: RunStatus
}

export type RunStatus =
  | 'opened'
  | 'prepared'
  | 'submitted'
  | 'approved'
  | 'rejected'
  | 'released'
  | 'closed'

export interface CaseRecovery {
  readonly kind: 'found' | 'withdrawn' | 'repaid' | 'offset' | 'kept-back' | 'written-off'
  /** Month index. */
  readonly monthFor: number
  readonly amountFen: number
}

/** One case whole; undefined when there is no such case. Its events stand in `case-<caseId>`. */
export async function oneCase(
  model: ReadModel,
  asked: { readonly caseId: CaseId; readonly knownAt?: Ordinal | undefined },
): Promise<OneCase | undefined> {
  return model.read(async (session) => {
    const ordinal = knownAt(session, asked)
    const [found] = await session.rows<Pick<OneCase, 'version' | 'programme' | 'state'>>(
      'SELECT version, programme, state FROM case_state WHERE case_id = $1',
      [asked.caseId],
    )
    if (!found) return undefined
    return {
      caseId: asked.caseId,
      ...found,
      known: await knownRows(session, asked.caseId, ordinal),
      payments: await session.rows<CasePayment>(selectPayments, [asked.caseId, ordinal]),
      recoveries: await session.rows<CaseRecovery>(selectRecoveries, [asked.caseId, ordinal]),
      asOf: session.asOf,
    }
  })
}

async function knownRows(
  session: ReadSession,
  caseId: CaseId,
  ordinal: Ordinal,
): Promise<CaseRows> {
  const tables = rowsets.map(
    ({ table: { name } }) => `
    SELECT '${name}' AS name, row_no, to_jsonb(${name}.*) AS row FROM ${name}
    WHERE case_id = $1 AND ${knownRow('$2')}`,
  )
  const rows = await session.rows<{ name: string; row: Readonly<Record<string, unknown>> }>(
    `${tables.join(' UNION ALL ')} ORDER BY name, row_no`,
    [caseId, ordinal],
  )
  return Object.fromEntries(
    rowsets.map(({ table: { name } }) => [
      name,
      rows.filter((row) => row.name === name).map(({ row }) => row),
    ]),
  )
}

/** The status of the run `r` as known at an ordinal. */
export function runStatusAt(ordinal: string): string {
  return `
    CASE
      WHEN r.rejected_ordinal <= ${ordinal} THEN 'rejected'
      WHEN r.closed_ordinal <= ${ordinal} THEN 'closed'
      WHEN r.released_ordinal <= ${ordinal} THEN 'released'
      WHEN r.approved_ordinal <= ${ordinal} THEN 'approved'
      WHEN r.submitted_ordinal <= ${ordinal} THEN 'submitted'
      WHEN r.prepared_ordinal <= ${ordinal} THEN 'prepared'
      ELSE 'opened'
    END`
}

const selectPayments = `
  SELECT i.run_id AS "runId", i.line, i.component, i.month_for AS "monthFor",
    i.amount_fen AS "amountFen", l.held_for AS "heldFor",
    (SELECT COALESCE(SUM(b.amount_fen), 0)::bigint FROM payment_return AS b
      WHERE b.run_id = i.run_id AND b.line = i.line AND b.item = i.item
        AND b.ordinal <= $2) AS "returnedFen",
    ${runStatusAt('$2')} AS status
  FROM payment_item AS i
  JOIN payment_line AS l ON l.run_id = i.run_id AND l.line = i.line
  JOIN payment_run AS r ON r.run_id = i.run_id
  WHERE i.case_id = $1 AND i.ordinal <= $2
  ORDER BY i.ordinal, i.line, i.item`

const selectRecoveries = `
  SELECT kind, month_for AS "monthFor", amount_fen AS "amountFen" FROM recovery_entry
  WHERE case_id = $1 AND ordinal <= $2
  ORDER BY ordinal, entry`
