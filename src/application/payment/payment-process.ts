import type { RunParameters } from '../../domain/payment-run/events.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { RunId } from '../../domain/values/identifiers.js'
import type { Caller } from '../caller.js'
import { type CloseRun, closeRun } from './close-run.js'
import { approveRun, rejectRun, submitRun } from './decide-run.js'
import { type OpenRun, openRun } from './open-run.js'
import type { PaymentParts } from './parts.js'
import type { OnProgress } from './ports.js'
import {
  type PrepareRun,
  prepareRun,
  previewOpenedRun,
  previewRun,
  type RunTotals,
} from './prepare-run.js'
import { type AnswersReport, type RecordAnswers, recordAnswers } from './record-answers.js'
import { type ReleaseRun, releaseRun, writeBankFile } from './release-run.js'
import type { BankFile } from './render-bank-file.js'
import { type RunComparison, verifyRun } from './verify-run.js'

type WithProgress = { readonly runId: RunId; readonly onProgress?: OnProgress }

/**
 * Runs from the opening to the close, across the streams of payer, run, lines, answers and
 * recoveries. Every step can be sent again: what is there already is left alone, what a crash cut
 * off is brought to its end.
 */
export interface PaymentProcess {
  /** Admits a run with its county's payer and freezes its ordinal. */
  open(caller: Caller, asked: OpenRun): Promise<RunParameters>
  /** What a run would come to if it were opened and prepared now; writes nothing. */
  preview(caller: Caller, asked: OpenRun & { readonly onProgress?: OnProgress }): Promise<RunTotals>
  /** What preparing an opened run would come to; writes nothing. */
  previewOpened(caller: Caller, asked: PrepareRun): Promise<RunTotals>
  /** Freezes the lines; the run's own stream says what they came to. */
  prepare(caller: Caller, asked: PrepareRun): Promise<void>
  submit(caller: Caller, runId: RunId): Promise<void>
  /** Neither who prepared nor who submitted; finds the overpayments of the run. */
  approve(caller: Caller, asked: WithProgress): Promise<{ readonly recoveries: number }>
  /** `division` only for a run that was admitted and never opened. */
  reject(
    caller: Caller,
    asked: { readonly runId: RunId; readonly reason: string; readonly division?: DivisionCode },
  ): Promise<void>
  /** Reserves the funds, writes the bank file to the sink, records its digest. */
  release(caller: Caller, asked: ReleaseRun): Promise<BankFile>
  /** The file of a released run once more, byte for byte. */
  writeBankFile(caller: Caller, asked: Omit<ReleaseRun, 'layout'>): Promise<BankFile>
  recordAnswers(caller: Caller, asked: RecordAnswers): Promise<AnswersReport>
  close(caller: Caller, asked: CloseRun): Promise<{ readonly differences: readonly string[] }>
  /** Derives the lines again and names the first that is not what was stored. */
  verify(caller: Pick<Caller, 'actor'>, asked: WithProgress): Promise<RunComparison>
}

export function createPaymentProcess(parts: PaymentParts): PaymentProcess {
  return {
    open: (caller, asked) => openRun(parts, caller, asked),
    preview: (caller, asked) => previewRun(parts, caller, asked),
    previewOpened: (caller, asked) => previewOpenedRun(parts, caller, asked),
    prepare: (caller, asked) => prepareRun(parts, caller, asked),
    submit: (caller, runId) => submitRun(parts, caller, runId),
    approve: (caller, asked) => approveRun(parts, caller, asked),
    reject: (caller, asked) => rejectRun(parts, caller, asked),
    release: (caller, asked) => releaseRun(parts, caller, asked),
    writeBankFile: (caller, asked) => writeBankFile(parts, caller, asked),
    recordAnswers: (caller, asked) => recordAnswers(parts, caller, asked),
    close: (caller, asked) => closeRun(parts, caller, asked),
    verify: (caller, asked) => verifyRun(parts, caller, asked),
  }
}
