import {
  type PriceDecision,
  type PriceReference,
  referencesOf,
} from '../../domain/price-link/price-link.js'
import type { Month } from '../../domain/values/calendar.js'
import type { CaseId, PersonId } from '../../domain/values/identifiers.js'
import type { RollCase, RollReader } from './roll-reader.js'

/** A month whose subsidy a person of a case has through an earlier decision. */
export interface AlreadyGranted {
  readonly caseId: CaseId
  readonly personId: PersonId
  readonly month: Month
  readonly decisionId: string
}

/** Of each person, the months they have already, and through which decision. */
export type MonthsHad = ReadonlyMap<PersonId, ReadonlyMap<Month, string>>

interface Asked {
  /** Decisions that came before, in their order. */
  readonly earlier: readonly PriceDecision[]
  readonly months: readonly Month[]
  readonly cases: readonly RollCase[]
}

/**
 * Which of these months the persons have already. It goes by the rolls that the earlier decisions
 * went by, not by their grants: those may still be under way, and the answer must be the same
 * whenever a decision is sent again.
 */
export async function monthsHad(
  rolls: RollReader,
  { cases, earlier, months }: Asked,
): Promise<MonthsHad> {
  const persons = cases.flatMap((on) => on.persons)
  const had = new Map<PersonId, Map<Month, string>>()
  for (const { decision, reference } of referencesWithin(earlier, months)) {
    const { decisionId, division, programmes, rollOrdinal: ordinal } = decision
    const roll = { programmes, division, month: reference.month, ordinal }
    for (const person of await rolls.personsOnRoll(roll, persons)) {
      const own = had.get(person) ?? new Map<Month, string>()
      for (const month of reference.months) if (!own.has(month)) own.set(month, decisionId)
      had.set(person, own)
    }
  }
  return had
}

function referencesWithin(
  earlier: readonly PriceDecision[],
  months: readonly Month[],
): readonly { readonly decision: PriceDecision; readonly reference: PriceReference }[] {
  return earlier.flatMap((decision) =>
    referencesOf(decision)
      .map((one) => ({ ...one, months: one.months.filter((month) => months.includes(month)) }))
      .filter((one) => one.months.length > 0)
      .map((reference) => ({ decision, reference })),
  )
}

/** The months of `months` that each person of a case has not had, and those they have. */
export function splitByHad(
  on: Pick<RollCase, 'caseId' | 'persons'>,
  months: readonly Month[],
  had: MonthsHad,
): {
  readonly due: readonly { readonly personId: PersonId; readonly months: number }[]
  readonly already: readonly AlreadyGranted[]
} {
  const already = on.persons.flatMap((personId) =>
    months.flatMap((month) => {
      const decisionId = had.get(personId)?.get(month)
      return decisionId === undefined ? [] : [{ caseId: on.caseId, personId, month, decisionId }]
    }),
  )
  const due = on.persons
    .map((personId) => {
      const own = had.get(personId)
      return { personId, months: months.filter((month) => !own?.has(month)).length }
    })
    .filter((one) => one.months > 0)
  return { due, already }
}
