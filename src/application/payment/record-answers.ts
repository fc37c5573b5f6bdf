import { createHash } from 'node:crypto'
import { DomainError } from '../../domain/errors.js'
import { paymentRunDecider } from '../../domain/payment-run/decide.js'
import type { BankAnswer } from '../../domain/payment-run/events.js'
import { nextAnswerFile } from '../../domain/payment-run/payment-run.js'
import { type PlainDate, shanghaiDateOf } from '../../domain/values/calendar.js'
import type { RunId } from '../../domain/values/identifiers.js'
import { AmountFen, type Fen, fen } from '../../domain/values/money.js'
import type { Caller } from '../caller.js'
import { paymentRunStream } from '../streams.js'
import type { AnswerLayout } from './bank-layout.js'
import type { Contradiction, LineStandings, Match, UnknownAnswer } from './match-answers.js'
import { openedRun } from './opened-run.js'
import type { PaymentParts } from './parts.js'
import type { OnProgress } from './ports.js'
import { readAnswers } from './read-answers.js'
import { returnFunds } from './return-funds.js'
import { AnswersWriter, standingsOf, unfinishedFileDate } from './run-answers.js'

export interface RecordAnswers {
  readonly runId: RunId
  /** The name of a layout of answers. */
  readonly layout: string
  readonly bytes: Uint8Array
  readonly onProgress?: OnProgress
}

export interface AnswersReport {
  /** Lines that arrived whole, and the money of the parts that arrived. */
  readonly credited: number
  readonly creditedFen: Fen
  /** Lines that did not arrive whole, and the money that came back: due again. */
  readonly returned: number
  readonly returnedFen: Fen
  /** Answers that say what was recorded before. */
  readonly duplicates: number
  /** Rows that say something else than what was recorded before. The first of them are listed. */
  readonly contradictions: number
  readonly contradictionRows: readonly Contradiction[]
  /** Rows that answer no line of the run. The first of them are listed. */
  readonly unknown: number
  readonly unknownRows: readonly UnknownAnswer[]
}

const rowsListedAtMost = 1000

/** So many rows that don't fit, and more than those that do, are of another run's file. */
const misfitsOfAnotherRun = 3

/**
 * Matches a bank's answers with the lines of a run and files them. No row stops the file; rows that
 * contradict each other are listed, and none of them is recorded; of rows that contradict an
 * earlier file, see `LineStandings`. The same file again changes nothing; after a crash it goes on
 * where it was.
 *
 * @throws DomainError `run-not-released`, `run-closed`, `answer-layout-unknown`,
 *   `answer-file-empty`, `answers-of-another-run`, `answers-unfinished` while another file of the
 *   run is only partly filed
 */
export async function recordAnswers(
  parts: PaymentParts,
  caller: Caller,
  asked: RecordAnswers,
): Promise<AnswersReport> {
  const { runId, bytes } = asked
  const { parameters, state } = await openedRun(parts, caller, runId)
  if (!state.released) throw new DomainError('run-not-released', { runId })
  const layout = parts.answerLayouts.get(asked.layout)
  if (!layout) throw new DomainError('answer-layout-unknown', { layout: asked.layout })
  const fileDigest = createHash('sha256').update(bytes).digest('hex')
  const known = state.answers.findIndex((one) => one.fileDigest === fileDigest)
  const earlierFiles = known < 0 ? state.answers.length : known
  const lines = state.released.lineCount + (state.prepared?.heldCount ?? 0)
  const standings = await standingsOf(parts.store, { runId, lines, files: earlierFiles })
  const work = { ...asked, layout, standings }
  const report =
    known >= 0
      ? await matched(work, async () => {})
      : await file(parts, caller, { ...work, fileDigest, number: nextAnswerFile(state) })
  await returnFunds(parts, caller, { parameters, standings, fileDigest })
  return report
}

type Work = Omit<RecordAnswers, 'layout'> & {
  readonly layout: AnswerLayout
  readonly standings: LineStandings
}

