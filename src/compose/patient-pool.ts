import type pg from 'pg'
import { type Connection, createPool } from '../database/pool.js'

/** With sessions whose statements take as long as they take: an index over millions of rows. */
export async function patiently<Result>(
  connection: Connection,
  work: (pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const pool = createPool(connection, { name: 'operator', connections: 12 })
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}
