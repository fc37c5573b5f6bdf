import { DomainError } from '../../domain/errors.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import { nextAnswerFile } from '../../domain/payment-run/payment-run.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { RunId } from '../../domain/values/identifiers.js'
import { fen, formatYuan } from '../../domain/values/money.js'
import type { Caller } from '../caller.js'
import { paymentRunStream } from '../streams.js'
import type { LineStandings, StandingTotals } from './match-answers.js'
import { type OpenedRun, openedRun } from './opened-run.js'
import type { PaymentParts } from './parts.js'
import type { OnProgress } from './ports.js'
import { hasBegun, standingsOf } from './run-answers.js'
import { contradictionZh } from './told.js'
import { verifyRun } from './verify-run.js'

export interface CloseRun {
  readonly runId: RunId
  readonly onProgress?: OnProgress
}

/**
 * Closes a run: roll, run, bank and ledger say the same, or each difference is listed and stays on
 * record with the closing.
 *
 * @throws DomainError `run-not-released`, `answers-unfinished` while a file is being filed
 */
export async function closeRun(
  parts: PaymentParts,
  caller: Caller,
  asked: CloseRun,
): Promise<{ readonly differences: readonly string[] }> {
  const run = await openedRun(parts, caller, asked.runId)
  if (run.state.closed) return { differences: run.state.closed.differences }
  const differences = await differencesOf(parts, caller, { ...asked, run })
  await assertNoAnswerCame(parts, caller, run)
  await parts.handler.handle({
    stream: paymentRunStream(run.runId),
    decider: paymentRunDecider,
    command: {
      type: 'ClosePaymentRun',
      closedOn: shanghaiDateOf(parts.clock.now()),
      differences: [...differences],
      by: caller.actor.sub,
    },
    caller,
    step: 'close',
    request: { runId: run.runId },
  })
  return { differences }
}

/** Answers that come while the sides are compared are on one of them only. */
async function assertNoAnswerCame(
  parts: PaymentParts,
  caller: Caller,
  { runId, state }: OpenedRun,
): Promise<void> {
  const file = nextAnswerFile(state)
  const since = (await openedRun(parts, caller, runId)).state.answers.length
  const isBegun = await hasBegun(parts.store, { runId, file })
  if (isBegun || since !== state.answers.length)
    throw new DomainError('answers-unfinished', { runId, file })
}

async function differencesOf(
  parts: PaymentParts,
  caller: Caller,
  of: CloseRun & { readonly run: OpenedRun },
): Promise<readonly string[]> {
  const { run, ...asked } = of
  const { prepared, released, answers } = run.state
  if (!prepared || !released) throw new DomainError('run-not-released', { runId: run.runId })
  const comparison = await verifyRun(parts, caller, asked)
  const standings = await standingsOf(parts.store, {
    runId: run.runId,
    lines: prepared.lineCount + prepared.heldCount,
    files: answers.length,
  })
  const bank = standings.totals()
  const paid = await parts.paid.paidByRun(run)
  const answered = answers.reduce((sum, one) => sum + one.creditedFen + one.returnedFen, 0)
  return [
    ...(comparison.firstDifference
      ? [`名册：第 ${comparison.firstDifference.line} 笔与复算不符`]
      : []),
    ...(comparison.digestAsPrepared === false ? ['批次：明细与编制时的校验值不符'] : []),
    ...bankDifferences(bank, { sentFen: released.totalFen, answered }),
    ...contradictionsOf(standings),
    ...unequal('台账：已发放', paid.releasedFen, released.totalFen),
    ...unequal('台账：已退回', paid.returnedFen, cameBack(bank)),
  ]
}

function bankDifferences(
  bank: StandingTotals,
  of: { readonly sentFen: number; readonly answered: number },
): readonly string[] {
  const { open } = bank
  const sent =
    open.amountFen + bank.credited.amountFen + bank.partial.amountFen + bank.returned.amountFen
  const reversed = of.answered - (of.sentFen - open.amountFen)
  return [
    ...unequal('银行：送盘', sent, of.sentFen),
    ...(open.lines > 0 ? [`银行：${open.lines} 笔未回盘，共 ${yuan(open.amountFen)}`] : []),
    ...(reversed > 0 ? [`银行：先成功后退票，共 ${yuan(reversed)}`] : []),
  ]
}

/** A closing lists so many; all of them are in the lines of the run. */
const contradictionsListedAtMost = 100

function contradictionsOf(standings: LineStandings): readonly string[] {
  const all = standings.contradicted()
  const more = all.length - contradictionsListedAtMost
  return [
    ...all.slice(0, contradictionsListedAtMost).map((one) => `银行：${contradictionZh(one)}`),
    ...(more > 0 ? [`银行：另有 ${more} 笔前后说法不一，见发放明细（contradicted=true）`] : []),
  ]
}

function cameBack(bank: StandingTotals): number {
  return (
    bank.credited.amountFen + bank.partial.amountFen + bank.returned.amountFen - bank.arrivedFen
  )
}

function unequal(what: string, is: number, shouldBe: number): readonly string[] {
  return is === shouldBe ? [] : [`${what} ${yuan(is)}，应为 ${yuan(shouldBe)}`]
}

function yuan(amountFen: number): string {
  return `${formatYuan(fen(amountFen))} 元`
}
