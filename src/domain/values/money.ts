import { z } from 'zod'
import { DomainError } from '../errors.js'

/** An amount of money in fen (0.01 yuan): a safe integer, negative for a reduction. */
export const Fen = z.int().brand<'Fen'>()
export type Fen = z.infer<typeof Fen>

/** Fen that are owed, granted or paid: never negative. */
export const AmountFen = z.int().nonnegative().brand<'Fen'>()

/** How a rule rounds, once, after multiplying and dividing. */
export const Rounding = z.enum(['up-to-yuan', 'half-up-to-yuan', 'half-up-to-fen', 'down-to-yuan'])
export type Rounding = z.infer<typeof Rounding>

export const zeroFen = 0 as Fen

/** A whole number of fen, checked to be a safe integer. */
export function fen(value: number): Fen {
  if (!Number.isSafeInteger(value)) throw new DomainError('amount-not-whole-fen', { value })
  // Adding 0 makes 0 of −0, which is another number to whoever compares by Object.is.
  return (value + 0) as Fen
}

export function addFen(left: Fen, right: Fen): Fen {
  return fen(left + right)
}

export function subtractFen(left: Fen, right: Fen): Fen {
  return fen(left - right)
}

export function sumFen(amounts: Iterable<Fen>): Fen {
  let total = 0
  for (const amount of amounts) total += amount
  return fen(total)
}

/** `amountFen × times`, where `times` counts persons or months. */
export function timesFen(amountFen: Fen, times: number): Fen {
  return fen(amountFen * fen(times))
}

const unitOfRounding: Readonly<Record<Rounding, bigint>> = {
  'up-to-yuan': 100n,
  'half-up-to-yuan': 100n,
  'down-to-yuan': 100n,
  'half-up-to-fen': 1n,
}

/**
 * `amountFen × numerator ÷ denominator`, multiplied first and rounded once as the rule says.
 *
 * @example shareOfFen(amountFen, { numerator: 41, denominator: 1000 }, 'half-up-to-yuan')
 */
export function shareOfFen(
  amountFen: Fen,
  share: { readonly numerator: number; readonly denominator: number },
  rounding: Rounding,
): Fen {
  if (share.denominator <= 0) throw new DomainError('share-without-denominator')
  const unit = unitOfRounding[rounding]
  const product = BigInt(amountFen) * BigInt(share.numerator)
  const divisor = BigInt(share.denominator) * unit
  return fen(Number(divideRounded(product, divisor, rounding) * unit))
}

/** Rounds an amount that is already in fen, as the rule says. */
export function roundFen(amountFen: Fen, rounding: Rounding): Fen {
  return shareOfFen(amountFen, { numerator: 1, denominator: 1 }, rounding)
}

function divideRounded(product: bigint, divisor: bigint, rounding: Rounding): bigint {
  const floor = product >= 0n ? product / divisor : -((-product + divisor - 1n) / divisor)
  const rest = product - floor * divisor
  if (rest === 0n || rounding === 'down-to-yuan') return floor
  if (rounding === 'up-to-yuan') return floor + 1n
  return rest * 2n >= divisor ? floor + 1n : floor
}

const yuanPattern = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/

/** Reads yuan as people write them (`467.92`); a third decimal is refused, never rounded. */
export function parseYuan(text: string): Fen {
  const match = yuanPattern.exec(text.trim())
  if (!match) throw new DomainError('amount-not-yuan', { value: text.slice(0, 40) })
  const [, sign = '', yuan = '0', decimals = ''] = match
  const value = BigInt(yuan) * 100n + BigInt(decimals.padEnd(2, '0'))
  return fen(Number(sign === '-' ? -value : value))
}

/** Fen as yuan with two decimals: 46792 is `467.92`. */
export function formatYuan(amountFen: Fen): string {
  const sign = amountFen < 0 ? '-' : ''
  const digits = String(Math.abs(amountFen)).padStart(3, '0')
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Fen as 万元 with two decimals, half-up from the exact sum: 371690000 is `371.69`. */
export function formatWanYuan(amountFen: Fen): string {
  return formatYuan(fen(Number(divideRounded(BigInt(amountFen), 10_000n, 'half-up-to-fen'))))
}
