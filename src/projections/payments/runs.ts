import type { RunParameters } from '../../domain/payment-run/events.js'
import type { Month } from '../../domain/values/calendar.js'
import { monthIndex } from '../../domain/values/calendar.js'
import type { Ordinal, RunId } from '../../domain/values/identifiers.js'
import { type Fen, zeroFen } from '../../domain/values/money.js'
import { type RunStatus, runStatusAt } from '../cases/one-case.js'
import { type Asked, conditionsOf, knownAt, Parameters, scopeOf } from '../question.js'
import type { AsOf, ReadModel } from '../read-model.js'

/** A run with what was decided about it; the parts are the data of its events, null until then. */
export interface RunRow {
  readonly runId: RunId
  readonly kind: string
  readonly programmes: readonly string[]
  readonly division: string
  /** Month index. */
  readonly period: number
  readonly number: number
  readonly frozenOrdinal: number
  readonly openedBy: string
  readonly openedOrdinal: number
  readonly status: RunStatus
  readonly prepared: unknown
  readonly submitted: unknown
  readonly approved: unknown
  readonly rejected: unknown
  readonly released: unknown
  readonly closed: unknown
  readonly creditedFen: number
  readonly returnedFen: number
}

const decisions = ['prepared', 'submitted', 'approved', 'rejected', 'released', 'closed'] as const

/** Columns of a run `r` as known at an ordinal. */
function runColumns(ordinal: string): string {
  const decided = decisions.map(
    (name) => `CASE WHEN r.${name}_ordinal <= ${ordinal} THEN r.${name} END AS ${name}`,
  )
  return `
    r.run_id AS "runId", r.kind, r.programmes, r.division, r.period, r.number,
    r.frozen_ordinal AS "frozenOrdinal", r.opened_by AS "openedBy",
    r.opened_ordinal AS "openedOrdinal", ${runStatusAt(ordinal)} AS status,
    ${decided.join(', ')},
    (SELECT COALESCE(SUM(a.credited_fen), 0)::bigint FROM (
        SELECT DISTINCT ON (line) credited_fen, outcome FROM payment_answer
        WHERE run_id = r.run_id AND ordinal <= ${ordinal}
          AND outcome NOT IN ('duplicate', 'contradiction')
        ORDER BY line, ordinal DESC, answer_no DESC) AS a
      WHERE a.outcome <> 'returned') AS "creditedFen",
    (SELECT COALESCE(SUM(b.amount_fen), 0)::bigint FROM payment_return AS b
      WHERE b.run_id = r.run_id AND b.ordinal <= ${ordinal}) AS "returnedFen"`
}

export interface RunsAsked extends Omit<Asked, 'month' | 'urbanRural' | 'benefitClass'> {
  /** The period of the runs. */
  readonly month: Month
}

/** The runs of a period whose division lies in the subtree, in the order of opening. */
export async function paymentRuns(
  model: ReadModel,
  asked: RunsAsked,
): Promise<{ readonly rows: readonly RunRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, asked))
    const scope = await scopeOf(session, asked)
    const conditions = [
      conditionsOf({ knownAt: asked.knownAt }, scope, parameters),
      `period = ${parameters.add(monthIndex(asked.month))}`,
      `opened_ordinal <= ${ordinal}`,
    ]
    if (asked.programmes) conditions.push(`programmes ?| ${parameters.add(asked.programmes)}`)
    const statement = `
      SELECT ${runColumns(ordinal)} FROM payment_run AS r
      WHERE ${conditions.join(' AND ')} ORDER BY opened_ordinal`
    const rows = await session.rows<RunRow>(statement, parameters.values)
    return { rows, asOf: session.asOf }
  })
}

/** One run; undefined when there is none known at the ordinal. */
export async function paymentRun(
  model: ReadModel,
  asked: { readonly runId: RunId; readonly knownAt?: Ordinal | undefined },
): Promise<(RunRow & { readonly asOf: AsOf }) | undefined> {
  return model.read(async (session) => {
    const [row] = await session.rows<RunRow>(
      `SELECT ${runColumns('$2')} FROM payment_run AS r
      WHERE r.run_id = $1 AND r.opened_ordinal <= $2`,
      [asked.runId, knownAt(session, asked)],
    )
    return row && { ...row, asOf: session.asOf }
  })
}

export interface RunPlace extends Pick<RunParameters, 'kind' | 'programmes'> {
  readonly division: string
  /** Month index. */
  readonly period: number
  readonly frozenOrdinal: Ordinal
}

const selectPlace = `
  SELECT kind, programmes, division, period, frozen_ordinal AS "frozenOrdinal"
  FROM payment_run
  WHERE run_id = $1`

/** What a run pays, where and when, which stands from its opening; undefined when there is none. */
export async function runPlace(
  model: ReadModel,
  { runId }: { readonly runId: RunId },
): Promise<RunPlace | undefined> {
  const [place] = await model.read((session) => session.rows<RunPlace>(selectPlace, [runId]))
  return place
}

