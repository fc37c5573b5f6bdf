import iconv from 'iconv-lite'
import t from 'tap'
import { AnswerLayout } from '../../../src/application/payment/bank-layout.js'
import { LineStandings, type Match } from '../../../src/application/payment/match-answers.js'
import { type AnswerRow, readAnswers } from '../../../src/application/payment/read-answers.js'
import { BankAnswer, PaymentLine } from '../../../src/domain/payment-run/events.js'
import { fen } from '../../../src/domain/values/money.js'
import { caseId, dibao, village, wang } from '../../support/case-world.js'
import { csvAnswers, layoutFile } from './answer-layouts.js'

const fixedAnswers = AnswerLayout.parse(layoutFile('answers/fixed-gb18030'))
const rowsOf = async (layout: AnswerLayout, bytes: Uint8Array) => {
  const rows: AnswerRow[] = []
  for await (const row of readAnswers(layout, bytes)) rows.push(row)
  return rows
}

t.test('a delimited answer file is read row by row, quotes and all', async (t) => {
  const text =
    '\uFEFF序号,结果,金额,说明\n1,成功,350.00,\n2,退票,,"账号,户名不符"\nx,成功,1.5,\n3,?,abc,\n'
  t.same(await rowsOf(csvAnswers, Buffer.from(text)), [
    { row: 2, line: 1, outcome: 'credited', creditedFen: 35000, reason: null },
    { row: 3, line: 2, outcome: 'returned', creditedFen: null, reason: '账号,户名不符' },
    { row: 4, line: null, outcome: 'credited', creditedFen: 150, reason: null },
    { row: 5, line: 3, outcome: null, creditedFen: null, reason: null },
  ])
})

t.test('a fixed answer file is cut by bytes and leaves its trailer out', async (t) => {
  const record = (line: string, rest: string) => `${line.padStart(8, '0')}${rest}\r\n`
  const text = `${record('1', '0000000000035000')}${record('2', '0100000000000000户名不符')}T2\r\n`
  const rows = await rowsOf(fixedAnswers, iconv.encode(text, 'gb18030'))
  t.same(rows, [
    { row: 1, line: 1, outcome: 'credited', creditedFen: 35000, reason: null },
    { row: 2, line: 2, outcome: 'returned', creditedFen: 0, reason: '户名不符' },
  ])
})

t.test('an empty file has no rows', async (t) => {
  for (const layout of [csvAnswers, fixedAnswers]) t.same(await rowsOf(layout, Buffer.alloc(0)), [])
})

const line = (number: number, heldFor: string | null = null) =>
  PaymentLine.parse({
    line: number,
    caseId,
    programme: dibao,
    division: village,
    urbanRural: 'urban',
    payee: wang,
    accountVersion: 1,
    persons: 1,
    items: [{ monthFor: '2012-05', component: 'base', amountFen: 35000 }],
    amountFen: 35000,
    heldFor,
  })

function standings() {
  const lines = new LineStandings(3)
  for (const one of [line(1), line(2), line(3, '无账户')]) lines.addLine(one)
  return lines
}

const row = (given: Partial<AnswerRow>): AnswerRow => ({
  row: 1,
  line: 1,
  outcome: 'credited',
  creditedFen: null,
  reason: null,
  ...given,
})
const outcomeOf = (match: Match) => ('answer' in match ? match.answer.outcome : match.unknown.why)

t.test('a line is credited, and a later return is a return', async (t) => {
  const lines = standings()
  t.same(lines.match(row({})), {
    answer: { line: 1, outcome: 'credited', creditedFen: 35000, reason: null },
    comesBackFen: 0,
    contradiction: null,
  })
  t.equal(outcomeOf(lines.match(row({ creditedFen: fen(35000) }))), 'duplicate')
  t.same(lines.match(row({ outcome: 'returned', reason: '销户' })), {
    answer: { line: 1, outcome: 'returned', creditedFen: 0, reason: '销户' },
    comesBackFen: 35000,
    contradiction: null,
  })
  t.equal(outcomeOf(lines.match(row({ outcome: 'returned' }))), 'duplicate')
})

t.test('of two words on one line that by which more has arrived counts, and is told', async (t) => {
  const lines = standings()
  const part = (yuan: number) => row({ outcome: 'partial', creditedFen: fen(yuan * 100) })
  lines.match(row({ outcome: 'returned' }))
  t.match(lines.match({ ...part(100), row: 7 }), {
    answer: { outcome: 'partial', creditedFen: 10000 },
    comesBackFen: -10000,
    contradiction: {
      ...{ row: 7, line: 1, recorded: 'returned', recordedFen: 0 },
      ...{ says: 'partial', saysFen: 10000, counts: 'file' },
    },
  })
  t.match(lines.match(part(50)), {
    answer: { outcome: 'contradiction', creditedFen: 5000 },
    comesBackFen: 0,
    contradiction: { recorded: 'partial', recordedFen: 10000, saysFen: 5000, counts: 'recorded' },
  })
  t.match(lines.match(row({})), {
    answer: { outcome: 'credited' },
    comesBackFen: -25000,
    contradiction: { says: 'credited', counts: 'file' },
  })
  t.match(lines.match(part(100)), { answer: { outcome: 'contradiction' }, comesBackFen: 0 })
  t.match(lines.match(row({ outcome: 'returned' })), { comesBackFen: 35000, contradiction: null })
  t.match(lines.contradicted(), [{ line: 1, recorded: 'credited', says: 'partial' }])
})

t.test('a return names nothing, zero or the amount of its line', async (t) => {
  const back = (creditedFen: number | null) =>
    outcomeOf(
      standings().match(
        row({ outcome: 'returned', creditedFen: creditedFen === null ? null : fen(creditedFen) }),
      ),
    )
  t.same([null, 0, 35000, 12345].map(back), ['returned', 'returned', 'returned', 'amount-differs'])
})

t.test('a part says how much arrived', async (t) => {
  const lines = standings()
  t.equal(outcomeOf(lines.match(row({ outcome: 'partial' }))), 'amount-differs')
  const part = row({ outcome: 'partial', creditedFen: fen(10000) })
  t.same(lines.match(part), {
    answer: { line: 1, outcome: 'partial', creditedFen: 10000, reason: null },
    comesBackFen: 25000,
    contradiction: null,
  })
  t.same(lines.totals(), {
    open: { lines: 1, amountFen: 35000 },
    credited: { lines: 0, amountFen: 0 },
    partial: { lines: 1, amountFen: 35000 },
    returned: { lines: 0, amountFen: 0 },
    arrivedFen: 10000,
  })
})

t.test('what answers no line is unknown, and says why', async (t) => {
  const why = (given: Partial<AnswerRow>) => outcomeOf(standings().match(row(given)))
  t.equal(why({ line: null }), 'line-number-unreadable')
  t.equal(why({ line: 0 }), 'line-not-in-run')
  t.equal(why({ line: 4 }), 'line-not-in-run')
  t.equal(why({ line: 3 }), 'line-was-held')
  t.equal(why({ outcome: null }), 'outcome-unreadable')
  t.equal(why({ creditedFen: fen(1) }), 'amount-differs')
})

t.test('answers of earlier files stand before a new one is matched', async (t) => {
  const lines = standings()
  lines.apply(BankAnswer.parse({ line: 1, outcome: 'returned', creditedFen: 0, reason: null }))
  t.match(lines.match(row({})), {
    answer: { outcome: 'credited' },
    contradiction: { counts: 'file' },
  })
})
