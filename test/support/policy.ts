import type { ProgrammeDefinition, Rule } from '../../src/domain/policy/events.js'
import type { PolicyEvent } from '../../src/domain/policy/policy.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import {
  BenefitClass,
  ComponentName,
  type PolicyDocument,
} from '../../src/domain/values/document.js'
import { DivisionId, PersonId, ProgrammeCode } from '../../src/domain/values/identifiers.js'
import { AmountFen } from '../../src/domain/values/money.js'

export const programme = (code: string) => ProgrammeCode.parse(code)
export const division = (code: string) => DivisionCode.parse(code.padEnd(12, '0'))
export const benefitClass = (name: string) => BenefitClass.parse(name)
export const component = (name: string) => ComponentName.parse(name)
export const amount = (fen: number) => AmountFen.parse(fen)

/** A UUID that ends in this number, so that a failing test can be read. */
const numberedId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
export const divisionId = (number: number) => DivisionId.parse(numberedId(number))
export const personId = (number: number) => PersonId.parse(numberedId(number))

export const document = (number: string): PolicyDocument => ({
  number,
  issuer: '某区民政局',
  provenance: 'invented',
})

export function definition(
  code: string,
  over: Partial<ProgrammeDefinition> = {},
): ProgrammeDefinition {
  return {
    programme: programme(code),
    nameZh: code,
    nameEn: code,
    kind: 'top-up',
    urbanRural: 'urban',
    measure: 'cash',
    unit: '户',
    excludes: [],
    repeatable: false,
    perCapitaSeries: null,
    ...over,
  }
}

export function rule(over: Partial<Rule> = {}): Rule {
  return {
    rounding: 'up-to-yuan',
    incomeFormula: 'whole-household',
    minimumFen: amount(0),
    bandsFen: [],
    classified: [],
    ageBands: [],
    component: component('base'),
    firstMonth: 'month-after-confirmation',
    monthsAfterDeath: 0,
    graceMonths: 0,
    automatic: ['death', 'standard'],
    reviewMonths: { general: 12 },
    holdWhenReviewOverdue: false,
    lifeVerificationMonths: 0,
    noticeDays: 7,
    steps: [],
    offsetAllowed: false,
    capFen: null,
    ...over,
  }
}

export function programmeDefined(
  code: string,
  over: Partial<ProgrammeDefinition> = {},
  from = '2000-01',
): Extract<PolicyEvent, { type: 'ProgrammeDefined' }> {
  const data = { from: month(from), definition: definition(code, over) }
  return { type: 'ProgrammeDefined', data }
}

export function ruleSet(
  code: string,
  at: { readonly division: string; readonly from: string },
  over: Partial<Rule> = {},
): Extract<PolicyEvent, { type: 'RuleSet' }> {
  const data = {
    from: month(at.from),
    programme: programme(code),
    division: division(at.division),
    rule: rule(over),
    document: document(`规〔${at.from}〕${at.division}`),
  }
  return { type: 'RuleSet', data }
}

export function standardSet(
  code: string,
  at: {
    readonly division: string
    readonly from: string
    readonly fen: number
    readonly per?: 'month' | 'year'
    readonly class?: string
  },
): Extract<PolicyEvent, { type: 'StandardSet' }> {
  const data = {
    from: month(at.from),
    programme: programme(code),
    division: division(at.division),
    benefitClass: benefitClass(at.class ?? 'general'),
    amountFen: amount(at.fen),
    per: at.per ?? 'month',
    document: document(`标〔${at.from}〕${at.division}`),
  } as const
  return { type: 'StandardSet', data }
}

export function divisionDefined(
  number: number,
  at: { readonly code: string; readonly from?: string; readonly nameZh?: string },
): Extract<PolicyEvent, { type: 'DivisionDefined' }> {
  const data = {
    from: plainDate(at.from ?? '2000-01-01'),
    divisionId: divisionId(number),
    code: division(at.code),
    nameZh: at.nameZh ?? `区划${at.code}`,
    document: document('划〔2000〕1号'),
  }
  return { type: 'DivisionDefined', data }
}

export function divisionMerged(
  number: number,
  at: { readonly from: string; readonly into: string },
): Extract<PolicyEvent, { type: 'DivisionMerged' }> {
  const data = {
    from: plainDate(at.from),
    divisionId: divisionId(number),
    into: division(at.into),
    document: document('划〔2013〕9号'),
  }
  return { type: 'DivisionMerged', data }
}
