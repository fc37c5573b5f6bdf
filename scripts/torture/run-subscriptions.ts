import { createHash } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/start.js'
import { migrate } from '../../src/database/migrate.js'
import { createPool } from '../../src/database/pool.js'
import { instant } from '../../src/domain/values/calendar.js'
import { ActorId, beforeFirst } from '../../src/domain/values/identifiers.js'
import type { Append, EventStore } from '../../src/event-store/event-store.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'
import { seededRandom } from '../demo/generator/random.js'
import { checkHistory } from './check-history.js'
import type { Fault, ReadEvent, RecordedWrite } from './history.js'
import { readEvent, wholeLog } from './read-log.js'

export interface SubscriptionOptions {
  /** Writers end when the log holds so many. */
  readonly events: number
  readonly writers: number
  readonly seed: number
  readonly onProgress?: (events: number) => void
}

export interface SubscriptionReport {
  readonly seed: number
  readonly events: number
  readonly acknowledged: number
  /** Transactions that the database undid after the events were in it. */
  readonly rollbacks: number
  readonly subscriptions: number
  readonly faults: readonly Fault[]
}

/** Stores that append to one log, as the processes of several services do. */
const storeCount = 4
const subscriptionCount = 3
const batchAtMost = 120

/** In 15 of 100 transactions; and before each end a wait of up to 50 ms. */
const disturbance = `
CREATE FUNCTION public.disturb() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_sleep(random() * 0.05);
  IF random() < 0.15 THEN
    RAISE EXCEPTION 'disturbed' USING ERRCODE = 'internal_error';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER disturbed AFTER INSERT ON ledger.events
  FOR EACH STATEMENT EXECUTE FUNCTION public.disturb()`

/** Writes through a log whose transactions are delayed and undone, and holds what was heard. */
export async function runSubscriptions(options: SubscriptionOptions): Promise<SubscriptionReport> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-torture-'))
  await chmod(folder, 0o755)
  const server = await startEmbeddedPostgres({ dataDirectory: folder })
  try {
    await migrate({ admin: server.adminConnection })
    await disturb(server)
    return await written(server, options)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function disturb(server: EmbeddedPostgres): Promise<void> {
  const pool = createPool(server.adminConnection, { name: 'torture', connections: 1 })
  await pool.query(disturbance)
  await pool.end()
}

async function written(
  server: EmbeddedPostgres,
  options: SubscriptionOptions,
): Promise<SubscriptionReport> {
  const open = () =>
    openPostgresEventStore({ connection: server.serviceConnection, clock: 'simulated' })
  const stores = await Promise.all(Array.from({ length: storeCount }, open))
  const heard = Array.from({ length: subscriptionCount }, (): ReadEvent[] => [])
  const subscriptions = heard.map((events, at) =>
    storeAt(stores, at).subscribe(beforeFirst, async (batch) => {
      events.push(...batch.map((event) => readEvent(event, 'id')))
    }),
  )
  const writes: RecordedWrite[] = []
  const work = { writes, rollbacks: 0 }
  const writers = Array.from({ length: options.writers }, (_, writer) =>
    write({ store: storeAt(stores, writer), writer, work, options }),
  )
  await Promise.all(writers)
  const head = await storeAt(stores, 0).head()
  while (heard.some((events) => (events.at(-1)?.ordinal ?? -1) < head)) await sleep(50)
  const log = await wholeLog(storeAt(stores, 0), 'id')
  await Promise.all(subscriptions.map((subscription) => subscription.stop()))
  await Promise.all(stores.map((store) => store.close()))
  return {
    seed: options.seed,
    events: log.length,
    acknowledged: work.writes.length,
    rollbacks: work.rollbacks,
    subscriptions: subscriptionCount,
    faults: checkHistory({ writes: work.writes, log, subscriptions: heard }),
  }
}

function storeAt(stores: readonly EventStore[], at: number): EventStore {
  const store = stores[at % stores.length]
  if (!store) throw new Error('no store')
  return store
}

interface Writing {
  readonly store: EventStore
  readonly writer: number
  readonly work: { readonly writes: RecordedWrite[]; rollbacks: number }
  readonly options: SubscriptionOptions
}

async function write({ options, store, work, writer }: Writing): Promise<void> {
  const random = seededRandom(options.seed * 1000 + writer)
  const streams = new Map<string, number>()
  for (let number = 0; work.writes.length < options.events; ) {
    const wanted = Math.min(random.between(1, batchAtMost), options.events - work.writes.length)
    const appends = Array.from({ length: wanted }, () => {
      number += 1
      const stream = `person-${writer}-${random.between(0, 999)}`
      const next = (streams.get(stream) ?? -1) + 1
      streams.set(stream, next)
      return appendOf({ id: `${writer}-${number}`, stream, version: next })
    })
    const invokedAt = performance.now()
    const outcomes = await appended(store, appends, work)
    const endedAt = performance.now()
    for (const [at, { key: id, stream }] of appends.entries()) {
      const outcome = outcomes[at]
      if (!outcome || !('ordinal' in outcome))
        throw new Error(`write ${id} came to ${outcome?.kind}, which nothing here asks for`)
      const { ordinal, version } = outcome
      const acknowledged = { kind: 'acknowledged' as const, version, ordinal }
      work.writes.push({ id, stream, invokedAt, endedAt, outcome: acknowledged })
    }
    options.onProgress?.(work.writes.length)
  }
}

/** What was undone is sent again with its keys, as a client does that has no answer. */
async function appended(store: EventStore, appends: readonly Append[], work: Writing['work']) {
  for (;;) {
    try {
      return await store.append(appends)
    } catch (error) {
      if (!(error instanceof Error && error.message === 'disturbed')) throw error
      work.rollbacks += 1
    }
  }
}

const requestHash = createHash('sha256').update('torture').digest('hex')

function appendOf(of: {
  readonly id: string
  readonly stream: string
  readonly version: number
}): Append {
  return {
    stream: of.stream,
    expected: of.version === 0 ? 'none' : of.version - 1,
    events: [{ type: 'Tortured', schemaVersion: 1, effective: '2026-01', data: { id: of.id } }],
    key: of.id,
    requestHash,
    recorded: instant('2026-01-01T00:00:00.000Z'),
    actor: ActorId.parse('torture'),
    correlation: 'torture',
  }
}
