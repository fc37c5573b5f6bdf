import type { PaymentLine } from '../../domain/payment-run/events.js'
import type { RunId } from '../../domain/values/identifiers.js'
import type { Caller } from '../caller.js'
import { type DerivedRun, deriveLines } from './derive-lines.js'
import { admittedRun, openedRun } from './opened-run.js'
import type { PaymentParts } from './parts.js'
import type { OnProgress } from './ports.js'
import { LinesDigest, lineText, storedLines } from './run-lines.js'

/** Where stored and derived lines part: the canonical texts, null where one of them has no more. */
export interface LineDifference {
  readonly line: number
  readonly stored: string | null
  readonly derived: string | null
}

export interface RunComparison {
  readonly lines: number
  /** Of the stored lines, up to the first difference. */
  readonly linesDigest: string
  /** Whether the digest is the one that the preparation recorded; null before it is there. */
  readonly digestAsPrepared: boolean | null
  readonly firstDifference: LineDifference | null
}

/**
 * Derives the lines of a run again at its ordinal and compares them with the stored ones, byte for
 * byte. Stored lines are fact: a difference is named and nothing is replaced.
 */
export async function verifyRun(
  parts: PaymentParts,
  caller: Pick<Caller, 'actor'>,
  asked: { readonly runId: RunId; readonly onProgress?: OnProgress },
): Promise<RunComparison> {
  const { runId, onProgress } = asked
  const { parameters, state } = await openedRun(parts, caller, runId)
  const run = await admittedRun(parts, parameters)
  const derived = derivedOnes(parts, run)[Symbol.asyncIterator]()
  const digest = new LinesDigest()
  let lines = 0
  let firstDifference: LineDifference | null = null
  for await (const stored of storedLines(parts.store, runId)) {
    const text = lineText(stored)
    const next = await derived.next()
    const again = next.done ? null : lineText(next.value)
    lines += 1
    digest.add(text)
    if (lines % 1000 === 0) onProgress?.({ stage: 'comparison', cases: lines, lines })
    if (again === text) continue
    firstDifference = { line: stored.line, stored: text, derived: again }
    break
  }
  if (!firstDifference) firstDifference = surplus(await derived.next(), lines)
  await derived.return?.(undefined)
  const linesDigest = digest.finish()
  const digestAsPrepared = state.prepared && state.prepared.linesDigest === linesDigest
  return { lines, linesDigest, digestAsPrepared, firstDifference }
}

function surplus(next: IteratorResult<PaymentLine>, lines: number): LineDifference | null {
  if (next.done) return null
  return { line: lines + 1, stored: null, derived: lineText(next.value) }
}

async function* derivedOnes(parts: PaymentParts, run: DerivedRun): AsyncGenerator<PaymentLine> {
  for await (const page of deriveLines(parts, run)) yield* page.lines
}
