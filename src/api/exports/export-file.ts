import type { AsOf } from '../position.js'
import type { Column } from './column.js'

export type ExportFormat = 'csv' | 'xlsx' | 'ndjson'

/** A list on its way into a file: its columns, and its rows page by page as they are read. */
export interface ExportFile<Row> {
  readonly titleZh: string
  readonly columns: readonly Column<Row>[]
  readonly pages: AsyncIterable<readonly Row[]>
  readonly asOf: AsOf
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

/** `Content-Disposition` with a name that says what it is, as of which ordinal, and the mark. */
export function dispositionOf<Row>(file: ExportFile<Row>, format: ExportFormat): string {
  const mark = isSimulated(file) ? `-${simulatedMark}` : ''
  const name = `${file.titleZh}-${file.asOf.ordinal}${mark}.${format}`
  return `attachment; filename="list.${format}"; filename*=UTF-8''${encodeURIComponent(name)}`
}
