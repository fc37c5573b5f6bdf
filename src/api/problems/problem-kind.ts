import type { ErrorCode } from '../../domain/error-codes.js'

/**
 * How a reason is told over HTTP. A sentence says what is wrong, where, and what to do; `{fact}`
 * in it stands for a fact of the refusal.
 */
export interface ProblemKind {
  readonly status: number
  readonly titleZh: string
  readonly titleEn: string
  readonly sentenceZh: string
  readonly sentenceEn: string
  /** After how many seconds the same request may be tried again. */
  readonly retryAfterSeconds?: number
}

/** A part of the table; `problem.ts` joins the parts and holds that none is missing. */
export type ProblemKinds = Partial<Readonly<Record<ErrorCode, ProblemKind>>>
