import t from 'tap'
import type { PoolClient } from '../../src/database/copy-rows.js'
import { owedStatement } from '../../src/projections/payments/owed-statement.js'
import { projectedLedger } from './ledger-database.js'

const cases = 3000
const page = 1000

/** Cases with a head, a stay on the roll and one component, known from the start. */
const fillings = [
  `INSERT INTO case_place (case_id, row_no, known_from, known_to, programme, division,
      urban_rural, benefit_class, from_month, to_month)
    SELECT 'case ' || n, 1, 0, 9, 'p', 'd', 'urban', 'c', 0, 9 FROM generate_series(1, $1) AS n`,
  `INSERT INTO roll_case (case_id, row_no, known_from, known_to, programme, division,
      urban_rural, benefit_class, from_month, to_month, reported, grace)
    SELECT 'case ' || n, 2, 0, 9, 'p', 'd', 'urban', 'c', 0, 9, false, false
    FROM generate_series(1, $1) AS n`,
  `INSERT INTO entitlement (case_id, row_no, known_from, known_to, programme, division,
      urban_rural, benefit_class, from_month, to_month, component, person_id, measure, monthly,
      amount_fen, reported)
    SELECT 'case ' || n, 3, 0, 9, 'p', 'd', 'urban', 'c', 0, 9, 'base', NULL, 'cash', true,
      100, false
    FROM generate_series(1, $1) AS n`,
  `INSERT INTO case_head (case_id, row_no, known_from, known_to, from_month, to_month, person_id)
    SELECT 'case ' || n, 4, 0, 9, 0, 9, 'person ' || n FROM generate_series(1, $1) AS n`,
]

async function comparedInVain(client: PoolClient): Promise<number> {
  const statement = owedStatement({ ordinal: '$1', month: '$2', limit: '$3', where: 'true' })
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (ANALYZE, COSTS OFF) ${statement}`,
    [1, 3, page],
  )
  const text = rows.map((row) => row['QUERY PLAN']).join('\n')
  const removed = [...text.matchAll(/Rows Removed by Join Filter: (\d+)/g)]
  return removed.reduce((sum, [, count]) => sum + Number(count), 0)
}

t.test('a page of a run does not compare each of its cases with every other', async (t) => {
  const { pool } = await projectedLedger(t, [])
  const client = await pool.connect()
  try {
    await client.query('SET search_path TO read_model')
    for (const filling of fillings) await client.query(filling, [cases])
    await client.query('ANALYZE')
    t.ok((await comparedInVain(client)) < page)
  } finally {
    client.release(true)
  }
})
