import iconv from 'iconv-lite'
import { DomainError } from '../../domain/errors.js'
import type { Month } from '../../domain/values/calendar.js'
import { type Fen, formatYuan } from '../../domain/values/money.js'
import type { AmountUnit, BankField, BankLayout, FixedField } from './bank-layout.js'
import type { OpenedAccount } from './ports.js'

/**
 * What the records of one file can show; fields of a line are empty in header and trailer. `payee`
 * is whose line it is, for a refusal.
 */
export type BankValues = Readonly<Partial<Record<Exclude<BankField, 'constant'> | 'payee', string>>>

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
 * does not have. Errors: 'bank-field-too-wide', 'bank-field-breaks-record',
 * 'bank-field-unencodable'.
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
  for (const field of layout[part]) assertHolds(layout, field, values)
  if (layout.format === 'fixed')
    return Buffer.concat(layout[part].map((field) => fixedField(field, values, layout.encoding)))
  const texts = layout[part].map((field) => shown(field, values))
  return iconv.encode(texts.join(layout.delimiter), layout.encoding)
}

type Field = BankLayout['line'][number]

function shown(field: Field, values: BankValues): string {
  return field.field === 'constant' ? (field.value ?? '') : (values[field.field] ?? '')
}

function assertHolds(layout: BankLayout, field: Field, values: BankValues): void {
  const misfit = misfitOf(layout, field, shown(field, values))
  if (!misfit) return
  const { lineNumber: line = '', payee: person = '' } = values
  const width = 'width' in field ? field.width : 0
  throw new DomainError(misfit, { field: field.field, line, person, width })
}

/** What an encoder would write as a question mark, or as a mark of its own. */
const unencodable = { 'utf-8': /\p{Surrogate}/u, gb18030: /[\p{Surrogate}\ue5e5]/u } as const

/** Why a text can't stand in a field. A delimiter or a line break would shift what comes after. */
function misfitOf(layout: BankLayout, field: Field, text: string) {
  const delimiter = layout.format === 'delimited' ? layout.delimiter : '\n'
  if (text.includes(delimiter) || /[\r\n]/.test(text)) return 'bank-field-breaks-record'
  if (unencodable[layout.encoding].test(text)) return 'bank-field-unencodable'
  const mayBeCut = field.field === 'purpose' || !('width' in field)
  if (mayBeCut || iconv.encode(text, layout.encoding).length <= field.width) return undefined
  return 'bank-field-too-wide'
}

const ofAccount = ['account', 'holder', 'bank'] as const

/**
 * Refuses an account that one of the layouts can't hold, when it is set: at the release, one name
 * would stop the money of a whole county. Errors: 'account-unfit-for-bank-file'.
 */
export function assertAccountFits(
  layouts: ReadonlyMap<string, BankLayout>,
  account: OpenedAccount,
): void {
  for (const layout of layouts.values())
    for (const field of ofAccount)
      for (const shownIn of layout.line.filter((one) => one.field === field))
        if (misfitOf(layout, shownIn, account[field]))
          throw new DomainError('account-unfit-for-bank-file', { field, layout: layout.name })
}

function fixedField(field: FixedField, values: BankValues, encoding: string): Buffer {
  const text = shown(field, values)
  const bytes = fitted(iconv.encode(text, encoding), { field, text, encoding })
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
