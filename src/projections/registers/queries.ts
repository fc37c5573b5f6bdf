import type { LedgerEventUnion } from '../../domain/events.js'
import type { Ordinal } from '../../domain/values/identifiers.js'
import { knownAt } from '../question.js'
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