/** A line as frozen, with the bank's last word on it. */
export interface RunLineRow {
  readonly line: number
  readonly caseId: string
  readonly programme: string
  readonly division: string
  readonly urbanRural: string
  /** As known when the run was frozen. */
  readonly benefitClass: string | null
  readonly payee: string | null
  readonly accountVersion: number | null
  readonly persons: number
  readonly amountFen: number
  readonly heldFor: string | null
  /** Month indices, components and amounts. */
  readonly items: readonly (readonly [monthFor: number, component: string, amountFen: number])[]
  readonly outcome: string | null
  readonly creditedFen: number | null
  readonly reason: string | null
  /** Files of the bank said two things that can't both be. */
  readonly contradicted: boolean
}

export interface RunLinesAsked {
  readonly runId: RunId
  readonly held?: boolean | undefined
  /** Lines with this last word of the bank; `none` for those without an answer. */
  readonly outcome?: 'credited' | 'returned' | 'partial' | 'none' | undefined
  readonly contradicted?: boolean | undefined
  readonly afterLine?: number | undefined
  readonly limit: number
}

/** Of a line `l`: a word that less arrived, or that more did after the bank had answered. */
const isContradicted = `
  EXISTS (SELECT FROM payment_answer AS c
    WHERE c.run_id = l.run_id AND c.line = l.line
      AND (c.outcome = 'contradiction' OR c.outcome IN ('credited', 'partial') AND EXISTS (
        SELECT FROM payment_answer AS e
        WHERE e.run_id = c.run_id AND e.line = c.line
          AND (e.ordinal, e.answer_no) < (c.ordinal, c.answer_no)
          AND e.outcome NOT IN ('duplicate', 'contradiction'))))`

/** A page of the lines of a run, in their order. */
export async function runLines(
  model: ReadModel,
  asked: RunLinesAsked,
): Promise<{ readonly rows: readonly RunLineRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const conditions = [
      `l.run_id = ${parameters.add(asked.runId)}`,
      `l.line > ${parameters.add(asked.afterLine ?? -1)}`,
    ]
    if (asked.held !== undefined)
      conditions.push(`l.held_for IS ${asked.held ? 'NOT NULL' : 'NULL'}`)
    if (asked.outcome) {
      const outcome = parameters.add(asked.outcome)
      conditions.push(`COALESCE(a.outcome, 'none') = ${outcome}`)
    }
    if (asked.contradicted !== undefined)
      conditions.push(`${isContradicted} = ${parameters.add(asked.contradicted)}`)
    const statement = `
      SELECT l.line, l.case_id AS "caseId", l.programme, l.division,
        l.urban_rural AS "urbanRural", l.payee, l.account_version AS "accountVersion", l.persons,
        l.amount_fen AS "amountFen", l.held_for AS "heldFor", a.outcome,
        a.credited_fen AS "creditedFen", a.reason, ${isContradicted} AS contradicted,
        (SELECT p.benefit_class FROM case_place AS p
          WHERE p.case_id = l.case_id AND p.from_month <= r.period AND p.to_month >= r.period
            AND p.known_from <= r.frozen_ordinal AND p.known_to > r.frozen_ordinal)
          AS "benefitClass",
        (SELECT jsonb_agg(jsonb_build_array(i.month_for, i.component, i.amount_fen)
            ORDER BY i.item)
          FROM payment_item AS i WHERE i.run_id = l.run_id AND i.line = l.line) AS items
      FROM payment_line AS l
      JOIN payment_run AS r USING (run_id)
      LEFT JOIN LATERAL (
        SELECT outcome, credited_fen, reason FROM payment_answer AS a
        WHERE a.run_id = l.run_id AND a.line = l.line
          AND a.outcome NOT IN ('duplicate', 'contradiction')
        ORDER BY a.ordinal DESC, a.answer_no DESC
        LIMIT 1) AS a ON true
      WHERE ${conditions.join(' AND ')}
      ORDER BY l.line
      LIMIT ${parameters.add(asked.limit)}`
    const rows = await session.rows<RunLineRow>(statement, parameters.values)
    return { rows, asOf: session.asOf }
  })
}

const selectPaid = `
  SELECT
    (SELECT COALESCE(SUM(p.amount_fen), 0)::bigint FROM payment_paid AS p
      JOIN payment_run AS r ON r.run_id = p.run_id AND r.released_ordinal = p.ordinal
      WHERE p.run_id = $1) AS "releasedFen",
    (SELECT COALESCE(SUM(b.amount_fen), 0)::bigint FROM payment_return AS b
      WHERE b.run_id = $1) AS "returnedFen"`

/** What the payment ledger says left with a run's release, and what of it came back, in fen. */
export async function paidByRun(
  model: ReadModel,
  asked: { readonly runId: RunId },
): Promise<{ readonly releasedFen: Fen; readonly returnedFen: Fen }> {
  const [paid] = await model.read((session) =>
    session.rows<{ releasedFen: Fen; returnedFen: Fen }>(selectPaid, [asked.runId]),
  )
  return paid ?? { releasedFen: zeroFen, returnedFen: zeroFen }
}
