import { DomainError } from '../../domain/errors.js'
import type { Rule } from '../../domain/policy/events.js'
import { type Policy, ruleOn } from '../../domain/policy/policy.js'
import type { Month } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { BenefitClass } from '../../domain/values/document.js'
import type { ProgrammeCode } from '../../domain/values/identifiers.js'

export interface Cell {
  readonly programme: ProgrammeCode
  readonly division: DivisionCode
  readonly benefitClass: BenefitClass
}

/** The rule that a cell lives under in a month; undefined where policy has none. */
export function ruleIn(policy: Policy, cell: Cell, month: Month): Rule | undefined {
  try {
    return ruleOn(policy, { programme: cell.programme, division: cell.division, month }).rule
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

/** Months between reviews of a class; 0 where the rule asks for none. */
export function reviewMonthsOf(rule: Rule | undefined, benefitClass: BenefitClass): number {
  return rule?.reviewMonths[benefitClass] ?? rule?.reviewMonths['general'] ?? 0
}
