import type { LedgerEventUnion } from '../../domain/events.js'
import { monthIndex } from '../../domain/values/calendar.js'
import type { Ordinal } from '../../domain/values/identifiers.js'
import { type Asked, conditionsOf, knownAt, Parameters, scopeOf } from '../question.js'
import type { AsOf, ReadModel } from '../read-model.js'

/** An event of a small stream as the register keeps it. */
export type RegisterFact<Type extends LedgerEventUnion['type']> = Extract<
  LedgerEventUnion,
  { type: Type }
> & {
  readonly ordinal: Ordinal
  readonly stream: string
  readonly version: number
  readonly recorded: string
  readonly actor: string
}

/**
 * The events of some types as known at an ordinal, in log order: imports, funds, death lists,
 * reported figures, price links, the ledger's own. The caller folds what they say together.
 */
export async function registerFacts<Type extends LedgerEventUnion['type']>(
  model: ReadModel,
  asked: { readonly types: readonly Type[]; readonly knownAt?: Ordinal | undefined },
): Promise<{ readonly rows: readonly RegisterFact<Type>[]; readonly asOf: AsOf }> {
  return model.read(async (session) => ({
    rows: await session.rows<RegisterFact<Type>>(
      `SELECT ordinal, stream, version, type, recorded, actor, data FROM register_fact
      WHERE type = ANY($1) AND ordinal <= $2 ORDER BY ordinal`,
      [asked.types, knownAt(session, asked)],
    ),
    asOf: session.asOf,
  }))
}

export interface RecoveryRow {
  readonly caseId: string
  readonly foundFen: number
  readonly outstandingFen: number
}

/** Recoveries with something outstanding, by case; the case's place is that of `month`. */
export async function outstandingRecoveries(
  model: ReadModel,
  asked: Asked & { readonly afterCaseId?: string | undefined; readonly limit: number },
): Promise<{ readonly rows: readonly RecoveryRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, asked))
    const month = parameters.add(monthIndex(asked.month))
    const place = conditionsOf(asked, await scopeOf(session, asked), parameters)
    const statement = `
      SELECT e.case_id AS "caseId",
        COALESCE(SUM(e.amount_fen) FILTER (
          WHERE e.kind IN ('found', 'withdrawn')), 0)::bigint AS "foundFen",
        SUM(e.amount_fen)::bigint AS "outstandingFen"
      FROM recovery_entry AS e
      WHERE e.kind <> 'kept-back' AND e.ordinal <= ${ordinal}
        AND e.case_id > ${parameters.add(asked.afterCaseId ?? '')}
        AND EXISTS (SELECT FROM case_place AS p
          WHERE p.case_id = e.case_id AND ${place}
            AND p.from_month <= ${month} AND p.to_month >= ${month}
            AND p.known_from <= ${ordinal} AND p.known_to > ${ordinal})
      GROUP BY e.case_id
      HAVING SUM(e.amount_fen) <> 0
      ORDER BY e.case_id
      LIMIT ${parameters.add(asked.limit)}`
    const rows = await session.rows<RecoveryRow>(statement, parameters.values)
    return { rows, asOf: session.asOf }
  })
}
