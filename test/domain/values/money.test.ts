import fc from 'fast-check'
import t from 'tap'
import {
  AmountFen,
  addFen,
  Fen,
  fen,
  formatWanYuan,
  formatYuan,
  parseYuan,
  type Rounding,
  roundFen,
  shareOfFen,
  subtractFen,
  sumFen,
  timesFen,
} from '../../../src/domain/values/money.js'
import { assertRefused } from '../../support/given.js'

const anyFen = fc.integer({ min: -(10 ** 12), max: 10 ** 12 }).map(fen)
const roundings: readonly Rounding[] = [
  'up-to-yuan',
  'half-up-to-yuan',
  'half-up-to-fen',
  'down-to-yuan',
]

t.test('money is a whole number of fen', async (t) => {
  assertRefused(() => fen(0.5), 'amount-not-whole-fen', { value: 0.5 })
  assertRefused(() => fen(2 ** 53), 'amount-not-whole-fen')
  assertRefused(() => fen(Number.NaN), 'amount-not-whole-fen')
  t.notOk(Fen.safeParse(1.5).success)
  t.notOk(AmountFen.safeParse(-1).success)
  t.ok(Fen.safeParse(-1).success)
  t.ok(Object.is(timesFen(fen(0), -3), 0), 'no −0')
})

t.test('sums, differences and products are exact or refused', async (t) => {
  t.equal(addFen(fen(1), fen(2)), 3)
  t.equal(subtractFen(fen(1), fen(2)), -1)
  t.equal(sumFen([]), 0)
  t.equal(sumFen([fen(1), fen(-5), fen(10)]), 6)
  t.equal(timesFen(fen(39000), 3), 117000)
  assertRefused(() => addFen(fen(Number.MAX_SAFE_INTEGER), fen(1)), 'amount-not-whole-fen')
  assertRefused(() => timesFen(fen(10 ** 10), 10 ** 10), 'amount-not-whole-fen')
  assertRefused(() => timesFen(fen(100), 1.5), 'amount-not-whole-fen')
})

t.test('trap 1: a share multiplies before it divides and rounds once', async (t) => {
  t.equal(shareOfFen(fen(52500), { numerator: 45, denominator: 1000 }, 'half-up-to-yuan'), 2400)
  t.equal(shareOfFen(fen(39000), { numerator: 41, denominator: 1000 }, 'up-to-yuan'), 1600)
  t.equal(shareOfFen(fen(10000), { numerator: 3, denominator: 3 }, 'down-to-yuan'), 10000)
  assertRefused(
    () => shareOfFen(fen(1), { numerator: 1, denominator: 0 }, 'half-up-to-fen'),
    'share-without-denominator',
  )
})

t.test('rounding below zero goes the way its name says', async (t) => {
  const of = (value: number) => roundings.map((rounding) => roundFen(fen(value), rounding))
  t.strictSame(of(150), [200, 200, 150, 100])
  t.strictSame(of(149), [200, 100, 149, 100])
  t.strictSame(of(200), [200, 200, 200, 200])
  t.strictSame(of(-149), [-100, -100, -149, -200])
  t.strictSame(of(-150), [-100, -100, -150, -200])
  t.strictSame(of(-151), [-100, -200, -151, -200])
})

t.test('any share is the exact quotient, moved by less than its unit', async () => {
  const share = fc.record({
    numerator: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    denominator: fc.integer({ min: 1, max: 1_000_000 }),
  })
  const small = fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map(fen)
  fc.assert(
    fc.property(small, share, fc.constantFrom(...roundings), (amountFen, of, rounding) => {
      const rounded = shareOfFen(amountFen, of, rounding)
      const unit = rounding === 'half-up-to-fen' ? 1n : 100n
      // rounded − exact, in units of 1 ÷ denominator, compared without a division
      const off =
        BigInt(rounded) * BigInt(of.denominator) - BigInt(amountFen) * BigInt(of.numerator)
      const whole = unit * BigInt(of.denominator)
      const fits = {
        'up-to-yuan': off >= 0n && off < whole,
        'down-to-yuan': off <= 0n && -off < whole,
        'half-up-to-yuan': 2n * off <= whole && -2n * off < whole,
        'half-up-to-fen': 2n * off <= whole && -2n * off < whole,
      }
      return fits[rounding] && BigInt(rounded) % unit === 0n
    }),
    { numRuns: 3000 },
  )
})

t.test('yuan are read as people write them, and never rounded', async (t) => {
  const read: readonly (readonly [string, number])[] = [
    ['467.92', 46792],
    ['467.9', 46790],
    ['467', 46700],
    [' 0.05 ', 5],
    ['-0.05', -5],
    ['-0', 0],
    ['007.10', 710],
  ]
  for (const [text, value] of read) t.ok(Object.is(parseYuan(text), value), text)
  const wrong = [
    '1.005',
    '1,000',
    '',
    '.5',
    '5.',
    '１',
    '1e3',
    '+1',
    '1 2',
    'NaN',
    '99999999999999',
  ]
  for (const text of wrong) assertRefused(() => parseYuan(text), 'amount-not-yuan', { value: text })
})

t.test('what is written is read back', async () => {
  fc.assert(fc.property(anyFen, (amountFen) => parseYuan(formatYuan(amountFen)) === amountFen))
})

t.test('万元 are rounded from the exact sum', async (t) => {
  t.equal(formatYuan(fen(46792)), '467.92')
  t.equal(formatYuan(fen(-5)), '-0.05')
  t.equal(formatYuan(fen(0)), '0.00')
  t.equal(formatWanYuan(fen(371_690_000)), '371.69')
  t.equal(formatWanYuan(fen(371_695_000)), '371.70')
  t.equal(formatWanYuan(fen(371_694_999)), '371.69')
  t.equal(formatWanYuan(fen(-371_690_000)), '-371.69')
  t.equal(formatWanYuan(fen(4_999)), '0.00')
})
