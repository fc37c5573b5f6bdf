import { createHash } from 'node:crypto'
import type {
  BankAnswer,
  PaymentLine,
  PaymentRunEvent,
  RunParameters,
} from '../../src/domain/payment-run/events.js'
import { addMonths, plainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ComponentName } from '../../src/domain/values/document.js'
import { ordinal, type ProgrammeCode, RunId } from '../../src/domain/values/identifiers.js'
import { fen } from '../../src/domain/values/money.js'
import {
  base,
  caseAt,
  clerk,
  idOf,
  personAt,
  programmes,
  type Random,
  start,
  villages,
  type Written,
  yuan,
} from './written-events.js'

const digest = createHash('sha256').update('lines').digest('hex')
const priceSubsidy = ComponentName.parse('price-subsidy')
export const county = DivisionCode.parse('990101000000')

export function parametersOf(at: number): RunParameters {
  return {
    runId: RunId.parse(idOf('run', at)),
    kind: 'regular',
    programmes: [...programmes],
    division: county,
    period: addMonths(start, at),
    number: 1,
    ordinal: ordinal(0),
    calculationVersion: 1,
  }
}

/** One run with its lines, its decisions and what the bank answered. */
export function randomRun(at: number, random: Random, cases: number): Written[] {
  const parameters = parametersOf(at)
  const { period, runId } = parameters
  const stream = `paymentRun-${runId}`
  const lines = Array.from({ length: cases }, (_, number) => number)
    .filter(() => random.chance(0.7))
    .map((number, line) => lineFor(number, { line: line + 1, at, random }))
  const chunks = [lines.slice(0, 7), lines.slice(7)].filter((chunk) => chunk.length > 0)
  const on = plainDate(`2012-${String(at + 2).padStart(2, '0')}-08`)
  const frozen = chunks.map(
    (chunk, place): Written => ({
      stream: `paymentRunLines-${runId}-${place}`,
      event: {
        type: 'PaymentLinesFrozen',
        data: { period, runId, chunk: place, lines: [...chunk] },
      },
    }),
  )
  const totals = {
    lineCount: lines.length,
    heldCount: 0,
    totalFen: yuan(1),
    heldFen: yuan(0),
    chunks: chunks.length,
    linesDigest: digest,
  }
  const opened: Written[] = [
    { stream, event: { type: 'PaymentRunOpened', data: { period, parameters, by: clerk } } },
    ...frozen,
    {
      stream,
      event: { type: 'PaymentRunPrepared', data: { preparedOn: on, ...totals, by: clerk } },
    },
    { stream, event: { type: 'PaymentRunSubmitted', data: { submittedOn: on, by: clerk } } },
  ]
  if (random.chance(0.25))
    return [
      ...opened,
      {
        stream,
        event: { type: 'PaymentRunRejected', data: { rejectedOn: on, reason: '有误', by: clerk } },
      },
    ]
  return [
    ...opened,
    { stream, event: { type: 'PaymentRunApproved', data: { approvedOn: on, by: clerk } } },
    {
      stream,
      event: {
        type: 'PaymentRunReleased',
        data: {
          releasedOn: on,
          bankFileDigest: digest,
          bankFileLayout: 'plain',
          lineCount: lines.length,
          totalFen: yuan(1),
          by: clerk,
        },
      },
    },
    ...[1, 2, 3].flatMap((file) => [
      answers(runId, { file, lines, random }),
      { stream, event: answersRecorded(file) },
    ]),
    {
      stream,
      event: { type: 'PaymentRunClosed', data: { closedOn: on, differences: [], by: clerk } },
    },
  ]
}

function answersRecorded(file: number): PaymentRunEvent {
  return {
    type: 'BankAnswersRecorded',
    data: {
      answeredOn: plainDate('2012-12-20'),
      file,
      fileDigest: digest,
      chunks: 1,
      credited: 1,
      creditedFen: yuan(1),
      returned: 0,
      returnedFen: yuan(0),
      unknown: 0,
      contradictions: 0,
      by: clerk,
    },
  }
}

function lineFor(
  number: number,
  from: { readonly line: number; readonly at: number; readonly random: Random },
): PaymentLine {
  const { line, at, random } = from
  const monthFor = addMonths(start, at)
  const items = [
    { monthFor, component: base, amountFen: yuan(100 + random.below(3)) },
    ...(random.chance(0.4)
      ? [{ monthFor, component: priceSubsidy, amountFen: fen(random.chance(0.5) ? 2400 : -1200) }]
      : []),
    ...(random.chance(0.3)
      ? [{ monthFor: addMonths(monthFor, -1), component: base, amountFen: yuan(30) }]
      : []),
  ]
  const hasPayee = random.chance(0.9)
  return {
    line,
    caseId: caseAt(number),
    programme: random.pick<ProgrammeCode>(programmes),
    division: random.pick(villages),
    urbanRural: 'urban',
    payee: hasPayee ? personAt(number) : null,
    accountVersion: hasPayee ? 1 : null,
    persons: 1 + random.below(3),
    items,
    amountFen: fen(items.reduce((sum, item) => sum + item.amountFen, 0)),
    heldFor: hasPayee && random.chance(0.9) ? null : '缓发',
  }
}

function answers(
  runId: RunId,
  from: { readonly file: number; readonly lines: readonly PaymentLine[]; readonly random: Random },
): Written {
  const { file, lines, random } = from
  const answeredOn = plainDate(`2012-1${random.below(3)}-20`)
  const answered = lines
    .filter((line) => line.heldFor === null && random.chance(0.5))
    .map((line): BankAnswer => {
      const outcome = random.pick(['credited', 'returned', 'partial', 'duplicate'] as const)
      const part = fen(1 + random.below(line.amountFen))
      const creditedFen = {
        credited: line.amountFen,
        returned: fen(0),
        partial: part,
        duplicate: fen(0),
      }
      // One random draw for both: whoever adds one changes every history after it.
      const isTold = outcome === 'duplicate' && line.line % 2 === 1
      const told = isTold ? ('contradiction' as const) : outcome
      return { line: line.line, outcome: told, creditedFen: creditedFen[outcome], reason: null }
    })
  const none: BankAnswer = { line: 99, outcome: 'duplicate', creditedFen: fen(0), reason: null }
  return {
    stream: `paymentRunAnswers-${runId}-${file}-0`,
    event: {
      type: 'BankAnswersFiled',
      data: { answeredOn, runId, file, chunk: 0, answers: answered.length > 0 ? answered : [none] },
    },
  }
}
