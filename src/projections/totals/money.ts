import { recoveryComponent } from '../../domain/payment-run/line.js'
import {
  type Month,
  month,
  monthFromIndex,
  monthIndex,
  previousMonth,
} from '../../domain/values/calendar.js'
import type { Asked } from '../question.js'
import type { AsOf, ReadModel, ReadSession } from '../read-model.js'
import type { GroupColumn, SumRow } from './sums.js'
import { sumsOf } from './sums.js'

export type MoneyGroup = 'programme' | 'division' | 'urbanRural' | 'component'

const columnOfGroup = {
  programme: 'programme',
  division: 'division',
  urbanRural: 'urban_rural',
  component: 'detail',
} as const satisfies Readonly<Record<MoneyGroup, GroupColumn>>

export interface MoneyAsked extends Asked {
  readonly groupBy: readonly MoneyGroup[]
  /** Only cash enters cash totals; other measures are asked for by name. */
  readonly measure?: string | undefined
}

export interface MoneyRow extends Partial<Readonly<Record<MoneyGroup, string>>> {
  readonly amountFen: number
  /** January to the month, both inside; begins anew in January. */
  readonly cumulativeFen: number
  /** The month before, of whichever year. */
  readonly previousFen: number
}

export interface MoneyAnswer {
  readonly rows: readonly MoneyRow[]
  readonly asOf: AsOf
}

/** What the decisions owe for a month, reported months of opening history included. */
export async function owedTotals(model: ReadModel, asked: MoneyAsked): Promise<MoneyAnswer> {
  return model.read(async (session) => {
    const changes = await sumsOf(session, {
      ...asked,
      topic: 'owed',
      qualifier: asked.measure ?? 'cash',
      groupBy: [...asked.groupBy.map((group) => columnOfGroup[group]), 'month'],
      months: { to: asked.month },
    })
    return { rows: byGroup(asked, changes, stockIn), asOf: session.asOf }
  })
}

/** How a total is dated: by the month it was paid in, or the month it was paid for. */
export type PaidBy = 'month-in' | 'month-for'

/** Payment lines know no benefit class, so paid money can't be asked by it. */
export interface PaidAsked extends Omit<MoneyAsked, 'benefitClass' | 'measure'> {
  readonly by: PaidBy
}

/** Money that left by released runs, less what came back in the month of the bank's answer. */
export async function paidTotals(model: ReadModel, asked: PaidAsked): Promise<MoneyAnswer> {
  return model.read(async (session) => ({
    rows: await paidRows(session, asked),
    asOf: session.asOf,
  }))
}

async function paidRows(session: ReadSession, asked: PaidAsked): Promise<readonly MoneyRow[]> {
  const span = { from: firstNeeded(asked.month), to: asked.month }
  const dated = asked.by === 'month-in' ? 'month_in' : 'month'
  const sums = await sumsOf(session, {
    ...asked,
    topic: 'paid',
    groupBy: [...asked.groupBy.map((group) => columnOfGroup[group]), dated],
    months: asked.by === 'month-for' ? span : {},
    ...(asked.by === 'month-in' ? { monthsIn: span } : {}),
  })
  return byGroup(asked, sums, (rows, index) =>
    total(rows.filter((row) => Number(row[dated]) === index)),
  )
}

function firstNeeded(of: Month): Month {
  const january = januaryOf(of)
  return january === of ? previousMonth(of) : january
}

function januaryOf(of: Month): Month {
  return month(`${of.slice(0, 4)}-01`)
}

/** A stock in a month is the sum of all changes up to it. */
function stockIn(rows: readonly SumRow[], index: number): number {
  return total(rows.filter((row) => Number(row.month) <= index))
}

function total(rows: readonly SumRow[]): number {
  return rows.reduce((sum, row) => sum + row.amount_fen, 0)
}

function byGroup(
  asked: MoneyAsked,
  sums: readonly SumRow[],
  amountIn: (rows: readonly SumRow[], index: number) => number,
): readonly MoneyRow[] {
  const groups = new Map<string, SumRow[]>()
  for (const row of sums) {
    const key = JSON.stringify(asked.groupBy.map((group) => row[columnOfGroup[group]]))
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const index = monthIndex(asked.month)
  const rows = [...groups.values()].map((group) => ({
    ...namesOf(asked, group),
    amountFen: amountIn(group, index),
    cumulativeFen: cumulative(index, (each) => amountIn(group, each)),
    previousFen: amountIn(group, index - 1),
  }))
  return rows.filter(
    (row) => row.amountFen !== 0 || row.cumulativeFen !== 0 || row.previousFen !== 0,
  )
}

function namesOf(asked: MoneyAsked, group: readonly SumRow[]): Partial<Record<MoneyGroup, string>> {
  return Object.fromEntries(
    asked.groupBy.map((name) => [name, String(group[0]?.[columnOfGroup[name]])]),
  )
}

function cumulative(index: number, amountIn: (each: number) => number): number {
  let sum = 0
  for (let each = monthIndex(januaryOf(monthFromIndex(index))); each <= index; each += 1)
    sum += amountIn(each)
  return sum
}

export interface PerCapita {
  readonly paidFen: number
  readonly persons: number
  /** Paid money ÷ persons, half-up to the fen; null for an empty roll or a month not paid. */
  readonly perCapitaFen: number | null
  /** What the paid money is made of. */
  readonly components: readonly { readonly component: string; readonly amountFen: number }[]
  readonly asOf: AsOf
}

/**
 * 人均月补差: the money paid in the month ÷ persons on the month's roll. What is given back of a
 * repayment is left out: its month counted that money when it was paid first, and nothing took it
 * off when it was repaid.
 */
export async function perCapita(
  model: ReadModel,
  asked: Omit<Asked, 'benefitClass'>,
): Promise<PerCapita> {
  return model.read(async (session) => {
    const all = await paidRows(session, { ...asked, groupBy: ['component'], by: 'month-in' })
    const paid = all.filter((row) => row.component !== recoveryComponent)
    const months = { to: asked.month }
    const [roll] = await sumsOf(session, { ...asked, topic: 'roll', groupBy: [], months })
    const persons = roll?.persons ?? 0
    const paidFen = paid.reduce((sum, row) => sum + row.amountFen, 0)
    const isPaid = paid.some((row) => row.amountFen !== 0)
    return {
      paidFen,
      persons,
      perCapitaFen:
        persons === 0 || !isPaid ? null : Math.floor((2 * paidFen + persons) / (2 * persons)),
      components: paid
        .filter((row) => row.amountFen !== 0)
        .map((row) => ({ component: row.component ?? '', amountFen: row.amountFen })),
      asOf: session.asOf,
    }
  })
}
