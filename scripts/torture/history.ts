/** A write as its writer saw it. Times are milliseconds of one monotonic clock. */
export interface RecordedWrite {
  /** Unique a write; the event that it makes carries it. */
  readonly id: string
  readonly stream: string
  /** When it was first sent. */
  readonly invokedAt: number
  /** When its last answer came, or its writer gave up. */
  readonly endedAt: number
  readonly outcome: WriteOutcome
}

export type WriteOutcome =
  | { readonly kind: 'acknowledged'; readonly version: number; readonly ordinal: number }
  | { readonly kind: 'refused'; readonly code: string }
  /** No attempt was answered: the event may be there or not. */
  | { readonly kind: 'unknown' }

/** An event as a reader of the log got it. */
export interface ReadEvent {
  readonly ordinal: number
  readonly stream: string
  readonly version: number
  readonly leafHash: string
  /** The id of the write that it came from; null for events that no writer of ours made. */
  readonly write: string | null
}

export interface History {
  readonly writes: readonly RecordedWrite[]
  /** The whole log, read once everything stood still. */
  readonly log: readonly ReadEvent[]
  /** What each subscription was handed, in the order in which it was. */
  readonly subscriptions: readonly (readonly ReadEvent[])[]
}

/** What a log did that it must never do. */
export interface Fault {
  readonly kind: FaultKind
  readonly detail: string
}

export type FaultKind =
  | 'acknowledged-lost'
  | 'refused-stored'
  | 'stored-twice'
  | 'elsewhere-than-acknowledged'
  | 'ordinals-not-dense'
  | 'versions-not-dense'
  | 'order-of-time-broken'
  | 'subscription-differs'
