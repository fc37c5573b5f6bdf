import type { PaymentLine } from '../../domain/payment-run/events.js'
import { ancestorAt, type DivisionCode } from '../../domain/values/division.js'
import type { UrbanRural } from '../../domain/values/document.js'
import type { ProgrammeCode } from '../../domain/values/identifiers.js'
import type { ListNames, RunLines } from './ports.js'
import { runTitle } from './run-title.js'
import { type Column, type Row, type Table, table } from './table.js'

const levelWords = { village: '村（社区）', town: '乡镇（街道）', county: '县（区）' } as const
const urbanRuralWords = { urban: '城市', rural: '农村', none: '不分城乡' } as const

const columns = [
  { key: 'level', headerZh: '级别', headerEn: 'Level', kind: 'text', words: levelWords },
  { key: 'division', headerZh: '区划代码', headerEn: 'Division', kind: 'code' },
  { key: 'name', headerZh: '区划名称', headerEn: 'Name', kind: 'text' },
  { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
  { key: 'money', headerZh: '款项', headerEn: 'Money', kind: 'text' },
  {
    key: 'urbanRural',
    headerZh: '城乡',
    headerEn: 'Urban/rural',
    kind: 'text',
    words: urbanRuralWords,
  },
  { key: 'households', headerZh: '户数', headerEn: 'Households', kind: 'count' },
  { key: 'persons', headerZh: '人数', headerEn: 'Persons', kind: 'count' },
  { key: 'amountFen', headerZh: '发放金额（元）', headerEn: 'Paid (yuan)', kind: 'fen' },
  { key: 'heldHouseholds', headerZh: '缓发户数', headerEn: 'Held households', kind: 'count' },
  { key: 'heldFen', headerZh: '缓发金额（元）', headerEn: 'Held (yuan)', kind: 'fen' },
] as const satisfies readonly Column[]

export type RunSummaryKey = (typeof columns)[number]['key']

const levels = ['village', 'town', 'county'] as const
type SummaryLevel = (typeof levels)[number]

/** Sums of one programme, roll and kind of money in one place; counts are of paid lines only. */
interface Sums {
  readonly programme: ProgrammeCode
  readonly urbanRural: UrbanRural
  /** 款项: of a line that has the month's money and a subsidy, both. */
  readonly money: string
  households: number
  persons: number
  amountFen: number
  heldHouseholds: number
  heldFen: number
}

/**
 * 汇总表: a run by village, town and county; each programme, roll and kind of money apart, since
 * persons of two programmes may be the same. Lines come in the order of divisions, so one village,
 * one town and one county are in memory at a time.
 */
export function runSummary(parts: {
  readonly lines: RunLines
  readonly names: ListNames
}): Table<RunSummaryKey> {
  return table({
    ...runTitle(parts, { titleZh: '发放汇总表', titleEn: 'Run summary' }),
    columns,
    rows: rowsOf(parts),
  })
}

async function* rowsOf({
  lines,
  names,
}: {
  readonly lines: RunLines
  readonly names: ListNames
}): AsyncGenerator<Row<RunSummaryKey>> {
  const open = levels.map((level) => new Group(level))
  for await (const chunk of lines.chunks)
    for (const line of chunk)
      for (const group of open) {
        if (!group.holds(line)) yield* group.close(names)
        group.add(line, names)
      }
  for (const group of open) yield* group.close(names)
}

/** The place that is being summed at one level, and its sums. */
class Group {
  readonly #level: SummaryLevel
  readonly #sums = new Map<string, Sums>()
  #division: DivisionCode | undefined

  constructor(level: SummaryLevel) {
    this.#level = level
  }

  holds(line: PaymentLine): boolean {
    return this.#division === undefined || this.#division === ancestorAt(line.division, this.#level)
  }

  add(line: PaymentLine, names: ListNames): void {
    this.#division = ancestorAt(line.division, this.#level)
    const money = names.money(line)
    const key = `${line.programme} ${line.urbanRural} ${money}`
    const sums = this.#sums.get(key) ?? noSums(line, money)
    this.#sums.set(key, sums)
    if (line.heldFor === null) {
      sums.households += 1
      sums.persons += line.persons
      sums.amountFen += line.amountFen
    } else {
      sums.heldHouseholds += 1
      sums.heldFen += line.amountFen
    }
  }

  /** The rows of the place, and an empty group after them. */
  *close(names: ListNames): Generator<Row<RunSummaryKey>> {
    const division = this.#division
    if (division === undefined) return
    for (const [, sums] of [...this.#sums].sort(([left], [right]) => (left < right ? -1 : 1)))
      yield {
        ...sums,
        level: this.#level,
        division,
        name: names.division(division),
        programme: names.programme(sums.programme),
      }
    this.#sums.clear()
    this.#division = undefined
  }
}

function noSums({ programme, urbanRural }: PaymentLine, money: string): Sums {
  return {
    money,
    programme,
    urbanRural,
    households: 0,
    persons: 0,
    amountFen: 0,
    heldHouseholds: 0,
    heldFen: 0,
  }
}
