import { z } from 'zod'
import { type AsOf, figuresAt } from '../position.js'
import type { Column } from './column.js'

export type ExportFormat = 'csv' | 'xlsx' | 'ndjson'

/** A list on its way into a file: its columns, and its rows page by page as they are read. */
export interface ExportFile<Row> {
  readonly titleZh: string
  readonly columns: readonly Column<Row>[]
  readonly pages: AsyncIterable<readonly Row[]>
  readonly asOf: AsOf
  /** What the list was narrowed to, each with its heading: two files of one list differ in it. */
  readonly asked: readonly (readonly [headerZh: string, value: string])[]
}

const askedHeaders = {
  month: '月份',
  from: '起月',
  to: '止月',
  division: '区划',
  programme: '项目',
  urbanRural: '城乡',
  benefitClass: '类别',
  by: '口径',
} as const

/** Of a query, what a file has to say. */
export function askedIn(query: unknown): ExportFile<never>['asked'] {
  const { data = {} } = z.record(z.string(), z.unknown()).safeParse(query)
  return Object.entries(askedHeaders).flatMap(([name, headerZh]) => {
    const value = data[name]
    return typeof value === 'string' ? [[headerZh, value] as const] : []
  })
}

/** Every file of a ledger on a simulated clock says so, in every row. */
export const simulatedMark = '模拟时钟'
export const markHeader = '台账时钟'

export function isSimulated(file: { readonly asOf: AsOf }): boolean {
  return file.asOf.clock === 'simulated'
}

/** The headers of a file, with that of the mark where there is one. */
export function headersOf<Row>(file: ExportFile<Row>): readonly string[] {
  const headers = file.columns.map((column) => column.headerZh)
  return isSimulated(file) ? [...headers, markHeader] : headers
}

export const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** `Content-Disposition` with a name that says what and of what it is, as of when, and the mark. */
export function dispositionOf<Row>(file: ExportFile<Row>, format: ExportFormat): string {
  const mark = isSimulated(file) ? `-${simulatedMark}` : ''
  const of = file.asked.map(([, value]) => `-${value}`).join('')
  const name = `${file.titleZh}${of.slice(0, 120)}-${figuresAt(file.asOf)}${mark}.${format}`
  return `attachment; filename="list.${format}"; filename*=UTF-8''${encodeURIComponent(name)}`
}
