import iconv from 'iconv-lite'
import t from 'tap'
import { BankLayout } from '../../../src/application/payment/bank-layout.js'
import {
  amountText,
  assertAccountFits,
  bankRecord,
  controlValues,
} from '../../../src/application/payment/bank-record.js'
import { month } from '../../../src/domain/values/calendar.js'
import { fen } from '../../../src/domain/values/money.js'
import { assertRefused } from '../../support/given.js'
import { layoutFile } from './answer-layouts.js'

const layoutOf = (name: string) => BankLayout.parse(layoutFile(`payments/${name}`))
const delimited = layoutOf('delimited-utf8')
const fixed = layoutOf('fixed-gb18030')
const totals = { period: month('2012-05'), lineCount: 2, totalFen: fen(46792) }
const line = {
  payee: 'p-7',
  lineNumber: '7',
  account: '6222000000000000001',
  holder: '王小五',
  bank: '某某农商行',
  amount: '46792',
  purpose: '城市低保2012年5月',
}

t.test('a delimited record has its fields in order, amounts in yuan', async (t) => {
  const text = (part: 'header' | 'line' | 'trailer', values: object) =>
    iconv.decode(bankRecord(delimited, part, values), 'utf-8')
  const control = controlValues(totals, delimited.amountUnit)
  t.equal(text('header', control), 'H|201205|2|467.92\r\n')
  t.equal(
    text('line', { ...line, amount: amountText(fen(46792), 'yuan') }),
    '7|王小五|6222000000000000001|某某农商行|467.92|城市低保2012年5月\r\n',
  )
  t.equal(text('trailer', control), 'T|2|467.92\r\n')
})

t.test('a fixed record has its width in bytes, whatever characters it holds', async (t) => {
  const bytes = bankRecord(fixed, 'line', line)
  const width = fixed.format === 'fixed' ? fixed.line.reduce((sum, one) => sum + one.width, 0) : 0
  t.equal(bytes.length, width + 2)
  t.equal(iconv.decode(bytes.subarray(1, 9), 'gb18030'), '00000007')
  t.equal(iconv.decode(bytes.subarray(41, 101), 'gb18030').trim(), '王小五')
  t.equal(iconv.decode(bytes.subarray(101, 115), 'gb18030'), '00000000046792')
  const rare = bankRecord(fixed, 'line', { ...line, holder: '𠮷田' })
  t.equal(rare.length, width + 2)
})

t.test('a long purpose is cut between characters, a long name is refused', async (t) => {
  const bytes = bankRecord(fixed, 'line', { ...line, purpose: '低'.repeat(30) })
  t.equal(iconv.decode(bytes.subarray(115, 155), 'gb18030'), '低'.repeat(20))
  assertRefused(
    () => bankRecord(fixed, 'line', { ...line, holder: '王'.repeat(31) }),
    'bank-field-too-wide',
    { field: 'holder', line: '7', person: 'p-7', width: 60 },
  )
  t.pass('refused')
})

t.test('a name that would break the record is refused', async (t) => {
  for (const [layout, holder] of [
    [delimited, '王|五'],
    [delimited, '王\n五'],
    [fixed, '王\r五'],
  ] as const)
    assertRefused(
      () => bankRecord(layout, 'line', { ...line, holder }),
      'bank-field-breaks-record',
      {
        field: 'holder',
        line: '7',
        person: 'p-7',
        width: layout === fixed ? 60 : 0,
      },
    )
  t.pass('refused')
})

t.test('a character that the file does not have is refused, not written as a mark', async (t) => {
  for (const [layout, holder] of [
    [delimited, '王\ud842五'],
    [fixed, '王\ud842五'],
    [fixed, '王\ue5e5'],
  ] as const)
    t.throws(() => bankRecord(layout, 'line', { ...line, holder }), {
      code: 'bank-field-unencodable',
    })
  t.ok(bankRecord(delimited, 'line', { ...line, holder: '王\ue5e5' }))
  const lost = []
  for (let point = 0x20; point <= 0x10_ff_ff; point += 1) {
    const text = String.fromCodePoint(point)
    const isLost = iconv.decode(iconv.encode(text, 'gb18030'), 'gb18030') !== text
    if (isLost && !/\p{Surrogate}/u.test(text)) lost.push(point)
  }
  t.same(lost, [0xe5_e5], 'no other character is lost in GB18030')
})

t.test('an account has to stand in every file of the installation', async (t) => {
  const layouts = new Map([delimited, fixed].map((layout) => [layout.name, layout]))
  const account = { account: '6222', holder: '阿卜杜拉·买买提', bank: '某某农商行' }
  t.doesNotThrow(() => assertAccountFits(layouts, account))
  for (const [over, facts] of [
    [{ holder: '王|五' }, { field: 'holder', layout: 'delimited-utf8' }],
    [{ bank: '农商\n行' }, { field: 'bank', layout: 'delimited-utf8' }],
    [{ holder: '王'.repeat(31) }, { field: 'holder', layout: 'fixed-gb18030' }],
    [{ account: '1'.repeat(33) }, { field: 'account', layout: 'fixed-gb18030' }],
  ] as const)
    t.throws(() => assertAccountFits(layouts, { ...account, ...over }), {
      code: 'account-unfit-for-bank-file',
      facts,
    })
  t.doesNotThrow(
    () => assertAccountFits(layouts, { ...account, bank: '行'.repeat(99) }),
    'only what a file shows',
  )
})
