import type { Instant } from '../domain/values/calendar.js'
import type { DivisionCode } from '../domain/values/division.js'
import type { ActorId, Ordinal, PersonId } from '../domain/values/identifiers.js'

/** What a command is executed with, beside its own content. */
export interface CommandContext {
  readonly actor: ActorId
  /** The Idempotency-Key; unique for this actor. The application derives ids and append keys. */
  readonly key: string
  /** Keyed hash of the request, 64 hex digits: the same key with another one is refused. */
  readonly requestHash: string
  /** The request id, kept with every event that the command makes. */
  readonly correlation: string
  /** The version that If-Match named; absent: whatever stands. */
  readonly expectedVersion?: number
}

/** What became of a command that was not refused. */
export interface CommandOutcome<Result> {
  /** The stream's version, or null where the command has no one stream. */
  readonly version: number | null
  /** The ordinal at which everything the command wrote can be read. */
  readonly ordinal: Ordinal
  /** Whether the log had this command already. */
  readonly replayed: boolean
  readonly result: Result
}

/** How far what is read stands in the ledger. */
export interface ReadPosition {
  readonly ordinal: Ordinal
  /** When the event at that ordinal was recorded; null before the first event. */
  readonly instant: Instant | null
}

/** Where the ledger and its read models stand. */
export interface LedgerProgress {
  readonly clock: 'real' | 'simulated'
  now(): Instant
  /** How far the read models have come. */
  asOf(): Promise<ReadPosition>
  /** The last ordinal known at an instant. */
  ordinalAt(at: Instant): Promise<Ordinal>
  /** Whether the read models reached an ordinal before that many milliseconds were over. */
  waitFor(ordinal: Ordinal, milliseconds: number): Promise<boolean>
}

/** PostgreSQL as this room needs it; a pool of `pg` is one. */
export interface SqlClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** Answers of earlier writes, so that a retry gets the same one. Only the log decides. */
export interface AnswerStore {
  find(key: AnswerKey): Promise<StoredAnswer | null>
  keep(answer: StoredAnswer): Promise<void>
}

export interface AnswerKey {
  readonly actor: ActorId
  readonly key: string
}

export interface StoredAnswer extends AnswerKey {
  readonly requestHash: string
  readonly status: number
  readonly etag: string | null
  readonly location: string | null
  /** The body as it was sent. It holds ids and amounts, never personal data. */
  readonly body: string
}

/** Tokens that count no longer. */
export interface Revocations {
  isRevoked(token: TokenIdentity): Promise<boolean>
  revoke(revocation: Revocation): Promise<void>
}

export interface TokenIdentity {
  readonly tokenId: string
  readonly subject: ActorId
  /** The subtree in which its roles hold. */
  readonly division: DivisionCode
  /** Seconds since 1970. */
  readonly issuedAtSeconds: number
}

/** One token, or every token that an actor was given up to now. */
export interface Revocation {
  readonly kind: 'token' | 'actor'
  readonly value: string
  /** Tokens that hold beyond this subtree go on: they are not its administrator's to end. */
  readonly division: DivisionCode
  readonly by: ActorId
  readonly reason: string
}

/** A token that this ledger signed; `issuedBy` is null for the first one under a key. */
export interface IssuedToken {
  readonly tokenId: string
  readonly actor: ActorId
  readonly division: DivisionCode
  readonly issuedBy: ActorId | null
  readonly lifetimeSeconds: number
}

/** Standing tokens that a revocation names: those it ends, and those of places beyond it. */
export interface TokensMeant {
  readonly ended: number
  readonly beyond: number
}

export interface IssuedTokens {
  record(token: IssuedToken): Promise<void>
  meantBy(revocation: Pick<Revocation, 'division' | 'kind' | 'value'>): Promise<TokensMeant>
}

/** Who read whose personal data, when and why. */
export interface PersonalDataAccess {
  readonly actor: ActorId
  /** The scope that the actor read in. */
  readonly division: DivisionCode
  readonly persons: readonly PersonId[]
  readonly purpose: string
  readonly route: string
  readonly requestId: string
}

export interface LoggedAccess extends PersonalDataAccess {
  readonly accessId: number
  readonly accessedAt: Instant
}

export interface AccessQuery {
  /** Accesses of actors whose scope lies in this subtree. */
  readonly within: DivisionCode
  readonly actor?: string | undefined
  readonly person?: string | undefined
  /** Accesses before this one; newest first. */
  readonly before: number | null
  readonly limit: number
}

export interface PersonalDataAccessLog {
  record(access: PersonalDataAccess): Promise<void>
  list(query: AccessQuery): Promise<readonly LoggedAccess[]>
}

/** Whether the service can do its work. */
export interface Readiness {
  readonly logReachable: boolean
  readonly projections: readonly ProjectionState[]
}

export interface ProjectionState {
  readonly name: string
  readonly ordinal: Ordinal
  /** Events that the log has and the projection has not seen. */
  readonly lagEvents: number
  readonly halted: boolean
  /** Whether this process is the one that writes it. */
  readonly leading: boolean
}
