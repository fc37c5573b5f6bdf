import { type BulkDecisionEvent, bulkDecisionEvents } from './bulk-decision/events.js'
import { type CaseEvent, caseEvents } from './case/events.js'
import type { EventSchemas } from './event-schema.js'
import { type PayerEvent, payerEvents } from './fund/events.js'
import {
  type DeathListEvent,
  deathListEvents,
  type ImportEvent,
  importEvents,
  type ReportedFigureEvent,
  reportedFigureEvents,
} from './import/events.js'
import { type LedgerEvent, ledgerEvents } from './ledger/events.js'
import {
  type PaymentRunAnswersEvent,
  type PaymentRunEvent,
  type PaymentRunLinesEvent,
  paymentRunAnswersEvents,
  paymentRunEvents,
  paymentRunLinesEvents,
} from './payment-run/events.js'
import {
  type IdentityEvent,
  identityEvents,
  type PersonEvent,
  personEvents,
} from './person/events.js'
import {
  type DivisionEvent,
  divisionEvents,
  type ProgrammeEvent,
  programmeEvents,
  type StandardEvent,
  standardEvents,
} from './policy/events.js'
import { type PriceLinkEvent, priceLinkEvents } from './price-link/events.js'
import { type RecoveryEvent, recoveryEvents } from './recovery/events.js'

/** Every kind of stream by the word its name begins with, and the events it may hold. */
export const streamKinds = {
  ledger: ledgerEvents,
  identity: identityEvents,
  person: personEvents,
  case: caseEvents,
  programme: programmeEvents,
  standard: standardEvents,
  division: divisionEvents,
  priceLink: priceLinkEvents,
  bulkDecision: bulkDecisionEvents,
  payer: payerEvents,
  paymentRun: paymentRunEvents,
  paymentRunLines: paymentRunLinesEvents,
  paymentRunAnswers: paymentRunAnswersEvents,
  recovery: recoveryEvents,
  import: importEvents,
  deathList: deathListEvents,
  reportedFigure: reportedFigureEvents,
} as const satisfies Readonly<Record<string, EventSchemas>>
export type StreamKind = keyof typeof streamKinds

/** Everything that can stand in the log. Type names are unique across streams. */
export type LedgerEventUnion =
  | LedgerEvent
  | IdentityEvent
  | PersonEvent
  | CaseEvent
  | ProgrammeEvent
  | StandardEvent
  | DivisionEvent
  | PriceLinkEvent
  | BulkDecisionEvent
  | PayerEvent
  | PaymentRunEvent
  | PaymentRunLinesEvent
  | PaymentRunAnswersEvent
  | RecoveryEvent
  | ImportEvent
  | DeathListEvent
  | ReportedFigureEvent
