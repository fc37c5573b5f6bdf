import iconv from 'iconv-lite'
import { DomainError } from '../../domain/errors.js'
import type { Month } from '../../domain/values/calendar.js'
import { type Fen, formatYuan } from '../../domain/values/money.js'
import type { AmountUnit, BankField, BankLayout, FixedField } from './bank-layout.js'

/** What the records of one file can show; fields of a line are empty in header and trailer. */
export type BankValues = Readonly<Partial<Record<Exclude<BankField, 'constant'>, string>>>

export interface ControlTotals {
  readonly period: Month
  readonly lineCount: number
  readonly totalFen: Fen
}

export function controlValues(totals: ControlTotals, unit: AmountUnit): BankValues {
  return {
    period: totals.period.replace('-', ''),
    lineCount: String(totals.lineCount),
    totalAmount: amountText(totals.totalFen, unit),
  }
}

export function amountText(amountFen: Fen, unit: AmountUnit): string {
  return unit === 'fen' ? String(amountFen) : formatYuan(amountFen)
}

/**
 * One record in the file's encoding, its line end included; nothing for a part that the layout
 * does not have. Errors: 'bank-field-too-wide', 'bank-field-breaks-record'.
 */
export function bankRecord(
  layout: BankLayout,
  part: 'header' | 'line' | 'trailer',
  values: BankValues,
): Buffer {
  if (layout[part].length === 0) return Buffer.alloc(0)
  const end = iconv.encode(layout.lineEnd, layout.encoding)
  return Buffer.concat([fieldsOf(layout, part, values), end])
}

function fieldsOf(
  layout: BankLayout,
  part: 'header' | 'line' | 'trailer',
  values: BankValues,
): Buffer {
  if (layout.format === 'fixed')
    return Buffer.concat(layout[part].map((field) => fixedField(field, values, layout.encoding)))
  const texts = layout[part].map((field) => shown(field, values))
  for (const text of texts) assertFits(text, { layout, values })
  return iconv.encode(texts.join(layout.delimiter), layout.encoding)
}

function shown(
  field: { readonly field: BankField; readonly value?: string | undefined },
  values: BankValues,
): string {
  return field.field === 'constant' ? (field.value ?? '') : (values[field.field] ?? '')
}

/** A name with a delimiter or a line break inside would shift the amounts after it. */
function assertFits(
  text: string,
  where: { readonly layout: BankLayout; readonly values: BankValues },
): void {
  const delimiter = where.layout.format === 'delimited' ? where.layout.delimiter : '\n'
  if (!text.includes(delimiter) && !/[\r\n]/.test(text)) return
  throw new DomainError('bank-field-breaks-record', { line: where.values.lineNumber ?? '' })
}

function fixedField(field: FixedField, values: BankValues, encoding: string): Buffer {
  const text = shown(field, values)
  if (/[\r\n]/.test(text))
    throw new DomainError('bank-field-breaks-record', { line: values.lineNumber ?? '' })
  const bytes = fitted(iconv.encode(text, encoding), { field, text, encoding })
  if (bytes.length > field.width)
    throw new DomainError('bank-field-too-wide', {
      field: field.field,
      line: values.lineNumber ?? '',
      width: field.width,
    })
  const padding = iconv.encode(field.pad.repeat(field.width - bytes.length), encoding)
  return Buffer.concat(field.align === 'left' ? [bytes, padding] : [padding, bytes])
}

/** Only the purpose may be cut: a shortened name or amount would be another one. */
function fitted(
  bytes: Buffer,
  of: { readonly field: FixedField; readonly text: string; readonly encoding: string },
): Buffer {
  if (of.field.field !== 'purpose') return bytes
  const characters = [...of.text]
  let cut = bytes
  while (cut.length > of.field.width) {
    characters.pop()
    cut = iconv.encode(characters.join(''), of.encoding)
  }
  return cut
}
