import type { RunParameters } from '../../domain/payment-run/events.js'
import type { Fen } from '../../domain/values/money.js'
import type { ProcessParts } from '../processes/parts.js'
import type { AnswerLayout, BankLayout } from './bank-layout.js'
import type { AccountOpener, LedgerProgress, OwedReader } from './ports.js'

/** What the payment process works with. */
export interface PaymentParts
  extends Pick<ProcessParts, 'store' | 'handler' | 'policies' | 'clock'> {
  readonly hashes: Pick<ProcessParts['hashes'], 'request'>
  readonly owed: OwedReader
  readonly progress: LedgerProgress
  readonly accounts: AccountOpener
  readonly paid: PaidReader
  /** By name. */
  readonly bankLayouts: ReadonlyMap<string, BankLayout>
  readonly answerLayouts: ReadonlyMap<string, AnswerLayout>
}

/** What the payment ledger says of one run, at the newest event that it knows. */
export interface PaidReader {
  paidByRun(run: Pick<RunParameters, 'runId'>): Promise<{
    /** What left with the release, whatever came back. */
    readonly releasedFen: Fen
    readonly returnedFen: Fen
  }>
}
