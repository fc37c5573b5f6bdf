import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AnswerLayout } from '../../../src/application/payment/bank-layout.js'

/** A bank that answers in CSV, with words. */
export const csvAnswers = AnswerLayout.parse({
  name: 'csv-answers',
  nameZh: '回盘（CSV）',
  format: 'delimited',
  encoding: 'utf-8',
  amountUnit: 'yuan',
  headerLines: 1,
  trailerLines: 0,
  delimiter: ',',
  outcomes: { 成功: 'credited', 退票: 'returned', 部分: 'partial' },
  columns: [
    { field: 'lineNumber' },
    { field: 'outcome' },
    { field: 'creditedAmount' },
    { field: 'reason' },
  ],
})

const folder = join(import.meta.dirname, '../../../bank-layouts')

/** A layout as the installation has it: `payments/…` or `answers/…`. */
export function layoutFile(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${path}.json`), 'utf8'))
}
