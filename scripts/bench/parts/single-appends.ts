import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { instant } from '../../../src/domain/values/calendar.js'
import type { Append } from '../../../src/event-store/event-store.js'
import type { Bench, BenchPart } from '../bench.js'
import { clerk, districtStreams } from '../invented-district.js'
import { appendEvery } from '../load-ledger.js'
import { measurement } from '../measurement.js'
import { makeScratchTable } from '../scratch-table.js'
import { inTurn, rateOf } from '../timing.js'

const recorded = instant('2012-01-01T00:00:00.000Z')
const requestHash = 'a'.repeat(64)
const aims = [
  { waiting: 1, aim: '>= 1' },
  { waiting: 16, aim: '>= 1' },
  { waiting: 128, aim: '>= 1.8' },
] as const

/** Single appends with some waiting, against one event a transaction without any order. */
export const singleAppends: BenchPart = {
  name: 'single-appends',
  async measure(bench) {
    const { size } = bench
    const ways = await waysOf(bench)
    const found = []
    for (const { waiting, aim } of aims) {
      const load = { waiting, milliseconds: size.roundMilliseconds }
      await rateOf(ways.append, { waiting, milliseconds: size.roundMilliseconds / 5 })
      await rateOf(ways.insert, { waiting, milliseconds: size.roundMilliseconds / 5 })
      const rates = await inTurn(size.rounds, {
        limit: () => rateOf(ways.insert, load),
        measured: () => rateOf(ways.append, load),
      })
      found.push(
        measurement({
          id: `single-append-${waiting}`,
          what: `single appends, ${waiting} waiting, against one event a transaction unordered`,
          ...rates,
          unit: 'appends/s',
          aim,
        }),
      )
    }
    return found
  },
}

/** Both write an event like a standard's, with the same data. */
async function waysOf({ place: { beside } }: Bench) {
  const next = standardAppends('case-bench')
  const insert = await insertingOne(beside.admin, next)
  return { insert, append: () => appendEvery(beside.log, [next()]) }
}

/** Appends of an event like a standard's, or of more of them, each to a stream of its own. */
export function standardAppends(streams: string, events = 1): () => Append {
  const data =
    districtStreams()
      .flatMap(({ events }) => events)
      .find(isStandard)?.data ?? {}
  const event = { type: 'StandardSet', schemaVersion: 1, effective: '2010-01', data }
  let count = 0
  return () => {
    count += 1
    return {
      stream: `${streams}-${count}`,
      expected: 'none',
      events: Array.from({ length: events }, () => event),
      key: `${streams}/${count}`,
      requestHash,
      recorded,
      actor: clerk,
      correlation: 'bench',
    }
  }
}

const isStandard = ({ type }: { readonly type: string }) => type === 'StandardSet'

/** One prepared INSERT a transaction; a sequence numbers the rows and nothing orders them. */
async function insertingOne(pool: pg.Pool, next: () => Append): Promise<() => Promise<unknown>> {
  const table = await makeScratchTable(pool, 'ledger.events', 'events')
  await pool.query('CREATE SEQUENCE bench.ordinals MINVALUE 0')
  await pool.query(
    `ALTER TABLE ${table} ALTER COLUMN ordinal SET DEFAULT nextval('bench.ordinals')`,
  )
  const text = `
    INSERT INTO ${table} (recorded, recorded_max, event_id, version, schema_version, leaf_hash,
      request_hash, stream, type, effective, actor, correlation, append_key, data)
    VALUES ($1, $1, gen_random_uuid(), 0, 1, $2, $2, $3, $4, $5, $6, $7, $8, $9)`
  const hash = randomBytes(32)
  return () => {
    const { actor, correlation, events, key, stream } = next()
    const [event] = events
    return pool.query({
      name: 'bench-insert',
      text,
      values: [
        recorded,
        hash,
        stream,
        event?.type,
        event?.effective,
        actor,
        correlation,
        key,
        JSON.stringify(event?.data),
      ],
    })
  }
}
