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
import { ActorId, CaseId, ImportId, PersonId, ProgrammeCode } from '../values/identifiers.js'
import { AmountFen } from '../values/money.js'
import { BenefitComponent, Workings } from './workings.js'

export const VerificationStep = z.enum([
  'survey',
  'appraisal',
  'public-notice',
  'town-audit',
  'confirmation',
])
export type VerificationStep = z.infer<typeof VerificationStep>

export const ReviewLevel = z.enum(['village', 'town', 'district'])
export const ReviewKind = z.enum(['scheduled', 'census', 'spot-check', 'self-check'])
export const ReviewResult = z.enum(['unchanged', 'adjust', 'stop'])

export const Circumstances = z.strictObject({
  /** Counts for the household's income. */
  assessed: z.boolean(),
  /** 保障人口: gets the benefit. One person of a household can be covered alone. */
  covered: z.boolean(),
  /** Reasons for a classified supplement; however many, it is paid once. */
  classifications: z.array(ShortText),
  bornOn: PlainDate,
})
export type Circumstances = z.infer<typeof Circumstances>

/** What moved a decision: a fact, a raised standard, a death. Shown with every adjustment. */
export const Cause = z.strictObject({
  kind: z.enum(['income', 'members', 'standard', 'age', 'death', 'review', 'class', 'correction']),
  note: ShortText,
  document: PolicyDocument.nullable(),
})
export type Cause = z.infer<typeof Cause>

/** `case-<id>`: one household in one programme, the unit of decision. */
export const caseEvents = {
  CaseOpened: event(1, 'openedOn', {
    caseId: CaseId,
    programme: ProgrammeCode,
    division: DivisionCode,
    urbanRural: UrbanRural,
    benefitClass: BenefitClass,
    openedOn: PlainDate,
    /** The import that made it; its cases are payable when that import is complete. */
    importId: ImportId.nullable(),
    by: ActorId,
  }),
  MemberJoined: event(1, 'from', {
    from: Month,
    personId: PersonId,
    relation: ShortText,
    head: z.boolean(),
    circumstances: Circumstances,
    by: ActorId,
  }),
  MemberCircumstancesRecorded: event(1, 'from', {
    from: Month,
    personId: PersonId,
    circumstances: Circumstances,
    reason: ShortText,
    by: ActorId,
  }),
  MemberLeft: event(1, 'lastMonth', {
    lastMonth: Month,
    personId: PersonId,
    reason: ShortText,
    /** By a recorded death, which the rule may let decide itself. */
    died: z.boolean(),
    by: ActorId,
  }),
  HeadChanged: event(1, 'from', {
    from: Month,
    personId: PersonId,
    reason: ShortText,
    by: ActorId,
  }),
  IncomeAssessed: event(1, 'from', {
    from: Month,
    monthlyIncomeFen: AmountFen,
    basis: ShortText,
    by: ActorId,
  }),
  VerificationStepRecorded: event(1, 'on', {
    on: PlainDate,
    step: VerificationStep,
    passed: z.boolean(),
    note: ShortText.nullable(),
    by: ActorId,
  }),
  EntryApproved: event(1, 'firstMonth', {
    confirmedOn: PlainDate,
    firstMonth: Month,
    /** The case that this one continues under another programme or class; no 新增 then. */
    continues: CaseId.nullable(),
    reason: ShortText,
    by: ActorId,
  }),
  BenefitGranted: event(1, 'from', {
    from: Month,
    components: z.array(BenefitComponent),
    workings: Workings,
  }),
  BenefitAdjusted: event(1, 'from', {
    from: Month,
    components: z.array(BenefitComponent),
    cause: Cause,
    workings: Workings,
    /** Who confirmed it; null where the rule let it decide itself. */
    by: ActorId.nullable(),
  }),
  SupplementGranted: event(1, 'month', {
    /** The month it is for. */
    month: Month,
    component: ComponentName,
    measure: Measure,
    amountFen: AmountFen,
    /** Who it is for; empty where it is for the household as one. */
    persons: z.array(PersonId),
    /** Unique in the case: the same supplement again changes nothing. */
    supplementId: ShortText,
    document: PolicyDocument,
    by: ActorId,
  }),
  ReviewRecorded: event(1, 'on', {
    on: PlainDate,
    level: ReviewLevel,
    kind: ReviewKind,
    result: ReviewResult,
    note: ShortText.nullable(),
    by: ActorId,
  }),
  HoldPlaced: event(1, 'from', { from: Month, holdId: ShortText, reason: ShortText }),
  HoldLifted: event(1, 'from', { from: Month, holdId: ShortText, reason: ShortText }),
  GracePeriodStarted: event(1, 'from', {
    /** First month of grace; eligibility ended with the month before. */
    from: Month,
    months: z.int().min(1).max(24),
    reason: ShortText,
    document: PolicyDocument,
    by: ActorId,
  }),
  ExitApproved: event(1, 'lastMonth', {
    lastMonth: Month,
    reason: ShortText,
    /** The case that goes on instead of this one; no 退出 then. */
    continuedBy: CaseId.nullable(),
    by: ActorId,
  }),
  CaseMoved: event(1, 'from', {
    from: Month,
    division: DivisionCode,
    urbanRural: UrbanRural,
    reason: ShortText,
    by: ActorId,
  }),
  CaseReclassified: event(1, 'from', {
    from: Month,
    benefitClass: BenefitClass,
    reason: ShortText,
    by: ActorId,
  }),
  /** The event at this version of this stream counts no longer; what it said was wrong. */
  FactRetracted: event(1, 'retractedOn', {
    retractedOn: PlainDate,
    retractsVersion: z.int().nonnegative(),
    reason: ShortText,
    by: ActorId,
  }),
  /** Taken over at the cut-over: reported by its source, not proven by this ledger. */
  OpeningPositionRecorded: event(1, 'settledThrough', {
    entryMonth: Month,
    settledThrough: Month,
    source: ShortText,
    /** Monthly amounts reported for months up to `settledThrough`; they are never owed again. */
    history: z.array(
      z.strictObject({ from: Month, to: Month, components: z.array(BenefitComponent) }),
    ),
    by: ActorId,
  }),
} as const
export type CaseEvent = EventOf<typeof caseEvents>
