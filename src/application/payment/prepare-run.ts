import { DomainError } from '../../domain/errors.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import type { PaymentLine } from '../../domain/payment-run/events.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { RunId } from '../../domain/values/identifiers.js'
import { AmountFen, type Fen } from '../../domain/values/money.js'
import type { Caller } from '../caller.js'
import { paymentRunStream } from '../streams.js'
import { type DerivedRun, deriveLines } from './derive-lines.js'
import { type OpenRun, runIfOpened } from './open-run.js'
import { admittedRun, type OpenedRun, openedRun } from './opened-run.js'
import type { PaymentParts } from './parts.js'
import { settleWithPayer } from './payer-of-county.js'
import type { OnProgress } from './ports.js'
import { LinesDigest, lineText, RunLinesWriter } from './run-lines.js'

/** What a run pays and what it holds; `lineCount` and `totalFen` go to the bank. */
export interface RunTotals {
  readonly lineCount: number
  readonly totalFen: Fen
  readonly heldCount: number
  readonly heldFen: Fen
  /** SHA-256 over the canonical lines in order, each with a line feed. */
  readonly linesDigest: string
  /** Cases that were paid more than they are owed: recoveries that an approval will find. */
  readonly overpaidCases: number
}

export interface PrepareRun {
  readonly runId: RunId
  readonly onProgress?: OnProgress | undefined
}

/**
 * Freezes the lines of a run in the log and settles it with its payer. Ended by a crash and sent
 * again, by whom and with which key ever, it goes on where it was and comes to the same digest.
 *
 * @throws DomainError `run-rejected`, `run-lines-differ`, `run-unknown`, `division-outside-scope`
 */
export async function prepareRun(
  parts: PaymentParts,
  caller: Caller,
  { runId, onProgress }: PrepareRun,
): Promise<void> {
  const run = await openedRun(parts, caller, runId)
  if (run.state.rejected)
    throw new DomainError('run-rejected', { reason: run.state.rejected.reason })
  if (!run.state.prepared) await freeze(parts, caller, { ...run, onProgress })
  await settleWithPayer(parts, caller, { ...run, outcome: 'prepared' })
}

/** What preparing an opened run would come to, and nothing written. */
export async function previewOpenedRun(
  parts: PaymentParts,
  caller: Caller,
  { runId, onProgress }: PrepareRun,
): Promise<RunTotals> {
  const { parameters } = await openedRun(parts, caller, runId)
  return sumUp(parts, await admittedRun(parts, parameters), { onProgress })
}

/** What a run would come to if it were opened and prepared now, and nothing written. */
export async function previewRun(
  parts: PaymentParts,
  caller: Caller,
  asked: OpenRun & { readonly onProgress?: OnProgress },
): Promise<RunTotals> {
  const { onProgress, ...open } = asked
  return sumUp(parts, await runIfOpened(parts, caller, open), { onProgress })
}

async function freeze(
  parts: PaymentParts,
  caller: Caller,
  run: OpenedRun & Pick<PrepareRun, 'onProgress'>,
): Promise<void> {
  const { runId, parameters, onProgress } = run
  const { period } = parameters
  const writer = new RunLinesWriter({ ...parts, caller, runId, period })
  const { overpaidCases: _, ...totals } = await sumUp(parts, await admittedRun(parts, parameters), {
    onProgress,
    each: (line, text) => writer.add(line, text),
  })
  const chunks = await writer.finish()
  await parts.handler.handle({
    stream: paymentRunStream(runId),
    decider: paymentRunDecider,
    command: {
      type: 'PreparePaymentRun',
      preparedOn: shanghaiDateOf(parts.clock.now()),
      ...totals,
      totalFen: AmountFen.parse(totals.totalFen),
      heldFen: AmountFen.parse(totals.heldFen),
      chunks,
      by: caller.actor.sub,
    },
    caller,
    step: 'prepare',
    request: { runId },
  })
}

async function sumUp(
  parts: PaymentParts,
  run: DerivedRun,
  with_: {
    readonly onProgress?: OnProgress | undefined
    readonly each?: (line: PaymentLine, text: string) => Promise<void>
  },
): Promise<RunTotals> {
  const digest = new LinesDigest()
  const sums = { cases: 0, lineCount: 0, totalFen: 0, heldCount: 0, heldFen: 0, overpaidCases: 0 }
  for await (const page of deriveLines(parts, run)) {
    sums.cases += page.cases
    sums.overpaidCases += page.overpaidCases
    for (const line of page.lines) {
      const isHeld = line.heldFor !== null
      sums[isHeld ? 'heldCount' : 'lineCount'] += 1
      sums[isHeld ? 'heldFen' : 'totalFen'] += line.amountFen
      const text = lineText(line)
      digest.add(text)
      await with_.each?.(line, text)
    }
    const lines = sums.lineCount + sums.heldCount
    with_.onProgress?.({ stage: 'lines', cases: sums.cases, lines })
  }
  const { cases: _, ...totals } = sums
  return {
    ...totals,
    totalFen: AmountFen.parse(sums.totalFen),
    heldFen: AmountFen.parse(sums.heldFen),
    linesDigest: digest.finish(),
  }
}
