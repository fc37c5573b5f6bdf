import type { CaseCommand, CaseCommandOf } from '../../src/domain/case/commands.js'
import type { CaseEvent, Circumstances } from '../../src/domain/case/events.js'
import type { Case } from '../../src/domain/case/facts.js'
import { type Decider, fold } from '../../src/domain/decider.js'
import type { ProgrammeDefinition, Rule } from '../../src/domain/policy/events.js'
import { type PolicyEvent, policyFrom } from '../../src/domain/policy/policy.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { BenefitClass, ComponentName } from '../../src/domain/values/document.js'
import { ActorId, CaseId, PersonId, ProgrammeCode } from '../../src/domain/values/identifiers.js'
import { AmountFen } from '../../src/domain/values/money.js'

/** Invented places, persons and rules that case tests speak of. */
export const village = DivisionCode.parse('990101001001')
export const otherVillage = DivisionCode.parse('990101002001')
export const county = DivisionCode.parse('990101000000')
export const general = BenefitClass.parse('general')
export const dibao = ProgrammeCode.parse('urban-dibao')
export const oldAge = ProgrammeCode.parse('old-age-allowance')
export const caseId = CaseId.parse('11111111-1111-4111-8111-111111111111')
export const wang = PersonId.parse('22222222-2222-4222-8222-222222222221')
export const li = PersonId.parse('22222222-2222-4222-8222-222222222222')
export const clerk = ActorId.parse('clerk-1')
export const approver = ActorId.parse('approver-1')
export const document = {
  number: '民发〔2012〕1号',
  issuer: '民政局',
  provenance: 'invented' as const,
}
export const yuan = (amount: number) => AmountFen.parse(Math.round(amount * 100))

export function ruleWith(changes: Partial<Rule> = {}): Rule {
  return {
    rounding: 'half-up-to-fen',
    incomeFormula: 'whole-household',
    minimumFen: yuan(0),
    bandsFen: [],
    classified: [],
    ageBands: [],
    component: ComponentName.parse('base'),
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
    ...changes,
  }
}

const definition = (
  programme: ProgrammeCode,
  kind: ProgrammeDefinition['kind'],
): ProgrammeDefinition => ({
  programme,
  nameZh: programme,
  nameEn: programme,
  kind,
  urbanRural: 'urban',
  measure: 'cash',
  unit: '户',
  excludes: [],
  repeatable: false,
  perCapitaSeries: null,
})

export function policyEvents(changes: Partial<Rule> = {}): readonly PolicyEvent[] {
  const from = month('2010-01')
  const ruleSet = (programme: ProgrammeCode, rule: Rule): PolicyEvent => ({
    type: 'RuleSet',
    data: { from, programme, division: county, rule, document },
  })
  const standard = (
    programme: ProgrammeCode,
    given: { readonly amount: number; readonly class?: string; readonly from?: string },
  ): PolicyEvent => ({
    type: 'StandardSet',
    data: {
      from: month(given.from ?? '2010-01'),
      programme,
      division: county,
      benefitClass: BenefitClass.parse(given.class ?? 'general'),
      amountFen: yuan(given.amount),
      per: 'month',
      document,
    },
  })
  const ageBands = [
    { fromAge: 80, benefitClass: BenefitClass.parse('age-80') },
    { fromAge: 90, benefitClass: BenefitClass.parse('age-90') },
  ]
  return [
    { type: 'ProgrammeDefined', data: { from, definition: definition(dibao, 'top-up') } },
    { type: 'ProgrammeDefined', data: { from, definition: definition(oldAge, 'age-band') } },
    ruleSet(dibao, ruleWith(changes)),
    ruleSet(oldAge, ruleWith({ ageBands, ...changes })),
    standard(dibao, { amount: 350 }),
    standard(dibao, { amount: 390, from: '2012-07' }),
    standard(dibao, { amount: 175, class: 'partial' }),
    standard(oldAge, { amount: 50, class: 'age-80' }),
    standard(oldAge, { amount: 100, class: 'age-90' }),
  ]
}

export const policyWith = (changes: Partial<Rule> = {}) => policyFrom(policyEvents(changes))

/** The same before anybody knew of the standard of July 2012. */
export const policyBeforeRaise = (changes: Partial<Rule> = {}) =>
  policyFrom(
    policyEvents(changes).filter(
      (event) => event.type !== 'StandardSet' || event.data.from !== '2012-07',
    ),
  )

export const opened = (programme: ProgrammeCode = dibao): CaseEvent => ({
  type: 'CaseOpened',
  data: {
    caseId,
    programme,
    division: village,
    urbanRural: 'urban',
    benefitClass: general,
    openedOn: plainDate('2012-01-04'),
    importId: null,
    by: clerk,
  },
})

export function circumstances(changes: Partial<Circumstances> = {}): Circumstances {
  return {
    assessed: true,
    covered: true,
    classifications: [],
    bornOn: plainDate('1950-05-15'),
    ...changes,
  }
}

export function joined(
  personId: PersonId,
  changes: { readonly from?: string; readonly head?: boolean } & Partial<Circumstances> = {},
): CaseEvent {
  const { from = '2012-01', head = false, ...rest } = changes
  return {
    type: 'MemberJoined',
    data: {
      from: month(from),
      personId,
      relation: head ? '户主' : '配偶',
      head,
      circumstances: circumstances(rest),
      by: clerk,
    },
  }
}

export const income = (amount: number, from = '2012-01'): CaseEvent => ({
  type: 'IncomeAssessed',
  data: { from: month(from), monthlyIncomeFen: yuan(amount), basis: '入户核算', by: clerk },
})

export const approveEntry = (
  changes: Partial<CaseCommandOf<'ApproveEntry'>> = {},
): CaseCommand => ({
  type: 'ApproveEntry',
  confirmedOn: plainDate('2012-01-20'),
  continues: null,
  reason: '收入低于标准',
  by: approver,
  ...changes,
})

export const approveExit = (lastMonth: string, reason = '收入超过标准'): CaseCommand => ({
  type: 'ApproveExit',
  lastMonth: month(lastMonth),
  reason,
  continuedBy: null,
  by: approver,
})

/** Leaves after April 2012: dead where a death says so, else gone elsewhere. */
export const leaving = (personId: PersonId, died = true): CaseCommand => ({
  type: 'LeaveMember',
  lastMonth: month('2012-04'),
  personId,
  reason: died ? '死亡' : '迁出',
  died,
  by: clerk,
})

/** What a grace period, a supplement or a retraction rests on. */
export const reviewed = {
  type: 'RecordReview',
  on: plainDate('2012-03-20'),
  level: 'town',
  kind: 'spot-check',
  result: 'adjust',
  note: null,
  by: clerk,
} as const satisfies CaseCommand

export const reassess = (
  from: string,
  changes: Partial<CaseCommandOf<'ReassessBenefit'>> = {},
): CaseCommand => ({
  type: 'ReassessBenefit',
  from: month(from),
  cause: { kind: 'standard', note: '标准调整', document },
  mode: 'automatic',
  by: approver,
  ...changes,
})

/** History by commands, so that tests stand on what the decider itself would have written. */
export function lived(
  by: Decider<Case, CaseCommand, CaseEvent>,
  start: readonly CaseEvent[],
  ...commands: readonly CaseCommand[]
): readonly CaseEvent[] {
  const events = [...start]
  for (const command of commands) events.push(...by.decide(command, fold(by, events)))
  return events
}
