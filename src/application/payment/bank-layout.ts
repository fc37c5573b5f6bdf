import { z } from 'zod'
import { ShortText } from '../../domain/values/document.js'

const Encoding = z.enum(['utf-8', 'gb18030'])
export type Encoding = z.infer<typeof Encoding>

const AmountUnit = z.enum(['fen', 'yuan'])
export type AmountUnit = z.infer<typeof AmountUnit>

/** What a field of a bank file shows. `constant` shows its `value`. */
const BankField = z.enum([
  'constant',
  'period',
  'lineCount',
  'totalAmount',
  'lineNumber',
  'account',
  'holder',
  'bank',
  'amount',
  'purpose',
])
export type BankField = z.infer<typeof BankField>

const DelimitedField = z.strictObject({ field: BankField, value: z.string().optional() })

/** `width` counts bytes of the file's encoding, so that a fixed record stays fixed. */
const FixedField = z.strictObject({
  field: BankField,
  width: z.int().min(1).max(400),
  align: z.enum(['left', 'right']),
  pad: z.string().length(1),
  value: z.string().optional(),
})
export type FixedField = z.infer<typeof FixedField>

const common = {
  name: ShortText,
  nameZh: ShortText,
  encoding: Encoding,
  amountUnit: AmountUnit,
  lineEnd: z.enum(['\n', '\r\n']),
}

/** How a bank wants its file: `bank-layouts/payments/*.json`. */
export const BankLayout = z.discriminatedUnion('format', [
  z.strictObject({
    ...common,
    format: z.literal('delimited'),
    delimiter: z.string().length(1),
    header: z.array(DelimitedField),
    line: z.array(DelimitedField).min(1),
    trailer: z.array(DelimitedField),
  }),
  z.strictObject({
    ...common,
    format: z.literal('fixed'),
    header: z.array(FixedField),
    line: z.array(FixedField).min(1),
    trailer: z.array(FixedField),
  }),
])
export type BankLayout = z.infer<typeof BankLayout>

/** What a column of a bank's answer says; the bank's other columns are `ignored`. */
const AnswerField = z.enum(['lineNumber', 'outcome', 'creditedAmount', 'reason', 'ignored'])
export type AnswerField = z.infer<typeof AnswerField>

const answerCommon = {
  name: ShortText,
  nameZh: ShortText,
  encoding: Encoding,
  amountUnit: AmountUnit,
  /** Lines before the first answer and after the last one, not read. */
  headerLines: z.int().min(0).max(20),
  trailerLines: z.int().min(0).max(20),
  /** The bank's code of an outcome, and what it means here. */
  outcomes: z.record(z.string(), z.enum(['credited', 'returned', 'partial'])),
}

/** How a bank writes its answers: `bank-layouts/answers/*.json`. */
export const AnswerLayout = z.discriminatedUnion('format', [
  z.strictObject({
    ...answerCommon,
    format: z.literal('delimited'),
    delimiter: z.string().length(1),
    columns: z.array(z.strictObject({ field: AnswerField })).min(2),
  }),
  z.strictObject({
    ...answerCommon,
    format: z.literal('fixed'),
    columns: z.array(z.strictObject({ field: AnswerField, width: z.int().min(1).max(400) })).min(2),
  }),
])
export type AnswerLayout = z.infer<typeof AnswerLayout>
