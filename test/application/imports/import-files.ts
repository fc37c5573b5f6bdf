import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { stringify } from 'csv-stringify/sync'
import ExcelJS from 'exceljs'
import iconv from 'iconv-lite'
import type { ImportFile } from '../../../src/application/imports/table-file.js'

export type Cell = string | number | Date
export type Rows = readonly (readonly Cell[])[]

/** A CSV file in UTF-8, with or without a mark, or in GB18030. */
export function csvFile(
  name: string,
  rows: Rows,
  encoding: 'utf-8' | 'utf-8-with-mark' | 'gb18030' = 'utf-8',
): ImportFile {
  const text = stringify(rows.map((row) => row.map(String)))
  if (encoding === 'gb18030') return { name, bytes: iconv.encode(text, 'gb18030') }
  return { name, bytes: Buffer.from(encoding === 'utf-8' ? text : `\uFEFF${text}`) }
}

/** An XLSX file as an office's own program would save it. */
export async function xlsxFile(name: string, rows: Rows): Promise<ImportFile> {
  const stream = new PassThrough()
  // To its end: what the writer has finished may not be read yet.
  const bytes = buffer(stream)
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true })
  const sheet = book.addWorksheet('Sheet1')
  for (const row of rows) {
    const added = sheet.addRow([...row])
    row.forEach((cell, at) => {
      if (cell instanceof Date) added.getCell(at + 1).numFmt = 'yyyy-mm-dd'
    })
    added.commit()
  }
  sheet.commit()
  await book.commit()
  return { name, bytes: await bytes }
}
