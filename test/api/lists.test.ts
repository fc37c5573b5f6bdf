import type { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'
import { type Column, exactNumber } from '../../src/api/exports/column.js'
import { csvOf } from '../../src/api/exports/csv.js'
import type { ExportFile } from '../../src/api/exports/export-file.js'
import { xlsxOf } from '../../src/api/exports/xlsx.js'
import { ordinal } from '../../src/domain/values/identifiers.js'
import { fen, formatYuan } from '../../src/domain/values/money.js'
import { newKey, now, payment, type ServiceUnderTest, startService } from './service.js'

const list = '/v1/accounts/a/payments?purpose=check'

const PageBody = z.object({
  rows: z.array(z.looseObject({ number: z.int() })),
  nextCursor: z.string().nullable(),
  asOf: z.looseObject({ clock: z.string() }),
})

async function writePayments({ call }: ServiceUnderTest, changes: readonly object[]) {
  for (const change of changes)
    await call('/v1/accounts/a/payments', {
      body: { ...payment, ...change },
      headers: { 'idempotency-key': newKey() },
    })
}

t.test('a list is read page by page, each row once', async (t) => {
  const service = await startService(t)
  await writePayments(service, Array(5).fill({}))
  const seen: number[] = []
  let next: string | null = null
  let pages = 0
  do {
    const cursor: string = next === null ? '' : `&cursor=${next}`
    const page = PageBody.parse(await (await service.call(`${list}&limit=2${cursor}`)).json())
    seen.push(...page.rows.map(({ number }) => number))
    next = page.nextCursor
    pages += 1
  } while (next !== null)
  t.strictSame([seen, pages], [[0, 1, 2, 3, 4], 3])

  const first = PageBody.parse(await (await service.call(`${list}&limit=2`)).json())
  const elsewhere = `/v1/accounts/b/payments?purpose=check&cursor=${first.nextCursor}`
  t.match(await (await service.call(elsewhere)).json(), { code: 'cursor-invalid' })
  for (const limit of ['0', '1001', 'many'])
    t.equal((await service.call(`${list}&limit=${limit}`)).status, 400)
})

t.test('CSV: BOM, Chinese headers, exact yuan, no formulas', async (t) => {
  const service = await startService(t)
  await writePayments(service, [
    { payee: '=HYPERLINK("x")', amountFen: 5 },
    { payee: '李"四",乙', amountFen: 9_007_199_254_740_991 },
    { payee: '＝1＋1' },
    { payee: ' @SUM(A1)' },
  ])
  const response = await service.call(`${list}&format=csv`)
  const bytes = Buffer.from(await response.arrayBuffer())
  t.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8')
  t.match(
    response.headers.get('content-disposition'),
    `filename*=UTF-8''${encodeURIComponent('发放明细-3.csv')}`,
  )
  t.strictSame([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  t.match(bytes.toString('utf8'), /^\uFEFF序号,姓名,月份,发放日,金额（元）\r\n/)
  t.strictSame(parse(bytes, { bom: true }), [
    ['序号', '姓名', '月份', '发放日', '金额（元）'],
    ['0', `'=HYPERLINK("x")`, '2012-05', '2012-05-10', '0.05'],
    ['1', '李"四",乙', '2012-05', '2012-05-10', '90071992547409.91'],
    ['2', `'＝1＋1`, '2012-05', '2012-05-10', '467.92'],
    ['3', `' @SUM(A1)`, '2012-05', '2012-05-10', '467.92'],
  ])
})

t.test('a simulated ledger says so on every answer and in every file', async (t) => {
  const service = await startService(t, { clock: 'simulated' })
  await writePayments(service, [{}])
  t.match(await (await service.call(list)).json(), { asOf: { clock: 'simulated' } })
  t.match(await (await service.call('/v1/accounts/a')).json(), { asOf: { clock: 'simulated' } })

  const csv = await service.call(`${list}&format=csv`)
  t.match(csv.headers.get('content-disposition'), encodeURIComponent('-模拟时钟.csv'))
  t.equal(csv.headers.get('ledger-clock'), 'simulated')
  t.match(await csv.text(), /台账时钟\r\n.*,模拟时钟\r\n$/)

  const lines = (await (await service.call(`${list}&format=ndjson`)).text()).trim().split('\n')
  t.strictSame(
    lines.map((line) => JSON.parse(line)),
    [
      {
        list: '发放明细',
        asked: {},
        asOf: { ordinal: 0, instant: now, clock: 'simulated' },
        mark: '模拟时钟',
      },
      { ...payment, number: 0 },
      { end: true, rowCount: 1 },
    ],
  )
  const book = await workbookOf(
    Buffer.from(await (await service.call(`${list}&format=xlsx`)).arrayBuffer()),
  )
  t.strictSame(book.get('发放明细')?.[1]?.at(-1), '模拟时钟')
  t.strictSame(book.get('说明')?.[3], ['台账时钟', '模拟时钟'])
})

t.test('XLSX: money is a number where a number is exact, text where it is not', async (t) => {
  const service = await startService(t)
  await writePayments(service, [{ payee: '=1+1' }, { amountFen: 9_007_199_254_740_991 }])
  const response = await service.call('/v1/accounts/a/payments?purpose=check', {
    headers: { accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  })
  const book = await workbookOf(Buffer.from(await response.arrayBuffer()))
  t.strictSame(book.get('发放明细'), [
    ['序号', '姓名', '月份', '发放日', '金额（元）'],
    [0, '=1+1', '2012-05', '2012-05-10', 467.92],
    [1, '张三', '2012-05', '2012-05-10', '90071992547409.91'],
  ])
  t.strictSame(book.get('说明')?.[3], ['台账时钟', '真实时钟'])
})

t.test('property: a number in a cell is the amount, to the fen', async (t) => {
  const seed = Date.now() % 1_000_000
  t.comment(`seed ${seed}`)
  fc.assert(
    fc.property(fc.maxSafeInteger(), (amount) => {
      const text = formatYuan(fen(amount))
      const cell = exactNumber(text)
      return typeof cell === 'number' ? cell.toFixed(2) === text : cell === text
    }),
    { seed, numRuns: 2000 },
  )
  t.equal(exactNumber('9999999999999.99'), 9999999999999.99)
  t.equal(exactNumber('99999999999999.99'), '99999999999999.99')
})

interface Row {
  readonly name: string
  readonly amountFen: number
}

const columns: readonly Column<Row>[] = [
  { key: 'name', headerZh: '名称', headerEn: 'Name', kind: 'text', words: { urban: '城市' } },
  { key: 'amountFen', headerZh: '元', headerEn: 'Yuan', kind: 'yuan' },
]

function fileOf(pages: ExportFile<Row>['pages']): ExportFile<Row> {
  return {
    titleZh: '测/试',
    columns,
    pages,
    asOf: { ordinal: ordinal(1), instant: null, clock: 'real' },
    asked: [],
  }
}

t.test(
  'files are written as they are read, and a reader that goes away stops the reading',
  async (t) => {
    let read = 0
    async function* pages() {
      while (read < 1000) {
        read += 1
        yield Array.from({ length: 500 }, (_, at) => ({ name: `row ${at}`, amountFen: at }))
        await nextTurn()
      }
    }
    const book = xlsxOf(fileOf(pages()))
    await new Promise((resolve) => book.once('readable', resolve))
    book.destroy()
    await new Promise((resolve) => setTimeout(resolve, 200))
    const stopped = read
    await new Promise((resolve) => setTimeout(resolve, 200))
    t.ok(stopped < 1000 && read === stopped, `stopped after ${stopped} pages`)

    read = 0
    const lines = csvOf(fileOf(pages()))
    await lines.next()
    await lines.next()
    t.equal(read, 1, 'a page is read when it is wanted')
    await lines.return(undefined)
  },
)

t.test('a fault in the middle breaks the file off instead of ending it as if whole', async (t) => {
  async function* pages() {
    yield [{ name: 'urban', amountFen: 1 }]
    throw new Error('out of reach')
  }
  const lines: string[] = []
  await t.rejects(
    async () => {
      for await (const line of csvOf(fileOf(pages()))) lines.push(line)
    },
    { message: 'out of reach' },
  )
  t.match(lines.join(''), '城市,0.01')
  await t.rejects(bytesOf(xlsxOf(fileOf(pages()))), { message: 'out of reach' })
})

t.test('a fraction where fen belong is a fault, never rounded', async (t) => {
  async function* pages() {
    yield [{ name: 'a', amountFen: 1.5 }]
  }
  await t.rejects(async () => {
    for await (const line of csvOf(fileOf(pages()))) t.notMatch(line, '1.5')
  }, /amountFen is no whole number/)
})

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

type Sheets = ReadonlyMap<string, readonly (readonly unknown[])[]>

async function workbookOf(bytes: Buffer): Promise<Sheets> {
  const workbook = new ExcelJS.Workbook()
  const copy = new ArrayBuffer(bytes.length)
  new Uint8Array(copy).set(bytes)
  await workbook.xlsx.load(copy)
  return new Map(
    workbook.worksheets.map((sheet) => {
      const rows: unknown[][] = []
      sheet.eachRow((row) => {
        const cells: unknown[] = []
        row.eachCell((cell) => cells.push(cell.value))
        rows.push(cells)
      })
      return [sheet.name, rows]
    }),
  )
}
