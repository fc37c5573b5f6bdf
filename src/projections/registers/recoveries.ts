import { monthIndex } from '../../domain/values/calendar.js'
import { type Asked, conditionsOf, knownAt, knownRow, Parameters, scopeOf } from '../question.js'
import type { AsOf, ReadModel } from '../read-model.js'

export interface RecoveryRow {
  readonly caseId: string
  readonly division: string
  readonly programme: string
  readonly foundFen: number
  readonly repaidFen: number
  readonly writtenOffFen: number
  readonly outstandingFen: number
}

export interface RecoveriesAsked extends Asked {
  /** `open`: something is outstanding. `settled`: all came back or was written off. */
  readonly standing: 'open' | 'settled' | 'all'
  readonly afterCaseId?: string | undefined
  readonly limit: number
}

const havingOf = {
  open: 'SUM(e.amount_fen) <> 0',
  settled: 'SUM(e.amount_fen) = 0',
  all: 'true',
} as const

/** Recoveries by case, with the place of the case in `month`. */
export async function recoveries(
  model: ReadModel,
  asked: RecoveriesAsked,
): Promise<{ readonly rows: readonly RecoveryRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, asked))
    const month = parameters.add(monthIndex(asked.month))
    const place = conditionsOf(asked, await scopeOf(session, asked), parameters)
    const statement = `
      SELECT e.case_id AS "caseId", p.division, p.programme,
        COALESCE(SUM(e.amount_fen) FILTER (
          WHERE e.kind IN ('found', 'withdrawn')), 0)::bigint AS "foundFen",
        COALESCE(-SUM(e.amount_fen) FILTER (
          WHERE e.kind IN ('repaid', 'offset')), 0)::bigint AS "repaidFen",
        COALESCE(-SUM(e.amount_fen) FILTER (
          WHERE e.kind = 'written-off'), 0)::bigint AS "writtenOffFen",
        SUM(e.amount_fen)::bigint AS "outstandingFen"
      FROM recovery_entry AS e
      JOIN case_place AS p ON p.case_id = e.case_id
        AND p.from_month <= ${month} AND p.to_month >= ${month} AND ${knownRow(ordinal)}
      WHERE ${place} AND e.kind <> 'kept-back' AND e.ordinal <= ${ordinal}
        AND e.case_id > ${parameters.add(asked.afterCaseId ?? '')}
      GROUP BY e.case_id, p.division, p.programme
      HAVING ${havingOf[asked.standing]}
      ORDER BY e.case_id
      LIMIT ${parameters.add(asked.limit)}`
    const rows = await session.rows<RecoveryRow>(statement, parameters.values)
    return { rows, asOf: session.asOf }
  })
}

/** What a month brought of a kind, in the place that the case had in that month. */
export interface RecoveredRow {
  readonly programme: string
  readonly division: string
  readonly urbanRural: string
  readonly kind: 'found' | 'withdrawn' | 'repaid' | 'offset' | 'written-off'
  readonly amountFen: number
  /** The month before, of whichever year. */
  readonly previousFen: number
  /** January to the month, both inside. */
  readonly cumulativeFen: number
}

/**
 * Money found as overpaid, back, and given up, by the month in which it was: of the receipt, of the
 * payment that was kept, of the decision. Paid totals don't have it: they are of what runs paid.
 */
export async function recoveredTotals(
  model: ReadModel,
  asked: Asked,
): Promise<{ readonly rows: readonly RecoveredRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, asked))
    const index = monthIndex(asked.month)
    const month = parameters.add(index)
    const january = parameters.add(index - (index % 12))
    const place = conditionsOf(asked, await scopeOf(session, asked), parameters)
    const statement = `
      WITH entry AS (
        SELECT e.case_id, e.kind, abs(e.amount_fen) AS amount_fen,
          substr(f.effective, 1, 4)::integer * 12 + substr(f.effective, 6, 2)::integer - 1
            AS month_in
        FROM recovery_entry AS e
        JOIN register_fact AS f USING (ordinal)
        WHERE e.kind <> 'kept-back' AND e.ordinal <= ${ordinal}
      )
      SELECT p.programme, p.division, p.urban_rural AS "urbanRural", e.kind,
        COALESCE(SUM(amount_fen) FILTER (WHERE month_in = ${month}), 0)::bigint AS "amountFen",
        COALESCE(SUM(amount_fen) FILTER (WHERE month_in = ${month} - 1), 0)::bigint
          AS "previousFen",
        COALESCE(SUM(amount_fen) FILTER (WHERE month_in >= ${january}), 0)::bigint
          AS "cumulativeFen"
      FROM entry AS e
      JOIN case_place AS p ON p.case_id = e.case_id
        AND p.from_month <= month_in AND p.to_month >= month_in AND ${knownRow(ordinal)}
      WHERE ${place} AND month_in <= ${month} AND month_in >= LEAST(${january}, ${month} - 1)
      GROUP BY p.programme, p.division, p.urban_rural, e.kind
      ORDER BY p.programme, p.division, p.urban_rural, e.kind`
    const rows = await session.rows<RecoveredRow>(statement, parameters.values)
    return { rows, asOf: session.asOf }
  })
}
