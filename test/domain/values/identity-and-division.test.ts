import fc from 'fast-check'
import t from 'tap'
import { saysTheSame } from '../../../src/domain/structural-equality.js'
import {
  ancestorAt,
  DivisionCode,
  isWithin,
  levelOf,
  subtreePrefix,
} from '../../../src/domain/values/division.js'
import {
  birthDateOf,
  checkCharacterOf,
  IdentityNumber,
  parseIdentityNumber,
  sexOf,
} from '../../../src/domain/values/identity-number.js'
import { assertRefused } from '../../support/given.js'

/** Numbers of region 99…, which is assigned to nobody; the check characters are right. */
const numberOf = (digits: string) => digits + checkCharacterOf(digits)

/** The oracle: ISO 7064 MOD 11-2 by its own definition, digit by digit, without weights. */
function isValidMod11(number: string): boolean {
  let remainder = 0
  for (const character of number) {
    const value = character === 'X' ? 10 : Number(character)
    remainder = (remainder * 2 + value) % 11
  }
  return remainder === 1
}

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((list) => list.join(''))

t.test('the check character is that of ISO 7064 MOD 11-2', async (t) => {
  fc.assert(
    fc.property(digits(17), (first) => {
      const wrong = [...'0123456789X'].filter((character) => isValidMod11(first + character))
      return wrong.length === 1 && wrong[0] === checkCharacterOf(first)
    }),
    { numRuns: 1000 },
  )
  // The two examples that GB 11643-1999 prints.
  t.equal(checkCharacterOf('11010519491231002'), 'X')
  t.equal(checkCharacterOf('44052418800101001'), '4')
})

t.test('one wrong digit, or two neighbours exchanged, is noticed', async () => {
  const whole = fc
    .tuple(fc.integer({ min: 1, max: 28 }), digits(3))
    .map(([day, sequence]) => numberOf(`990101194003${String(day).padStart(2, '0')}${sequence}`))
  fc.assert(
    fc.property(whole, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, at, shift) => {
      const other = String((Number(number[at]) + shift) % 10)
      const wrong = number.slice(0, at) + other + number.slice(at + 1)
      return !IdentityNumber.safeParse(wrong).success
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(whole, fc.nat(15), (number, at) => {
      const [left = '', right = ''] = [number[at], number[at + 1]]
      const exchanged = number.slice(0, at) + right + left + number.slice(at + 2)
      return left === right || !IdentityNumber.safeParse(exchanged).success
    }),
    { numRuns: 1000 },
  )
})

t.test('a number is read as people give it', async (t) => {
  const number = numberOf('99010119400304000')
  t.equal(parseIdentityNumber(` ${number.toLowerCase()} `), number)
  const woman = parseIdentityNumber(numberOf('99010119400304002'))
  const man = parseIdentityNumber(numberOf('99010119400304003'))
  t.equal(birthDateOf(woman), '1940-03-04')
  t.strictSame([sexOf(woman), sexOf(man)], ['female', 'male'])
})

t.test('one of 15 digits becomes its 18, born in 19yy', async (t) => {
  const upgraded = parseIdentityNumber('990101400304002')
  t.equal(upgraded, numberOf('99010119400304002'))
  t.equal(birthDateOf(upgraded), '1940-03-04')
  assertRefused(() => parseIdentityNumber('990101400230002'), 'identity-number-wrong', {
    reason: 'the birth date inside does not exist',
  })
})

t.test('a wrong number is refused with its fault, and is not repeated', async (t) => {
  const right = numberOf('99010119400304002')
  const last = right.endsWith('0') ? '1' : '0'
  const refused = (text: string, reason: string) =>
    assertRefused(() => parseIdentityNumber(text), 'identity-number-wrong', { reason })
  refused(right.slice(0, 17) + last, 'the check character is wrong')
  refused(numberOf('99010119400230002'), 'the birth date inside does not exist')
  const unreadable = ['', '123', '09010119400304002X', `${right}0`, '99010119400304O02X', '九九']
  for (const text of unreadable) {
    refused(text, 'an identity number has 17 digits and a check character')
  }
  try {
    parseIdentityNumber('990101194003040')
    t.fail('was read')
  } catch (error) {
    t.notMatch(JSON.stringify(error), /990101/)
  }
})

t.test('division codes', async (t) => {
  const code = (text: string) => DivisionCode.parse(text.padEnd(12, '0'))

  t.test('say their level by what is padded', async (t) => {
    const levels = ['99', '9901', '990101', '990101001', '990101001001'].map((one) =>
      levelOf(code(one)),
    )
    t.strictSame(levels, ['province', 'city', 'county', 'town', 'village'])
    t.equal(levelOf(code('99011')), 'county', 'county 10 ends with a zero of its own')
    t.equal(levelOf(code('9901011')), 'town', 'and so does town 100')
    t.equal(subtreePrefix(code('9901')), '9901')
  })

  t.test('lie within what they begin with', async (t) => {
    t.ok(isWithin(code('990101001'), code('990101')))
    t.ok(isWithin(code('990101'), code('990101')))
    t.notOk(isWithin(code('990101'), code('990101001')))
    t.notOk(isWithin(code('990110'), code('990101')))
    t.equal(ancestorAt(code('990101001001'), 'county'), code('990101'))
    t.equal(ancestorAt(code('990101001001'), 'province'), code('99'))
    t.equal(ancestorAt(code('990101001001'), 'village'), code('990101001001'))
  })

  t.test('have 12 digits and do not begin with 0', async (t) => {
    const wrong = ['', '990101', '099010100000', '9901010000000', '99010100000a']
    t.notOk(wrong.some((text) => DivisionCode.safeParse(text).success))
  })
})

t.test('two values say the same whatever the order of their keys', async (t) => {
  t.ok(saysTheSame({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }))
  t.ok(saysTheSame(-0, 0))
  t.notOk(saysTheSame({ a: 1 }, { a: 1, b: undefined }))
  t.notOk(saysTheSame([1, 2], [2, 1]))
  t.notOk(saysTheSame([], {}))
  t.notOk(saysTheSame({}, null))
  t.notOk(saysTheSame({ toString: 1 }, { valueOf: 1 }))
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      const same = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))
      const copied: unknown = JSON.parse(JSON.stringify(left))
      return saysTheSame(left, right) === same && saysTheSame(left, copied)
    }),
  )
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', ...value.map(sorted)]
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [key, sorted(one)] as const)
  return ['record', ...entries.sort(([left], [right]) => (left < right ? -1 : 1))]
}
