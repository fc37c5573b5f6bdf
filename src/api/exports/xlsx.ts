import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import ExcelJS from 'exceljs'
import { type Cell, type Column, cellText, exactNumber } from './column.js'
import { type ExportFile, headersOf, isSimulated, simulatedMark } from './export-file.js'

/** Rows that a sheet of the format can hold, the header among them. */
const rowsPerSheet = 1_048_576

const formats: Readonly<Partial<Record<Column<unknown>['kind'], string>>> = {
  yuan: '#,##0.00',
  count: '#,##0',
}

/**
 * A list as a workbook, written while it is read: the rows, on as many sheets as they need, then a
 * sheet that says what it is and as of when. Money is a number made from its exact decimal text.
 */
export function xlsxOf<Row>(file: ExportFile<Row>): Readable {
  const output = new PassThrough()
  write(file, output).catch((error: unknown) => {
    output.destroy(error instanceof Error ? error : new Error('a workbook could not be written'))
  })
  return output
}

async function write<Row>(file: ExportFile<Row>, output: PassThrough): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: output, useStyles: true })
  let sheet = addSheet(workbook, file, 1)
  let sheets = 1
  let rowsOnSheet = 1
  for await (const rows of file.pages) {
    for (const row of rows) {
      if (rowsOnSheet === rowsPerSheet) {
        sheet.commit()
        sheets += 1
        sheet = addSheet(workbook, file, sheets)
        rowsOnSheet = 1
      }
      sheet.addRow(cellsOf(row, file)).commit()
      rowsOnSheet += 1
    }
    await takenUp(output)
  }
  sheet.commit()
  addNotes(workbook, file)
  await workbook.commit()
}

/** Waits until the reader took what was written; stops when it went away. */
async function takenUp(output: PassThrough): Promise<void> {
  if (output.destroyed) throw new Error('the reader of a workbook went away')
  if (!output.writableNeedDrain) return
  await Promise.race([once(output, 'drain'), once(output, 'close')])
}

function addSheet<Row>(
  workbook: ExcelJS.stream.xlsx.WorkbookWriter,
  file: ExportFile<Row>,
  number: number,
): ExcelJS.Worksheet {
  const name = file.titleZh.replace(/[\\/*?:[\]]/g, '').slice(0, 25)
  const sheet = workbook.addWorksheet(number === 1 ? name : `${name}${number}`)
  file.columns.forEach((column, at) => {
    const numFmt = formats[column.kind]
    if (numFmt !== undefined) sheet.getColumn(at + 1).numFmt = numFmt
    sheet.getColumn(at + 1).width = column.kind === 'text' ? 18 : 14
  })
  const header = sheet.addRow([...headersOf(file)])
  header.font = { bold: true }
  header.commit()
  return sheet
}

function cellsOf<Row>(row: Row, file: ExportFile<Row>): Cell[] {
  const cells = file.columns.map((column) => xlsxCell(row, column))
  return isSimulated(file) ? [...cells, simulatedMark] : cells
}

function xlsxCell<Row>(row: Row, column: Column<Row>): Cell {
  const text = cellText(row, column)
  const isNumber = column.kind === 'yuan' || column.kind === 'count'
  return text !== null && isNumber ? exactNumber(text) : text
}

function addNotes<Row>(workbook: ExcelJS.stream.xlsx.WorkbookWriter, file: ExportFile<Row>): void {
  const notes = workbook.addWorksheet('说明')
  notes.addRow(['名称', file.titleZh]).commit()
  for (const [headerZh, value] of file.asked) notes.addRow([headerZh, value]).commit()
  if (file.asOf.knownAt !== undefined) notes.addRow(['按此序号时所知', file.asOf.knownAt]).commit()
  notes.addRow(['截至序号', file.asOf.ordinal]).commit()
  notes.addRow(['截至时刻（UTC）', file.asOf.instant ?? '']).commit()
  notes.addRow(['台账时钟', isSimulated(file) ? simulatedMark : '真实时钟']).commit()
  notes.commit()
}
