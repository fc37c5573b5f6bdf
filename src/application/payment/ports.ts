import type { LineItem, RunKind } from '../../domain/payment-run/events.js'
import type { SupplementGrant } from '../../domain/payment-run/persons-of-line.js'
import type { RecoveryMonth } from '../../domain/recovery/months.js'
import type { Month } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { UrbanRural } from '../../domain/values/document.js'
import type { CaseId, Ordinal, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'

/** Where a page of cases begins: after this one, in the order of division, then case id. */
export interface CaseKey {
  readonly division: DivisionCode
  readonly caseId: CaseId
}

export interface OwedRequest {
  readonly programmes: readonly ProgrammeCode[]
  /** The subtree; a case belongs to it by its place in `throughMonth`. */
  readonly division: DivisionCode
  /** Months for which money is asked: up to and including this one. */
  readonly throughMonth: Month
  readonly kind: RunKind
  /** Everything is as known at this ordinal, whatever came later. */
  readonly ordinal: Ordinal
  /**
   * When the run was admitted. Cases of runs that other counties had admitted by then, and had not
   * settled at `ordinal`, are held for 'other-county-run-open'.
   */
  readonly admitted: Ordinal
  readonly after: CaseKey | null
  readonly limit: number
}

/**
 * One case with what it is owed and what runs have committed to it, of all components.
 *
 * `owed`: cash only, nothing reported as settled by an earlier source, persons summed; one item a
 * month and component. `committed`: the unheld lines of every run not rejected, also of runs still
 * being prepared, less what was returned or did not arrive. Months in which both sides are equal
 * for every component and that no recovery ever held may be left out.
 */
export interface OwedCase extends CaseKey {
  readonly programme: ProgrammeCode
  /** By the place in `throughMonth`, as the division is. */
  readonly urbanRural: UrbanRural
  /**
   * Who gets the money of the head in `throughMonth`, or of the last head of a household in which
   * nobody is left; null where there never was one.
   */
  readonly payee: PayeeAccount | null
  /**
   * Covered persons in `throughMonth`; of a case that has left the roll, in its last month on it;
   * of a case that was never on it (one-off aid), its covered members in the month of its last
   * grant.
   */
  readonly covered: readonly PersonId[]
  readonly owed: readonly LineItem[]
  /** The supplements in what is owed, of one month and component the newest first. */
  readonly grants: readonly SupplementGrant[]
  readonly committed: readonly LineItem[]
  /** How each month stands in the recoveries of the case. */
  readonly recovery: readonly RecoveryMonth[]
  /**
   * Reasons for which nothing may be paid in `throughMonth`: holds on the case, the payee as a
   * person, the account, the programme; an unfinished import.
   */
  readonly holds: readonly string[]
  /** The rule in force says so, and the month is over which life was verified. */
  readonly lifeVerificationOverdue: boolean
  /** The rule in force holds money when a review is overdue, and one is. */
  readonly reviewOverdue: boolean
}

/** The person designated last, else the head, with the account in force. */
export interface PayeeAccount {
  readonly payee: PersonId
  /** Null when the payee has none. */
  readonly accountVersion: number | null
}

/** What is owed and committed, at an ordinal. Implemented by the read model. */
export interface OwedReader {
  /**
   * Up to `limit` cases after `after`, ordered by division and then case id, byte for byte as
   * text. Cases with nothing owed and nothing committed may be left out. Empty at the end.
   */
  owedAndCommitted(request: OwedRequest): Promise<readonly OwedCase[]>
}

/** How far the read model and the reassessment have come. */
export interface LedgerProgress {
  /**
   * Waits a bounded time until the read model knows `atLeast`; answers the ordinal that it knows.
   * Errors: 'projection-behind'.
   */
  knownOrdinal(atLeast: Ordinal): Promise<Ordinal>
  /** The ordinal up to which every fact and policy has become a decision, or a proposal. */
  reassessedThrough(): Promise<Ordinal>
}

/** What a bank needs to know of one payee, opened for the bank file and for nothing else. */
export interface OpenedAccount {
  readonly holder: string
  readonly account: string
  readonly bank: string
}

export interface AccountReference {
  readonly payee: PersonId
  readonly accountVersion: number
}

/** Opens sealed accounts; each call is a read of personal data, recorded by who implements it. */
export interface AccountOpener {
  /** One account a reference, in the order asked; null where its person was erased. */
  openAccounts(references: readonly AccountReference[]): Promise<readonly (OpenedAccount | null)[]>
}

/** Where a rendered file goes, piece by piece; opened and closed by the caller. */
export interface FileSink {
  write(bytes: Uint8Array): Promise<void>
}

/** What a run's lines say in total, as they went by. */
export interface PaymentProgress {
  readonly stage: 'lines' | 'recoveries' | 'bank-file' | 'answers' | 'comparison'
  readonly cases: number
  readonly lines: number
}

export type OnProgress = (progress: PaymentProgress) => void
