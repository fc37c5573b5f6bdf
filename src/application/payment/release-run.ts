import { DomainError } from '../../domain/errors.js'
import { payerDecider } from '../../domain/fund/decide.js'
import type { PaymentRunCommand } from '../../domain/payment-run/commands.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { ProgrammeCode, RunId } from '../../domain/values/identifiers.js'
import { AmountFen } from '../../domain/values/money.js'
import type { Caller } from '../caller.js'
import { payerStream, paymentRunStream } from '../streams.js'
import type { BankLayout } from './bank-layout.js'
import { type OpenedRun, openedRun } from './opened-run.js'
import type { PaymentParts } from './parts.js'
import { countyOf, settleWithPayer } from './payer-of-county.js'
import type { FileSink, OnProgress } from './ports.js'
import { type BankFile, isForBank, renderBankFile } from './render-bank-file.js'
import { storedChunks, storedLines } from './run-lines.js'

export interface ReleaseRun {
  readonly runId: RunId
  /** The name of a layout. */
  readonly layout: string
  readonly sink: FileSink
  readonly onProgress?: OnProgress
}

/**
 * Sets the money aside, writes the bank file and records its digest. What may not be released is
 * refused before a byte is written. Sent again, it writes the same file again.
 *
 * @throws DomainError `same-person-prepares-and-approves`, `run-not-approved`,
 *   `run-already-released`, `funds-insufficient`, `bank-layout-unknown`, `bank-field-too-wide`
 */
export async function releaseRun(
  parts: PaymentParts,
  caller: Caller,
  asked: ReleaseRun,
): Promise<BankFile> {
  const run = await openedRun(parts, caller, asked.runId)
  const layout = layoutOf(parts, asked.layout)
  if (run.state.released) {
    await settleWithPayer(parts, caller, { ...run, outcome: 'released' })
    return writeBankFile(parts, caller, asked)
  }
  const prepared = run.state.prepared
  const command = (file: Pick<BankFile, 'digest' | 'lineCount' | 'totalFen'>) =>
    releaseCommand(parts, caller, { ...file, layout })
  // Asked of the decider first: funds and file must not come of what it refuses.
  paymentRunDecider.decide(
    command({
      digest: '0'.repeat(64),
      lineCount: prepared?.lineCount ?? 0,
      totalFen: prepared?.totalFen ?? AmountFen.parse(0),
    }),
    run.state,
  )

  await reserveFunds(parts, caller, run)
  const file = await render(parts, { ...asked, run, layout })
  await parts.handler.handle({
    stream: paymentRunStream(run.runId),
    decider: paymentRunDecider,
    command: command(file),
    caller,
    step: 'release',
    request: { runId: run.runId, layout: layout.name },
  })
  await settleWithPayer(parts, caller, { ...run, outcome: 'released' })
  return file
}

/**
 * Writes the file of a released run once more. An account that was erased since can't be written;
 * the digest of the release stands.
 *
 * @throws DomainError `run-not-released`, `bank-file-differs`
 */
export async function writeBankFile(
  parts: PaymentParts,
  caller: Caller,
  asked: Omit<ReleaseRun, 'layout'>,
): Promise<BankFile> {
  const run = await openedRun(parts, caller, asked.runId)
  const { released } = run.state
  if (!released) throw new DomainError('run-not-released', { runId: run.runId })
  const layout = layoutOf(parts, released.bankFileLayout)
  const file = await render(parts, { ...asked, run, layout })
  if (file.digest !== released.bankFileDigest)
    throw new DomainError('bank-file-differs', {
      released: released.bankFileDigest,
      written: file.digest,
    })
  return file
}

function layoutOf({ bankLayouts }: PaymentParts, name: string): BankLayout {
  const layout = bankLayouts.get(name)
  if (!layout) throw new DomainError('bank-layout-unknown', { layout: name })
  return layout
}

function releaseCommand(
  { clock }: PaymentParts,
  caller: Caller,
  of: Pick<BankFile, 'digest' | 'lineCount' | 'totalFen'> & { readonly layout: BankLayout },
): Extract<PaymentRunCommand, { type: 'ReleasePaymentRun' }> {
  return {
    type: 'ReleasePaymentRun',
    releasedOn: shanghaiDateOf(clock.now()),
    bankFileDigest: of.digest,
    bankFileLayout: of.layout.name,
    lineCount: of.lineCount,
    totalFen: AmountFen.parse(of.totalFen),
    by: caller.actor.sub,
  }
}

async function reserveFunds(parts: PaymentParts, caller: Caller, run: OpenedRun): Promise<void> {
  const amounts = new Map<ProgrammeCode, number>()
  for await (const line of storedLines(parts.store, run.runId))
    if (isForBank(line))
      amounts.set(line.programme, (amounts.get(line.programme) ?? 0) + line.amountFen)
  const needs = [...amounts].map(([programme, amountFen]) => ({
    programme,
    amountFen: AmountFen.parse(amountFen),
  }))
  await parts.handler.handle({
    stream: payerStream(countyOf(run.parameters.division)),
    decider: payerDecider,
    command: {
      type: 'ReserveFunds',
      reservedOn: shanghaiDateOf(parts.clock.now()),
      runId: run.runId,
      needs,
    },
    caller,
    step: 'reserve',
    request: { runId: run.runId },
  })
}

async function render(
  parts: PaymentParts,
  of: Omit<ReleaseRun, 'layout'> & { readonly run: OpenedRun; readonly layout: BankLayout },
): Promise<BankFile> {
  const { run, layout, sink, onProgress } = of
  const { period, ordinal } = run.parameters
  const { prepared } = run.state
  if (!prepared) throw new DomainError('run-not-prepared', { runId: run.runId })
  return renderBankFile({
    layout,
    period,
    lineCount: prepared.lineCount,
    totalFen: prepared.totalFen,
    chunks: storedChunks(parts.store, run.runId),
    policy: await parts.policies.policyAt(ordinal),
    accounts: parts.accounts,
    sink,
    onProgress,
  })
}
