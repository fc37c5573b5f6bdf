import { createHash } from 'node:crypto'
import type { BankAnswer, PaymentLine } from '../../src/domain/payment-run/events.js'
import type { PersonEvent } from '../../src/domain/person/events.js'
import { addMonths, plainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ComponentName } from '../../src/domain/values/document.js'
import { ordinal, type ProgrammeCode, RunId } from '../../src/domain/values/identifiers.js'
import { fen } from '../../src/domain/values/money.js'
import { KeyedHash } from '../../src/domain/values/sealed.js'
import { divisionDefined, programmeDefined, ruleSet } from '../support/policy.js'
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
} from './random-ledger.js'

const digest = createHash('sha256').update('lines').digest('hex')
const priceSubsidy = ComponentName.parse('price-subsidy')
export const county = DivisionCode.parse('990101000000')

/** The ledger's beginning: its clock, places, programmes and rules. */
export function policyEvents(): Written[] {
  const rule = { holdWhenReviewOverdue: true, reviewMonths: { general: 6 } }
  return [
    {
      stream: 'ledger',
      event: {
        type: 'LedgerFounded',
        data: { foundedOn: plainDate('2012-01-01'), clock: 'simulated', name: '试验区' },
      },
    },
    ...['99', '9901', '990101', '990102', ...villages].map((code, at) => ({
      stream: `division-${divisionDefined(at, { code }).data.divisionId}`,
      event: divisionDefined(at, { code }),
    })),
    ...programmes.flatMap((code) => [
      { stream: `programme-${code}`, event: programmeDefined(code) },
      {
        stream: `programme-${code}`,
        event: ruleSet(code, { division: '99', from: '2010-01' }, rule),
      },
    ]),
  ]
}

const sealed = (at: number, text: string) => ({
  person: personAt(at),
  cipher: Buffer.from(text, 'utf8').toString('hex').padEnd(40, '_'),
})

const hashOf = (text: string) => KeyedHash.parse(createHash('sha256').update(text).digest('hex'))

function details(at: number, name: string) {
  return {
    name: sealed(at, name),
    identityNumber: null,
    identityHash: hashOf(`number ${at}`),
    bornOn: plainDate('1950-05-15'),
    sex: 'male' as const,
    address: null,
    phone: null,
  }
}

/** What is said of a person, in an order in which it can be. */
export function randomPerson(at: number, random: Random): Written[] {
  const on = plainDate('2012-03-01')
  const account = (accountVersion: number): PersonEvent => ({
    type: 'PayeeAccountSet',
    data: {
      from: plainDate(`2012-0${1 + random.below(9)}-11`),
      accountVersion,
      bank: '农村信用社',
      account: sealed(at, 'account'),
      holder: sealed(at, 'holder'),
    },
  })
  const choices: readonly (() => PersonEvent)[] = [
    () => account(2),
    () => ({
      type: 'PersonDetailsCorrected',
      data: { correctedOn: on, reason: '改名', ...details(at, `李${at}`) },
    }),
    () => ({ type: 'PersonDied', data: { diedOn: on, source: '火化' } }),
    () => ({ type: 'DeathRetracted', data: { retractedOn: on, reason: '错' } }),
    () => ({
      type: 'PayeeDesignated',
      data: { from: on, payee: personAt(random.below(40)), reason: '代领' },
    }),
    () => ({
      type: 'PersonHoldPlaced',
      data: { from: addMonths(start, 2), holdId: `p${at}`, scope: 'person', reason: '存疑' },
    }),
    () => ({
      type: 'PersonHoldLifted',
      data: { from: addMonths(start, 5), holdId: `p${at}`, reason: '清楚' },
    }),
    () => ({ type: 'PersonErased', data: { erasedOn: on, reason: '本人申请' } }),
  ]
  const registered: PersonEvent = {
    type: 'PersonRegistered',
    data: { personId: personAt(at), registeredOn: on, ...details(at, `张${at}`) },
  }
  const more = choices.filter(() => random.chance(0.3)).map((choice) => choice())
  return [registered, account(1), ...more].map((event) => ({
    stream: `person-${personAt(at)}`,
    event,
  }))
}

/** One run with its lines, its decisions and what the bank answered. */
export function randomRun(at: number, random: Random, cases: number): Written[] {
  const runId = RunId.parse(idOf('run', at))
  const period = addMonths(start, at)
  const stream = `paymentRun-${runId}`
  const parameters = {
    runId,
    kind: 'regular' as const,
    programmes: [...programmes],
    division: county,
    period,
    number: 1,
    ordinal: ordinal(0),
    calculationVersion: 1,
  }
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
    ...[1, 2, 3].map((file) => answers(runId, { file, lines, random })),
  ]
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
      return { line: line.line, outcome, creditedFen: creditedFen[outcome], reason: null }
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

/** An overpayment found and partly repaid. */
export function randomRecovery(at: number): Written[] {
  const stream = `recovery-${caseAt(at)}`
  const on = plainDate('2012-08-01')
  return [
    {
      stream,
      event: {
        type: 'OverpaymentFound',
        data: {
          foundOn: on,
          recoveryId: idOf('recovery', at) as never,
          caseId: caseAt(at),
          runId: RunId.parse(idOf('run', 0)),
          months: [
            { monthFor: start, amountFen: yuan(30) },
            { monthFor: addMonths(start, 1), amountFen: yuan(20) },
          ],
          cause: '退出补报',
        },
      },
    },
    {
      stream,
      event: {
        type: 'RepaymentReceived',
        data: { receivedOn: on, amountFen: yuan(10), receipt: '001' },
      },
    },
    {
      stream,
      event: {
        type: 'RecoveryWrittenOff',
        data: { writtenOffOn: on, amountFen: yuan(5), reason: '困难', by: clerk },
      },
    },
  ]
}

/** Everything mixed, the order within each part kept. */
export function mixed(parts: readonly (readonly Written[])[], random: Random): Written[] {
  const waiting = parts.map((part) => [...part]).filter((part) => part.length > 0)
  const written: Written[] = []
  while (waiting.length > 0) {
    const at = random.below(waiting.length)
    const part = waiting[at]
    const next = part?.shift()
    if (next) written.push(next)
    if (part?.length === 0) waiting.splice(at, 1)
  }
  return written
}
