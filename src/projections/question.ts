import { DomainError } from '../domain/errors.js'
import { codesWithin } from '../domain/policy/divisions.js'
import { lastDayOf, type Month } from '../domain/values/calendar.js'
import { type DivisionCode, isWithin, subtreePrefix } from '../domain/values/division.js'
import type { BenefitClass, UrbanRural } from '../domain/values/document.js'
import type { Ordinal, ProgrammeCode } from '../domain/values/identifiers.js'
import type { ReadSession } from './read-model.js'

/** What every question about rolls, movements and money may narrow down. */
export interface Asked {
  /** A subtree; its places are those that belong to it at the end of `month`. */
  readonly division: DivisionCode
  readonly month: Month
  readonly programmes?: readonly ProgrammeCode[] | undefined
  readonly urbanRural?: UrbanRural | undefined
  readonly benefitClass?: BenefitClass | undefined
  /** As known at this ordinal; as known now when absent. */
  readonly knownAt?: Ordinal | undefined
}

/** Collects the values of a statement and gives each its placeholder. */
export class Parameters {
  readonly values: unknown[] = []

  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** The ordinal at which a question is asked. Errors: 'ordinal-not-reached'. */
export function knownAt(session: ReadSession, asked: Pick<Asked, 'knownAt'>): Ordinal {
  const known = asked.knownAt ?? session.asOf.ordinal
  if (known > session.asOf.ordinal)
    throw new DomainError('ordinal-not-reached', { ordinal: known, reached: session.asOf.ordinal })
  return known
}

/** Codes of a subtree: one range, or a list where mergers have mixed them. */
export type Scope =
  | { readonly from: string; readonly before: string }
  | { readonly codes: readonly DivisionCode[] }

/** The places that a subtree holds at the end of the month. Errors: 'division-unknown'. */
export async function scopeOf(session: ReadSession, asked: Asked): Promise<Scope> {
  const policy = await session.policyAt(knownAt(session, asked))
  const at = { division: asked.division, on: lastDayOf(asked.month) }
  if (policy.mergers.length > 0) return { codes: codesWithin(policy, at) }
  // A subtree above the places that the ledger knows may be asked for; an empty one is a mistake.
  if (!policy.places.some(({ code, from }) => from <= at.on && isWithin(code, at.division)))
    throw new DomainError('division-unknown', at)
  const prefix = subtreePrefix(asked.division)
  return { from: prefix, before: `${prefix}:` }
}

/**
 * Conditions on the columns that rows and cells share, joined by AND. ':' is the character after
 * the digits, so that a prefix and ':' bound all that begins with the prefix.
 */
export function conditionsOf(
  asked: Omit<Asked, 'division' | 'month'>,
  scope: Scope,
  parameters: Parameters,
): string {
  const conditions =
    'codes' in scope
      ? [`division = ANY(${parameters.add(scope.codes)})`]
      : [`division >= ${parameters.add(scope.from)}`, `division < ${parameters.add(scope.before)}`]
  if (asked.programmes) conditions.push(`programme = ANY(${parameters.add(asked.programmes)})`)
  if (asked.urbanRural) conditions.push(`urban_rural = ${parameters.add(asked.urbanRural)}`)
  if (asked.benefitClass) conditions.push(`benefit_class = ${parameters.add(asked.benefitClass)}`)
  return conditions.join(' AND ')
}

/** Whether a row was known at the ordinal of a placeholder. */
export function knownRow(ordinal: string): string {
  return `known_from <= ${ordinal} AND known_to > ${ordinal}`
}
