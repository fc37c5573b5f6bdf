import { type Case, type FactOf, factsOf } from '../../domain/case/facts.js'
import {
  type PriceDecision,
  type PriceReference,
  pays,
  referencesOf,
} from '../../domain/price-link/price-link.js'
import type { ProgrammeCode } from '../../domain/values/identifiers.js'
import type { Roll } from './roll-reader.js'

/** One going through of one roll: whose persons get how many months, and who had it before. */
export interface Pass extends PriceReference {
  readonly programme: ProgrammeCode
  /** Rolls that come first: who is on one of them has it already. */
  readonly before: readonly ProgrammeCode[]
}

export function passesOf(decision: PriceDecision): readonly Pass[] {
  if (!pays(decision)) return []
  return referencesOf(decision).flatMap((reference) =>
    decision.programmes.map((programme, at) => ({
      ...reference,
      programme,
      before: decision.programmes.slice(0, at),
    })),
  )
}

export function rollOf({ division, rollOrdinal }: PriceDecision, pass: Pass): Roll {
  return { programmes: [pass.programme], division, month: pass.month, ordinal: rollOrdinal }
}

export function supplementIdOf({ decisionId }: PriceDecision, { month }: Pass): string {
  return `${decisionId}/${month}`
}

/** The grant of a pass that counts in a case. */
export function grantIn(
  state: Case,
  supplementId: string,
): FactOf<'SupplementGranted'> | undefined {
  return factsOf(state, 'SupplementGranted').find(({ data }) => data.supplementId === supplementId)
}

/** Whether a case had the grant of a pass and it was taken back: it is not granted again. */
export function isTakenBack({ retractions }: Case, supplementId: string): boolean {
  return retractions.some(
    ({ fact }) => fact.type === 'SupplementGranted' && fact.data.supplementId === supplementId,
  )
}
