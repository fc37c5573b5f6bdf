import { finished } from 'node:stream/promises'
import type { Pool, PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

export type { Pool, PoolClient }

/** A value of a column; objects go into jsonb. */
export type ColumnValue = string | number | boolean | null | object

const chunkCharacters = 64 * 1024

/**
 * Writes rows by COPY … FROM STDIN within the client's transaction. `target` is the table with its
 * columns, `roll (a, b)`; every row gives its values in that order.
 */
export async function copyRows(
  client: PoolClient,
  target: string,
  rows: Iterable<readonly ColumnValue[]>,
): Promise<void> {
  const stream = client.query(timed(copyFrom(`COPY ${target} FROM STDIN`)))
  const end = finished(stream).finally(() => stream.callback())
  // An error of the server surfaces through `end`; without this it would be unhandled meanwhile.
  end.catch(() => undefined)
  let chunk = ''
  for (const row of rows) {
    chunk += lineOf(row)
    if (chunk.length < chunkCharacters) continue
    if (!stream.write(chunk)) await drained(stream)
    chunk = ''
  }
  stream.end(chunk)
  await end
}

/**
 * A COPY that the driver's limit on answers holds for too: its timer is stopped by the callback of
 * a query, which copy streams don't call themselves. Call it when the stream has ended.
 */
export function timed<Copy extends object>(stream: Copy): Copy & { callback: () => void } {
  return Object.assign(stream, { callback: () => undefined })
}

function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stream.off('drain', settle).off('close', settle).off('error', settle)
      resolve()
    }
    stream.once('drain', settle).once('close', settle).once('error', settle)
  })
}

function lineOf(row: readonly ColumnValue[]): string {
  let line = ''
  for (const value of row) line += line === '' ? textOf(value) : `\t${textOf(value)}`
  return `${line}\n`
}

const special = /[\\\t\n\r]/
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

function textOf(value: ColumnValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 't' : 'f'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return special.test(text)
    ? text.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
    : text
}
