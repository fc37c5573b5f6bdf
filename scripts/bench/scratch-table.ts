import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** An empty table with the columns, checks and indexes of another. */
export async function makeScratchTable(pool: pg.Pool, like: string, name: string): Promise<string> {
  await pool.query('CREATE SCHEMA IF NOT EXISTS bench')
  await pool.query(`DROP TABLE IF EXISTS bench.${name}`)
  await pool.query(`CREATE TABLE bench.${name} (LIKE ${like} INCLUDING ALL)`)
  return `bench.${name}`
}

/** What a statement selects, as COPY writes it. */
export async function copiedOut(pool: pg.Pool, select: string): Promise<Buffer> {
  const client = await pool.connect()
  try {
    const chunks: Buffer[] = []
    for await (const chunk of client.query(copyTo(`COPY (${select}) TO STDOUT`))) chunks.push(chunk)
    return Buffer.concat(chunks)
  } finally {
    client.release()
  }
}

/** Copies such bytes into a table, committed. */
export async function copyIn(pool: pg.Pool, table: string, bytes: Buffer): Promise<void> {
  const client = await pool.connect()
  try {
    const stream = client.query(copyFrom(`COPY ${table} FROM STDIN`))
    stream.end(bytes)
    await finished(stream)
  } finally {
    client.release()
  }
}
