import { z } from 'zod'
import { type EventOf, event } from '../event-schema.js'
import { RunParameters } from '../payment-run/events.js'
import { PlainDate } from '../values/calendar.js'
import { PolicyDocument, ShortText } from '../values/document.js'
import { ActorId, ProgrammeCode, RunId } from '../values/identifiers.js'
import { AmountFen } from '../values/money.js'

/** What one fund pays of one programme. */
export const FundPart = z.strictObject({
  fundId: ShortText,
  programme: ProgrammeCode,
  amountFen: AmountFen,
})
export type FundPart = z.infer<typeof FundPart>

/** `payer-<county>`: who may open which run, and what money there is to release it from. */
export const payerEvents = {
  RunAdmitted: event(1, 'admittedOn', {
    admittedOn: PlainDate,
    parameters: RunParameters,
    by: ActorId,
  }),
  /** Prepared: later overlapping runs may open. Released or rejected: also earlier ones. */
  RunSettled: event(1, 'settledOn', {
    settledOn: PlainDate,
    runId: RunId,
    outcome: z.enum(['prepared', 'released', 'rejected']),
  }),
  FundAllocated: event(1, 'allocatedOn', {
    allocatedOn: PlainDate,
    fundId: ShortText,
    /** Programmes it may pay for; no cross-use. */
    programmes: z.array(ProgrammeCode).min(1),
    amountFen: AmountFen,
    source: ShortText,
    document: PolicyDocument,
  }),
  FundReserved: event(1, 'reservedOn', {
    reservedOn: PlainDate,
    runId: RunId,
    parts: z.array(FundPart),
  }),
  /** Money of a released run that the bank brought back: it is free again. */
  FundReturned: event(1, 'returnedOn', {
    returnedOn: PlainDate,
    runId: RunId,
    parts: z.array(FundPart).min(1),
  }),
  FundReleased: event(1, 'releasedOn', {
    releasedOn: PlainDate,
    runId: RunId,
    reason: ShortText,
  }),
} as const
export type PayerEvent = EventOf<typeof payerEvents>
