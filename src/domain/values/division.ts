import { z } from 'zod'

/**
 * A division code of 12 digits, 2+2+2+3+3 for province, city, county, town, village; the levels
 * below are padded with zeros. Source: GB/T 2260 and the statistical division codes.
 */
export const DivisionCode = z
  .string()
  .regex(/^[1-9]\d{11}$/, 'a division code has 12 digits')
  .brand<'DivisionCode'>()
export type DivisionCode = z.infer<typeof DivisionCode>

export const DivisionLevel = z.enum(['province', 'city', 'county', 'town', 'village'])
export type DivisionLevel = z.infer<typeof DivisionLevel>

const prefixLengths: Readonly<Record<DivisionLevel, number>> = {
  province: 2,
  city: 4,
  county: 6,
  town: 9,
  village: 12,
}

export function levelOf(code: DivisionCode): DivisionLevel {
  if (!code.endsWith('000')) return 'village'
  if (!code.endsWith('000000')) return 'town'
  if (!code.endsWith('00000000')) return 'county'
  return code.endsWith('0000000000') ? 'province' : 'city'
}

/** The digits that every code of the subtree begins with. */
export function subtreePrefix(code: DivisionCode): string {
  return code.slice(0, prefixLengths[levelOf(code)])
}

export function isWithin(code: DivisionCode, subtree: DivisionCode): boolean {
  return code.startsWith(subtreePrefix(subtree))
}

/** The division above at `level`, itself when it is of that level; zeros fill the rest. */
export function ancestorAt(code: DivisionCode, level: DivisionLevel): DivisionCode {
  return code.slice(0, prefixLengths[level]).padEnd(12, '0') as DivisionCode
}
