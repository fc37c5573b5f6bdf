import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { Month, PlainDate } from '../values/calendar.js'
import { DivisionCode } from '../values/division.js'
import {
  BenefitClass,
  ComponentName,
  Measure,
  PolicyDocument,
  ShortText,
  UrbanRural,
} from '../values/document.js'
import { DivisionId, ProgrammeCode } from '../values/identifiers.js'
import { AmountFen, Rounding } from '../values/money.js'

/**
 * How a programme finds its amount. `top-up`: standard × covered members − income. `flat`: the
 * class's standard a covered person. `age-band`: the class follows the age. `roll-only`: a roll
 * without monthly money. `one-off`: amounts granted once, each by its decision.
 */
export const ProgrammeKind = z.enum(['top-up', 'flat', 'age-band', 'roll-only', 'one-off'])
export type ProgrammeKind = z.infer<typeof ProgrammeKind>

/** What is counted; adding across units is refused. */
export const CountUnit = z.enum(['户', '人', '人次', '户次', '户(人)', '户(人)次'])
export type CountUnit = z.infer<typeof CountUnit>

export const ProgrammeDefinition = z.strictObject({
  programme: ProgrammeCode,
  nameZh: ShortText,
  nameEn: ShortText,
  kind: ProgrammeKind,
  urbanRural: UrbanRural,
  measure: Measure,
  unit: CountUnit,
  /** Programmes that exclude this one in one month, both ways. */
  excludes: z.array(ProgrammeCode),
  /** Whether several cases of it may run for one person in one month (one-off aid may). */
  repeatable: z.boolean(),
  /** The monthly 低保 family whose money enters 人均月补差. */
  perCapitaSeries: ShortText.nullable(),
})
export type ProgrammeDefinition = z.infer<typeof ProgrammeDefinition>

const Ratio = z.strictObject({
  numerator: z.int().nonnegative(),
  denominator: z.int().positive(),
})

/** A classified supplement 分类施保: fixed, or a share of the standard; once a person. */
const ClassifiedSupplement = z.strictObject({
  classification: ShortText,
  nameZh: ShortText,
  amountFen: AmountFen.nullable(),
  shareOfStandard: Ratio.nullable(),
})

const AgeBand = z.strictObject({
  fromAge: z.int().nonnegative(),
  benefitClass: BenefitClass,
})

/** The dated rule of one programme in one jurisdiction; nothing here is a constant in code. */
export const Rule = z.strictObject({
  rounding: Rounding,
  /** Whole household income, or only the share of the covered among the assessed members. */
  incomeFormula: z.enum(['whole-household', 'covered-share']),
  /** Monthly amounts below this are not paid; zero for none. */
  minimumFen: AmountFen,
  /** 分档: a household's amount a person is lifted to the first band not below it; empty for none. */
  bandsFen: z.array(AmountFen),
  classified: z.array(ClassifiedSupplement),
  ageBands: z.array(AgeBand),
  component: ComponentName,
  firstMonth: z.enum(['month-of-confirmation', 'month-after-confirmation']),
  /** Whole months paid after the month of death; 0 stops with it, 6 or 12 for survivors. */
  monthsAfterDeath: z.int().min(0).max(24),
  graceMonths: z.int().min(0).max(24),
  /** What a reassessment may decide by itself; the rest waits for a person. */
  automatic: z.array(z.enum(['death', 'standard', 'age', 'income'])),
  /** Months between reviews by class; `general` for every other class; 0 for none. */
  reviewMonths: z.record(z.string(), z.int().min(0).max(60)),
  holdWhenReviewOverdue: z.boolean(),
  /**
   * Money of a case is held from the month after its head’s last verification of life runs out, or
   * where there is none, this many months after the first month on the roll; 0 holds nothing.
   */
  lifeVerificationMonths: z.int().min(0).max(60),
  noticeDays: z.int().min(0).max(60),
  /** Steps that must be on record before an entry may be approved. */
  steps: z.array(z.enum(['survey', 'appraisal', 'public-notice', 'town-audit', 'confirmation'])),
  offsetAllowed: z.boolean(),
  /** The most that one decision of a one-off programme may grant; null for no limit. */
  capFen: AmountFen.nullable(),
})
export type Rule = z.infer<typeof Rule>

/**
 * When a price-linked subsidy is due in a place: the rises, in hundredths of a per cent, that a
 * month must reach, how many months running up to the period's last, and how long a period is.
 */
export const PriceTerms = z.strictObject({
  cpiAtLeastBasisPoints: z.int().positive(),
  /** Null where food prices trigger nothing. */
  foodAtLeastBasisPoints: z.int().positive().nullable(),
  monthsRunning: z.int().min(1).max(12),
  periodMonths: z.int().min(1).max(12),
})
export type PriceTerms = z.infer<typeof PriceTerms>

/** `programme-<code>`: what the programme is, and its rules by date and jurisdiction. */
export const programmeEvents = {
  ProgrammeDefined: event(1, 'from', { from: Month, definition: ProgrammeDefinition }),
  RuleSet: event(1, 'from', {
    from: Month,
    programme: ProgrammeCode,
    division: DivisionCode,
    rule: Rule,
    document: PolicyDocument,
  }),
  PriceTermsSet: event(1, 'from', {
    from: Month,
    programme: ProgrammeCode,
    division: DivisionCode,
    terms: PriceTerms,
    document: PolicyDocument,
  }),
  ProgrammeHoldPlaced: event(1, 'from', {
    from: Month,
    programme: ProgrammeCode,
    division: DivisionCode,
    holdId: ShortText,
    reason: ShortText,
  }),
  ProgrammeHoldLifted: event(1, 'from', {
    from: Month,
    programme: ProgrammeCode,
    holdId: ShortText,
    reason: ShortText,
  }),
} as const
export type ProgrammeEvent = EventOf<typeof programmeEvents>

/** `standard-<programme>-<division>`: the dated figures a programme pays or tops up to. */
export const standardEvents = {
  StandardSet: event(1, 'from', {
    from: Month,
    programme: ProgrammeCode,
    division: DivisionCode,
    benefitClass: BenefitClass,
    amountFen: AmountFen,
    per: z.enum(['month', 'year']),
    document: PolicyDocument,
  }),
} as const
export type StandardEvent = EventOf<typeof standardEvents>

/** `division-<id>`: a place, its codes and names by date. */
export const divisionEvents = {
  DivisionDefined: event(1, 'from', {
    from: PlainDate,
    divisionId: DivisionId,
    code: DivisionCode,
    nameZh: ShortText,
    document: PolicyDocument,
  }),
  DivisionRenamed: event(1, 'from', {
    from: PlainDate,
    divisionId: DivisionId,
    nameZh: ShortText,
    document: PolicyDocument,
  }),
  /** From this date the place belongs to another one, or carries another code. */
  DivisionMerged: event(1, 'from', {
    from: PlainDate,
    divisionId: DivisionId,
    into: DivisionCode,
    document: PolicyDocument,
  }),
} as const
export type DivisionEvent = EventOf<typeof divisionEvents>
