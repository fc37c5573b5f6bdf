import t from 'tap'
import type { Case } from '../../src/domain/case/facts.js'
import { rowsets } from '../../src/projections/cases/rowsets.js'
import type { ReadSession } from '../../src/projections/read-model.js'
import { allChanges, changesUpTo } from '../../src/projections/totals/changes.js'
import { projectedLedger, smallBlocks } from './ledger-database.js'
import { randomCases } from './random-cases.js'
import { casesAfter, randomOf } from './written-events.js'

const seed = Number(process.env['SEED'] ?? 20120601)

t.test('rows and totals as known at 100 ordinals are those of the events up to it', async (t) => {
  t.comment(`seed ${seed}`)
  const random = randomOf(seed)
  const written = randomCases(random, { cases: 25, events: 700 })
  const { model } = await projectedLedger(t, written)

  for (let round = 0; round < 100; round += 1) {
    const known = random.below(written.length)
    const cases = casesAfter(written.slice(0, known + 1))
    const answers = await model.read(async (session) => ({
      rows: await rowsKnownAt(session, known),
      totals: await totalsKnownAt(session, known),
    }))
    const expected = { rows: rowsOfAll(cases), totals: totalsOfAll(cases) }
    t.strictSame(answers, expected, `as known at ${known}`)
  }
  const now = await model.read((session) => totalsKnownAt(session, null))
  t.strictSame(now, totalsOfAll(casesAfter(written)), 'as known now')
})

async function rowsKnownAt(session: ReadSession, known: number) {
  const byTable: [string, readonly string[]][] = []
  for (const { table } of rowsets) {
    const own = Object.keys(table.columns).slice(4)
    const rows = await session.rows(
      `SELECT case_id, ${own.join(', ')} FROM ${table.name}
      WHERE known_from <= $1 AND known_to > $1`,
      [known],
    )
    byTable.push([table.name, rows.map((row) => JSON.stringify(Object.values(row))).sort()])
  }
  return Object.fromEntries(byTable)
}

function rowsOfAll(cases: ReadonlyMap<string, Case>) {
  const byTable = rowsets.map(({ table, rowsOf }): [string, readonly string[]] => {
    const rows = [...cases].flatMap(([caseId, state]) =>
      rowsOf(state).map((values) => JSON.stringify([caseId, ...values])),
    )
    return [table.name, rows.sort()]
  })
  return Object.fromEntries(byTable)
}

interface TotalRow {
  readonly topic: string
  readonly division: string
  readonly month: number
  readonly households: number
  readonly persons: number
  readonly amount_fen: number
}

async function totalsKnownAt(session: ReadSession, known: number | null) {
  const changes = known === null ? allChanges : changesUpTo('$1', smallBlocks)
  const rows = await session.rows<TotalRow>(
    `SELECT topic, division, month, SUM(households)::bigint AS households,
      SUM(persons)::bigint AS persons, SUM(amount_fen)::bigint AS amount_fen
    FROM ${changes} AS c GROUP BY topic, division, month`,
    known === null ? [] : [known],
  )
  return compact(
    rows.map((row) => [
      `${row.topic} ${row.division} ${row.month}`,
      [row.households, row.persons, row.amount_fen],
    ]),
  )
}

type Sums = readonly [households: number, persons: number, amountFen: number]

/** The changes of every row, summed by hand: a period adds at its start and takes away after it. */
function totalsOfAll(cases: ReadonlyMap<string, Case>) {
  const changes = rowsets.flatMap(({ table, rowsOf }) =>
    [...cases.values()].flatMap((state) =>
      rowsOf(state).flatMap((values) => changesOf(table.name, values)),
    ),
  )
  return compact(changes)
}

type Values = ReturnType<(typeof rowsets)[number]['rowsOf']>[number]

function changesOf(table: string, values: Values): readonly [string, Sums][] {
  const [, division, , , from, to] = values
  const number = (at: number) => Number(values[at])
  if (table === 'movement')
    return [[`movement ${division} ${from}`, [number(6), number(7), number(8)]]]
  const sums: Readonly<Record<string, Sums>> = {
    roll_case: [1, 0, 0],
    roll_member: [0, 1, 0],
    entitlement: [0, 0, number(10)],
  }
  const topic = table === 'entitlement' ? 'owed' : 'roll'
  const sum = sums[table]
  if (!sum) return []
  const negative: Sums = [-sum[0], -sum[1], -sum[2]]
  const ends = Number(to) < 2199 * 12 + 11
  return [
    [`${topic} ${division} ${from}`, sum],
    ...(ends
      ? [[`${topic} ${division} ${Number(to) + 1}`, negative] satisfies [string, Sums]]
      : []),
  ]
}

function compact(changes: readonly (readonly [string, Sums])[]) {
  const sums = new Map<string, Sums>()
  for (const [key, [households, persons, amountFen]] of changes) {
    const before = sums.get(key) ?? [0, 0, 0]
    sums.set(key, [before[0] + households, before[1] + persons, before[2] + amountFen])
  }
  const present = [...sums].filter(([, sum]) => sum.some((part) => part !== 0))
  // Minus zero is no other amount than zero.
  return Object.fromEntries(
    present.map(([key, sum]) => [key, sum.map((part) => part + 0)] as const).sort(),
  )
}
