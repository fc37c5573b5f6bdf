/** What a server can be told to do wrong, once, with the next call of a kind. */
export type PlannedFailure =
  /** Answers late. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Takes the call and never answers; `stores` says whether it did what was asked. */
  | { readonly kind: 'silent'; readonly stores?: boolean }
  /** "Server Is Busy" or "Server Is Not Ready", which the client calls an UnknownError. */
  | { readonly kind: 'busy' | 'not-ready' }
  /** A gRPC status, by its code. */
  | { readonly kind: 'status'; readonly code: number }
  /** Ends the stream in order, without an error and without an answer. */
  | { readonly kind: 'graceful-end'; readonly after?: number }
  /** Does what was asked, then resets the stream. */
  | { readonly kind: 'reset-after-accept' }
  /** Does what was asked, then cuts every connection. */
  | { readonly kind: 'cut-after-accept' }
  /** Handles or gives everything twice. */
  | { readonly kind: 'duplicate' }
  /** Says that the stream is at another revision. */
  | { readonly kind: 'wrong-revision' }
  | { readonly kind: 'too-large' }
  /** Says who the leader is, and that it is somebody else. */
  | { readonly kind: 'not-leader'; readonly port: number }
  /** A read that leaves the n-th event out, counted from one. */
  | { readonly kind: 'loses'; readonly nth: number }

/** Appends, reads of one stream, reads of `$all`. */
export type CallKind = 'append' | 'read' | 'read-all'

/** The failures to come, and a count of the calls that were made. */
export class FailurePlan {
  readonly #planned = new Map<CallKind, PlannedFailure[]>()
  readonly #calls = new Map<CallKind, number>()
  readonly #always = new Map<CallKind, PlannedFailure>()

  /** The next `times` calls of the kind fail so. */
  next(kind: CallKind, failure: PlannedFailure, times = 1): void {
    const planned = this.#planned.get(kind) ?? []
    this.#planned.set(kind, planned)
    planned.push(...Array.from({ length: times }, () => failure))
  }

  /** Every call of the kind fails so, until told otherwise by undefined. */
  always(kind: CallKind, failure: PlannedFailure | undefined): void {
    if (failure) this.#always.set(kind, failure)
    else this.#always.delete(kind)
  }

  calls(kind: CallKind): number {
    return this.#calls.get(kind) ?? 0
  }

  take(kind: CallKind): PlannedFailure | undefined {
    this.#calls.set(kind, this.calls(kind) + 1)
    return this.#planned.get(kind)?.shift() ?? this.#always.get(kind)
  }
}
