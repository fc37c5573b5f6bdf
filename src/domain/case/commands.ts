import { z } from 'zod'
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
import {
  Cause,
  Circumstances,
  ReviewKind,
  ReviewLevel,
  ReviewResult,
  VerificationStep,
} from './events.js'
import { BenefitComponent } from './workings.js'

const command = <Type extends string, Shape extends z.core.$ZodLooseShape>(
  type: Type,
  shape: Shape,
) => z.strictObject({ type: z.literal(type), ...shape })

const by = ActorId
const reason = ShortText

/** What can be asked of a case. `by` is the actor's `sub`, filled in by the server. */
export const caseCommands = {
  OpenCase: command('OpenCase', {
    caseId: CaseId,
    programme: ProgrammeCode,
    division: DivisionCode,
    urbanRural: UrbanRural,
    benefitClass: BenefitClass,
    openedOn: PlainDate,
    importId: ImportId.nullable(),
    by,
  }),
  JoinMember: command('JoinMember', {
    from: Month,
    personId: PersonId,
    relation: ShortText,
    head: z.boolean(),
    circumstances: Circumstances,
    by,
  }),
  RecordCircumstances: command('RecordCircumstances', {
    from: Month,
    personId: PersonId,
    circumstances: Circumstances,
    reason,
    by,
  }),
  LeaveMember: command('LeaveMember', {
    lastMonth: Month,
    personId: PersonId,
    reason,
    /** By a recorded death. */
    died: z.boolean(),
    by,
  }),
  ChangeHead: command('ChangeHead', { from: Month, personId: PersonId, reason, by }),
  AssessIncome: command('AssessIncome', {
    from: Month,
    monthlyIncomeFen: AmountFen,
    basis: ShortText,
    by,
  }),
  RecordStep: command('RecordStep', {
    on: PlainDate,
    step: VerificationStep,
    passed: z.boolean(),
    note: ShortText.nullable(),
    by,
  }),
  ApproveEntry: command('ApproveEntry', {
    confirmedOn: PlainDate,
    continues: CaseId.nullable(),
    reason,
    by,
  }),
  /** Compares facts and policy with the decisions from a month on; decides the difference. */
  ReassessBenefit: command('ReassessBenefit', {
    from: Month,
    cause: Cause,
    /** `automatic`: only what the rule lets decide itself; `confirmed`: a person's word. */
    mode: z.enum(['automatic', 'confirmed']),
    by,
  }),
  GrantSupplement: command('GrantSupplement', {
    month: Month,
    component: ComponentName,
    measure: Measure,
    amountFen: AmountFen,
    persons: z.array(PersonId),
    supplementId: ShortText,
    document: PolicyDocument,
    /** This case's own, or a part of what is decided for everyone on a roll or a list. */
    decidedFor: z.enum(['case', 'roll']),
    by,
  }),
  RecordReview: command('RecordReview', {
    on: PlainDate,
    level: ReviewLevel,
    kind: ReviewKind,
    result: ReviewResult,
    note: ShortText.nullable(),
    by,
  }),
  PlaceHold: command('PlaceHold', { from: Month, holdId: ShortText, reason }),
  LiftHold: command('LiftHold', { from: Month, holdId: ShortText, reason }),
  StartGracePeriod: command('StartGracePeriod', { from: Month, reason, by }),
  ApproveExit: command('ApproveExit', {
    lastMonth: Month,
    reason,
    continuedBy: CaseId.nullable(),
    by,
  }),
  /** The case goes on after all: the case that was to continue it could not be entered. */
  WithdrawContinuation: command('WithdrawContinuation', {
    retractedOn: PlainDate,
    continuedBy: CaseId,
    reason,
    by,
  }),
  MoveCase: command('MoveCase', {
    from: Month,
    division: DivisionCode,
    urbanRural: UrbanRural,
    reason,
    by,
  }),
  ReclassifyCase: command('ReclassifyCase', {
    from: Month,
    benefitClass: BenefitClass,
    reason,
    by,
  }),
  RetractFact: command('RetractFact', {
    retractedOn: PlainDate,
    retractsVersion: z.int().nonnegative(),
    reason,
    by,
  }),
  RecordOpeningPosition: command('RecordOpeningPosition', {
    entryMonth: Month,
    settledThrough: Month,
    source: ShortText,
    history: z
      .array(z.strictObject({ from: Month, to: Month, components: z.array(BenefitComponent) }))
      .min(1),
    by,
  }),
} as const

export const CaseCommand = z.discriminatedUnion('type', [
  caseCommands.OpenCase,
  caseCommands.JoinMember,
  caseCommands.RecordCircumstances,
  caseCommands.LeaveMember,
  caseCommands.ChangeHead,
  caseCommands.AssessIncome,
  caseCommands.RecordStep,
  caseCommands.ApproveEntry,
  caseCommands.ReassessBenefit,
  caseCommands.GrantSupplement,
  caseCommands.RecordReview,
  caseCommands.PlaceHold,
  caseCommands.LiftHold,
  caseCommands.StartGracePeriod,
  caseCommands.ApproveExit,
  caseCommands.WithdrawContinuation,
  caseCommands.MoveCase,
  caseCommands.ReclassifyCase,
  caseCommands.RetractFact,
  caseCommands.RecordOpeningPosition,
])
export type CaseCommand = z.infer<typeof CaseCommand>

/** One command by its name. */
export type CaseCommandOf<Type extends CaseCommand['type']> = Extract<CaseCommand, { type: Type }>
