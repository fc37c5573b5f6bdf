import { type ExportFile, isSimulated, simulatedMark } from './export-file.js'

/**
 * A list as JSON lines: first what it is and as of when, then a row a line as the API gives it,
 * last how many rows there were, so that a file that was cut off shows.
 */
export async function* ndjsonOf<Row>(file: ExportFile<Row>): AsyncGenerator<string> {
  const mark = isSimulated(file) ? { mark: simulatedMark } : {}
  const asked = Object.fromEntries(file.asked)
  yield line({ list: file.titleZh, asked, asOf: file.asOf, ...mark })
  let rowCount = 0
  for await (const rows of file.pages) {
    rowCount += rows.length
    if (rows.length > 0) yield rows.map(line).join('')
  }
  yield line({ end: true, rowCount })
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}
