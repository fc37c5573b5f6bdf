import { z } from 'zod'
import { DomainError } from '../errors.js'
import { PlainDate } from './calendar.js'

/** A citizen identity number of 18 characters with a right check character (GB 11643-1999). */
export const IdentityNumber = z
  .string()
  .regex(/^[1-9]\d{16}[\dX]$/, 'an identity number has 17 digits and a check character')
  .refine((text) => isRealBirthDate(text), 'the birth date inside does not exist')
  .refine(
    (text) => checkCharacterOf(text.slice(0, 17)) === text[17],
    'the check character is wrong',
  )
  .brand<'IdentityNumber'>()
export type IdentityNumber = z.infer<typeof IdentityNumber>

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const
const checkCharacters = '10X98765432'

/** The check character of the first 17 digits: ISO 7064 MOD 11-2, as GB 11643 has it. */
export function checkCharacterOf(digits: string): string {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return checkCharacters[sum % 11] ?? ''
}

function isRealBirthDate(text: string): boolean {
  const date = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  return PlainDate.safeParse(date).success
}

/**
 * Reads a number as people give it: spaces around and a small x are put right, an old one of 15
 * digits becomes its 18 by GB 11643 (born in 19yy). Anything else is refused with its fault.
 */
export function parseIdentityNumber(text: string): IdentityNumber {
  const trimmed = text.trim().toUpperCase()
  const parsed = IdentityNumber.safeParse(/^\d{15}$/.test(trimmed) ? upgraded(trimmed) : trimmed)
  if (parsed.success) return parsed.data
  throw new DomainError('identity-number-wrong', {
    reason: parsed.error.issues[0]?.message ?? 'unreadable',
  })
}

function upgraded(fifteen: string): string {
  const digits = `${fifteen.slice(0, 6)}19${fifteen.slice(6)}`
  return digits + checkCharacterOf(digits)
}

export function birthDateOf(number: IdentityNumber): PlainDate {
  return PlainDate.parse(`${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`)
}

export function sexOf(number: IdentityNumber): 'male' | 'female' {
  return Number(number[16]) % 2 === 1 ? 'male' : 'female'
}
