import type { Actor } from '../application/caller.js'
import type { ImportParts } from '../application/imports/run-import.js'
import type { Founding } from '../application/ledger.js'
import type { PaymentProcess } from '../application/payment/payment-process.js'
import type { ProcessParts } from '../application/processes/parts.js'
import type { ReassessmentParts } from '../application/reassessment.js'
import type { DomainError } from '../domain/errors.js'
import type { DivisionCode } from '../domain/values/division.js'

/** How far long work has come. */
export interface Progress {
  readonly done: number
  readonly total: number
}
export type OnProgress = (progress: Progress) => void

/** What a command prints: a sentence or a figure a line, by name. */
export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export interface TokenOrder {
  readonly sub: string
  readonly name: string
  readonly roles: readonly string[]
  readonly division: string
  readonly days: number
}

/** Tokens of a ledger that signs its own. */
export interface TokenDesk {
  /**
   * By an administrator for their subtree, or by nobody: the first one under this key.
   * Errors: option-malformed, division-outside-scope, first-token-issued.
   */
  issue(
    order: TokenOrder,
    by: Actor | null,
  ): Promise<{ readonly token: string; readonly tokenId: string }>
  /** One token, or every token that a person was given up to now; how many this ledger signed. */
  revoke(of: {
    readonly kind: 'token' | 'actor'
    readonly value: string
    readonly reason: string
    readonly by: Actor
  }): Promise<{ readonly ended: number; readonly beyond: number }>
  /** What was revoked, newest first. */
  listRevoked(): Promise<readonly Facts[]>
}

export interface ExplainQuestion {
  readonly caseId: string
  /** A month, `2012-05`. */
  readonly month: string
  /** An ordinal or an instant; undefined for now. */
  readonly asKnownAt: string | undefined
}

/** A ledger that is open, with its read models following its log. */
export interface OperatorLedger {
  readonly founding: Founding
  readonly processes: ProcessParts
  readonly imports: ImportParts
  readonly payments: PaymentProcess
  /** Brings decisions up to facts and policy before a run is opened. */
  readonly reassessment: ReassessmentParts
  readonly tokens: TokenDesk
  /** Who a token speaks for. Errors: token-missing, token-invalid, token-revoked. */
  actorOf(token: string | undefined): Promise<Actor>
  /** Lines that people read: the amount of a month, its workings, and the events behind it. */
  explain(question: ExplainQuestion): Promise<readonly string[]>
  /** Imports prepared for places of a subtree and not written: the newest thousand. */
  importsWaiting(division: DivisionCode): Promise<readonly Facts[]>
  rebuild(onProgress: OnProgress): Promise<Facts>
  /** Differences between the read models and the log; empty when there are none. */
  check(onProgress: OnProgress): Promise<readonly string[]>
  /** Processes over several streams that were cut short; sent again they come to their end. */
  unfinished(): Promise<readonly string[]>
  status(): Promise<Facts>
  close(): Promise<void>
}

export interface BackupOrder {
  readonly file: string
  readonly keysFile: string
  readonly passphrase: string
  readonly onProgress: OnProgress
}

/** A log file that is written or read. */
export interface MoveOrder {
  readonly file: string
  readonly onProgress: OnProgress
}

/** Everything the commands stand on; `compose` gives it. */
export interface OperatorPorts {
  /** Serves until it is told to stop. */
  serve(): Promise<void>
  /** The names of the migrations that ran now. */
  migrate(): Promise<readonly string[]>
  /** Makes a ledger in an empty log, or answers what its first event says. */
  found(name: string): Promise<Founding>
  /** Errors: ledger-not-founded. */
  open(): Promise<OperatorLedger>
  backup(order: BackupOrder & { readonly overwrite: boolean }): Promise<Facts>
  restore(order: BackupOrder & { readonly erasures: string | undefined }): Promise<Facts>
  exportLog(order: MoveOrder): Promise<Facts>
  /** Errors: log-not-empty, log-file-broken, log-keys-missing. */
  importLog(order: MoveOrder): Promise<Facts>
  sentencesOf(error: DomainError): { readonly zh: string; readonly en: string }
}

/** Where a command reads and writes; a test gives its own. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whether progress may be drawn over itself. */
  readonly interactive: boolean
  out(text: string): void
  err(text: string): void
}

export interface CommandContext {
  readonly ports: OperatorPorts
  readonly terminal: Terminal
}