async function file(
  parts: PaymentParts,
  caller: Caller,
  work: Work & { readonly fileDigest: string; readonly number: number },
): Promise<AnswersReport> {
  const { runId, fileDigest, number } = work
  const of = { runId, file: number, fileDigest }
  const answeredOn =
    (await unfinishedFileDate(parts.store, of)) ?? shanghaiDateOf(parts.clock.now())
  const writer = new AnswersWriter({ ...parts, ...of, caller, answeredOn })
  const report = await matched(work, (answer) => writer.add(answer))
  if (rowsIn(report) === 0) throw new DomainError('answer-file-empty', { runId })
  const chunks = await writer.finish()
  await recorded(parts, caller, { ...work, report, chunks, answeredOn })
  return report
}

async function recorded(
  { handler }: PaymentParts,
  caller: Caller,
  of: {
    readonly runId: RunId
    readonly fileDigest: string
    readonly report: AnswersReport
    readonly chunks: number
    readonly answeredOn: PlainDate
  },
): Promise<void> {
  const { runId, fileDigest, report, chunks, answeredOn } = of
  await handler.handle({
    stream: paymentRunStream(runId),
    decider: paymentRunDecider,
    command: {
      type: 'RecordBankAnswers',
      answeredOn,
      fileDigest,
      chunks,
      credited: report.credited,
      creditedFen: AmountFen.parse(report.creditedFen),
      returned: report.returned,
      returnedFen: AmountFen.parse(report.returnedFen),
      unknown: report.unknown,
      contradictions: report.contradictions,
      by: caller.actor.sub,
    },
    caller,
    step: 'answers',
    request: { runId, fileDigest },
  })
}

function rowsIn(report: AnswersReport): number {
  const { contradictions, credited, duplicates, returned, unknown } = report
  return credited + returned + duplicates + contradictions + unknown
}

/** Goes through the file; each answer that has a line is handed on in the order of the file. */
async function matched(work: Work, each: (answer: BankAnswer) => Promise<void>) {
  const { layout, bytes, standings, onProgress } = work
  await assertOfThisRun(work)
  const report = new Report()
  let rows = 0
  for await (const row of readAnswers(layout, bytes)) {
    const match = standings.match(row)
    rows += 1
    if (rows % 1000 === 0) onProgress?.({ stage: 'answers', cases: rows, lines: rows })
    report.add(match)
    if ('answer' in match) await each(match.answer)
  }
  return report.result()
}

async function assertOfThisRun({ runId, layout, bytes, standings }: Work): Promise<void> {
  let rows = 0
  let misfits = 0
  let firstRow = 0
  for await (const row of readAnswers(layout, bytes)) {
    rows += 1
    if (standings.lookAt(row) === 'fits') continue
    misfits += 1
    if (misfits === 1) firstRow = row.row
  }
  if (misfits >= misfitsOfAnotherRun && misfits * 2 > rows)
    throw new DomainError('answers-of-another-run', { runId, rows, misfits, firstRow })
}

class Report {
  readonly #sums = { credited: 0, creditedFen: 0, returned: 0, returnedFen: 0, duplicates: 0 }
  readonly #unknown = new FirstOf<UnknownAnswer>()
  readonly #contradictions = new FirstOf<Contradiction>()

  add(match: Match): void {
    if ('unknown' in match) this.#unknown.add(match.unknown)
    else if (match.contradiction) this.#contradictions.add(match.contradiction)
    else this.#addAnswer(match)
  }

  #addAnswer({ answer, comesBackFen }: Extract<Match, { answer: BankAnswer }>): void {
    if (answer.outcome === 'duplicate') {
      this.#sums.duplicates += 1
      return
    }
    this.#sums[answer.outcome === 'credited' ? 'credited' : 'returned'] += 1
    this.#sums.creditedFen += answer.creditedFen
    this.#sums.returnedFen += comesBackFen
  }

  result(): AnswersReport {
    const { creditedFen, returnedFen, ...counts } = this.#sums
    return {
      ...counts,
      creditedFen: fen(creditedFen),
      returnedFen: fen(returnedFen),
      contradictions: this.#contradictions.count,
      contradictionRows: this.#contradictions.first,
      unknown: this.#unknown.count,
      unknownRows: this.#unknown.first,
    }
  }
}

class FirstOf<Row> {
  readonly first: Row[] = []
  count = 0

  add(row: Row): void {
    this.count += 1
    if (this.first.length < rowsListedAtMost) this.first.push(row)
  }
}
