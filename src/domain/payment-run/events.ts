import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { Month, PlainDate } from '../values/calendar.js'
import { DivisionCode } from '../values/division.js'
import { ComponentName, ShortText, UrbanRural } from '../values/document.js'
import { ActorId, CaseId, Ordinal, PersonId, ProgrammeCode, RunId } from '../values/identifiers.js'
import { AmountFen, Fen } from '../values/money.js'

const Digest = z.string().regex(/^[0-9a-f]{64}$/)

/** `regular`: monthly benefits. `price-subsidy`: its component only. `one-off`: campaigns, aid. */
export const RunKind = z.enum(['regular', 'price-subsidy', 'one-off', 'emergency'])
export type RunKind = z.infer<typeof RunKind>

export const RunParameters = z.strictObject({
  runId: RunId,
  kind: RunKind,
  programmes: z.array(ProgrammeCode).min(1),
  division: DivisionCode,
  period: Month,
  /** 1 for a regular run; an emergency run, or one after a rejection, has its own number. */
  number: z.int().positive(),
  /** The roll and the decisions as known at this ordinal, whatever comes later. */
  ordinal: Ordinal,
  calculationVersion: z.int().positive(),
})
export type RunParameters = z.infer<typeof RunParameters>

/** What part of a line is for: a month, a component, an amount that may be negative. */
export const LineItem = z.strictObject({
  monthFor: Month,
  component: ComponentName,
  amountFen: Fen,
})
export type LineItem = z.infer<typeof LineItem>

/** One payment instruction. References only: who and which account, never a name or a number. */
export const PaymentLine = z.strictObject({
  line: z.int().nonnegative(),
  caseId: CaseId,
  programme: ProgrammeCode,
  division: DivisionCode,
  urbanRural: UrbanRural,
  payee: PersonId.nullable(),
  accountVersion: z.int().positive().nullable(),
  /** Whom the line pays, each once: those a supplement names, else whom the case covers. */
  persons: z.int().nonnegative(),
  items: z.array(LineItem).min(1),
  amountFen: AmountFen,
  /** Why it is listed and not paid; null for a line that goes to the bank. */
  heldFor: ShortText.nullable(),
})
export type PaymentLine = z.infer<typeof PaymentLine>

/** `paymentRun-<id>`: the decisions about one run. */
export const paymentRunEvents = {
  PaymentRunOpened: event(1, 'period', {
    period: Month,
    parameters: RunParameters,
    by: ActorId,
  }),
  PaymentRunPrepared: event(1, 'preparedOn', {
    preparedOn: PlainDate,
    lineCount: z.int().nonnegative(),
    heldCount: z.int().nonnegative(),
    totalFen: AmountFen,
    heldFen: AmountFen,
    chunks: z.int().nonnegative(),
    linesDigest: Digest,
    by: ActorId,
  }),
  PaymentRunSubmitted: event(1, 'submittedOn', { submittedOn: PlainDate, by: ActorId }),
  PaymentRunApproved: event(1, 'approvedOn', { approvedOn: PlainDate, by: ActorId }),
  PaymentRunRejected: event(1, 'rejectedOn', {
    rejectedOn: PlainDate,
    reason: ShortText,
    by: ActorId,
  }),
  PaymentRunReleased: event(1, 'releasedOn', {
    releasedOn: PlainDate,
    bankFileDigest: Digest,
    bankFileLayout: ShortText,
    lineCount: z.int().nonnegative(),
    totalFen: AmountFen,
    by: ActorId,
  }),
  BankAnswersRecorded: event(1, 'answeredOn', {
    answeredOn: PlainDate,
    /** The n-th answer file of this run, from 1. */
    file: z.int().positive(),
    fileDigest: Digest,
    chunks: z.int().nonnegative(),
    credited: z.int().nonnegative(),
    creditedFen: AmountFen,
    returned: z.int().nonnegative(),
    returnedFen: AmountFen,
    unknown: z.int().nonnegative(),
    /** Rows that say something else of a line than an earlier file; in neither sum. */
    contradictions: z.int().nonnegative(),
    by: ActorId,
  }),
  PaymentRunClosed: event(1, 'closedOn', {
    closedOn: PlainDate,
    differences: z.array(ShortText),
    by: ActorId,
  }),
} as const
export type PaymentRunEvent = EventOf<typeof paymentRunEvents>

/** `paymentRunLines-<run>-<n>`: the lines, in chunks; the log alone holds what was paid. */
export const paymentRunLinesEvents = {
  PaymentLinesFrozen: event(1, 'period', {
    period: Month,
    runId: RunId,
    chunk: z.int().nonnegative(),
    lines: z.array(PaymentLine).min(1),
  }),
} as const
export type PaymentRunLinesEvent = EventOf<typeof paymentRunLinesEvents>

/**
 * The bank's word on one line: partial credits say how much arrived. `duplicate`: what was recorded
 * before. `contradiction`: less arrived than what was recorded before says, without effect.
 */
export const BankAnswer = z.strictObject({
  line: z.int().nonnegative(),
  outcome: z.enum(['credited', 'returned', 'partial', 'duplicate', 'contradiction']),
  creditedFen: AmountFen,
  reason: ShortText.nullable(),
})
export type BankAnswer = z.infer<typeof BankAnswer>

/** `paymentRunAnswers-<run>-<file>-<n>`: the bank's answers, in chunks. */
export const paymentRunAnswersEvents = {
  BankAnswersFiled: event(1, 'answeredOn', {
    answeredOn: PlainDate,
    runId: RunId,
    file: z.int().positive(),
    chunk: z.int().nonnegative(),
    answers: z.array(BankAnswer).min(1),
  }),
} as const
export type PaymentRunAnswersEvent = EventOf<typeof paymentRunAnswersEvents>
