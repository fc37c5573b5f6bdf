import type { CaseEvent } from '../../domain/case/events.js'
import type { Recorded } from '../../event-store/codec.js'
import type { ReadSession } from '../read-model.js'
import type { BlockShifts } from '../totals/changes.js'
import { type Findings, plainText } from './difference.js'
import { forEver, PlainCase } from './plain-case.js'
import { monthsToRead, plainRowsIn } from './plain-rows.js'

type Sums = [households: number, persons: number, amountFen: number]

/**
 * Total cells by counting: after each event of each case, what every month holds now and did not
 * before. A stock is kept as its change from month to month, a flow as it is.
 */
export class PlainTotals {
  readonly #shifts: BlockShifts
  readonly #cells = new Map<string, Sums>()

  constructor(shifts: BlockShifts) {
    this.#shifts = shifts
  }

  addCase(events: readonly Recorded<CaseEvent>[]): void {
    const mentioned = monthsToRead(events)
    const [first = 0, last = 0] = [mentioned[0], mentioned.at(-1)]
    const months = Array.from({ length: last - first + 1 }, (_, at) => first + at)
    let before = new Map<string, Sums>()
    for (const [at, { ordinal }] of events.entries()) {
      const now = changesOf(new PlainCase(events.slice(0, at + 1)), months)
      for (const [cell, sums] of now) this.add(ordinal, cell, difference(sums, before.get(cell)))
      for (const [cell, sums] of before)
        if (!now.has(cell)) this.add(ordinal, cell, difference([0, 0, 0], sums))
      before = now
    }
  }

  /** Adds to a cell, written as its columns from topic to month_in, at every level. */
  add(ordinal: number, cell: string, sums: Sums): void {
    const { coarse, fine } = this.#shifts
    const blocks = [0, Math.floor(ordinal / 2 ** coarse), Math.floor(ordinal / 2 ** fine)]
    for (const [level, block] of blocks.entries()) {
      const key = `${level} ${block} ${cell}`
      const was = this.#cells.get(key) ?? [0, 0, 0]
      this.#cells.set(key, [was[0] + sums[0], was[1] + sums[1], was[2] + sums[2]])
    }
  }

  async check(findings: Findings, session: ReadSession): Promise<void> {
    const rows = await session.rows<CellRow>(selectCells)
    const found = rows
      .filter((row) => row.households !== 0 || row.persons !== 0 || row.amount_fen !== 0)
      .map((row) => `${row.level} ${row.block} ${cellText(row)} ${sumsText(row)}`)
    const expected = [...this.#cells]
      .filter(([, sums]) => sums.some((sum) => sum !== 0))
      .map(([key, [households, persons, amount_fen]]) => {
        return `${key} ${sumsText({ households, persons, amount_fen })}`
      })
    findings.counted('total_cell', rows.length)
    findings.compare({ table: 'total_cell', where: 'level, block, cell, sums' }, expected, found)
  }
}

interface CellColumns {
  readonly topic: string
  readonly programme: string
  readonly division: string
  readonly urban_rural: string
  readonly benefit_class: string
  readonly detail: string
  readonly qualifier: string
  readonly reported: boolean
  readonly month: number
  readonly month_in: number
}

interface CellRow extends CellColumns {
  readonly level: number
  readonly block: number
  readonly households: number
  readonly persons: number
  readonly amount_fen: number
}

const selectCells = `
  SELECT level, block, topic, programme, division, urban_rural, benefit_class, detail, qualifier,
    reported, month, month_in, households, persons, amount_fen
  FROM total_cell`

/** A cell as one text, the same for a row and for a count. */
export function cellText(cell: CellColumns): string {
  return plainText([
    cell.topic,
    cell.programme,
    cell.division,
    cell.urban_rural,
    cell.benefit_class,
    cell.detail,
    cell.qualifier,
    cell.reported,
    cell.month,
    cell.month_in,
  ])
}

function sumsText(sums: { households: number; persons: number; amount_fen: number }): string {
  return `${sums.households} ${sums.persons} ${sums.amount_fen}`
}

function difference(now: Sums, before: Sums = [0, 0, 0]): Sums {
  return [now[0] - before[0], now[1] - before[1], now[2] - before[2]]
}

/** What a case adds to each cell. */
function changesOf(plain: PlainCase, months: readonly number[]): Map<string, Sums> {
  const cells = new Map<string, Sums>()
  const put = (cell: string, sums: Sums) => {
    const was = cells.get(cell) ?? [0, 0, 0]
    cells.set(cell, [was[0] + sums[0], was[1] + sums[1], was[2] + sums[2]])
  }
  for (const month of months) {
    for (const [key, sums] of stocksIn(plain, month)) {
      put(key(month), sums)
      // What is there to the end of the ledger's time is never taken away again.
      if (month + 1 <= forEver && month !== months.at(-1))
        put(key(month + 1), [-sums[0], -sums[1], -sums[2]])
    }
    for (const [key, sums] of flowsIn(plain, month)) put(key(month), sums)
  }
  return cells
}

type Counted = readonly [key: (month: number) => string, sums: Sums]
type Row = readonly (string | number | boolean | null)[]

function counted(
  topic: string,
  row: Row,
  rest: { readonly detail: unknown; readonly qualifier: unknown; readonly reported: unknown },
): (month: number) => string {
  const [programme, division, urbanRural, benefitClass] = row
  return (month) =>
    cellText({
      topic,
      programme: String(programme),
      division: String(division),
      urban_rural: String(urbanRural),
      benefit_class: String(benefitClass),
      detail: String(rest.detail),
      qualifier: String(rest.qualifier),
      reported: rest.reported === true,
      month,
      month_in: 0,
    })
}

function stocksIn(plain: PlainCase, month: number): readonly Counted[] {
  const none = { detail: '', qualifier: '' }
  return [
    ...plainRowsIn.roll_case(plain, month).map((row): Counted => {
      return [counted('roll', row, { ...none, reported: row[4] }), [1, 0, 0]]
    }),
    ...plainRowsIn.roll_member(plain, month).map((row): Counted => {
      return [counted('roll', row, { ...none, reported: row[6] }), [0, 1, 0]]
    }),
    ...plainRowsIn.entitlement(plain, month).map((row): Counted => {
      const rest = { detail: row[4], qualifier: row[6], reported: row[9] }
      return [counted('owed', row, rest), [0, 0, Number(row[8])]]
    }),
  ]
}

function flowsIn(plain: PlainCase, month: number): readonly Counted[] {
  return plainRowsIn.movement(plain, month).map((row): Counted => {
    const rest = { detail: row[4], qualifier: row[8], reported: false }
    return [counted('movement', row, rest), [Number(row[5]), Number(row[6]), Number(row[7])]]
  })
}
