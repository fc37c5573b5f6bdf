import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/start.js'
import { migrate } from '../../src/database/migrate.js'
import { createPool } from '../../src/database/pool.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { openEventStoreDb } from '../../src/event-store/eventstoredb/open.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'
import { type Random, seededRandom } from '../demo/generator/random.js'
import { openLogNetwork, settingsThrough } from './attacked-log.js'
import type { Network } from './network.js'

/** A log whose writes are delayed, and 15 of 100 of which don't end as they began. */
export interface DisturbedLog {
  /** A store on it, as a process of a service opens one. */
  open(): Promise<EventStore>
  /** Whether an append failed by what disturbs it: the same can be sent again. */
  isDisturbance(error: unknown): boolean
  /** What was done to connections beside the errors that the writers saw. */
  disturbances(): number
  close(): Promise<void>
}

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

/** PostgreSQL whose transactions wait, and are undone after their events are in. */
export async function disturbedPostgres(): Promise<DisturbedLog> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-torture-'))
  await chmod(folder, 0o755)
  const server = await startEmbeddedPostgres({ dataDirectory: folder })
  await migrate({ admin: server.adminConnection })
  await disturb(server)
  return {
    open: () =>
      openPostgresEventStore({ connection: server.serviceConnection, clock: 'simulated' }),
    isDisturbance: (error) => error instanceof Error && error.message === 'disturbed',
    disturbances: () => 0,
    async close() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function disturb(server: EmbeddedPostgres): Promise<void> {
  const pool = createPool(server.adminConnection, { name: 'torture', connections: 1 })
  await pool.query(disturbance)
  await pool.end()
}

/**
 * EventStoreDB, which undoes nothing: the network to each store waits for up to 50 ms again and
 * again, and 15 of 100 times it is cut, or loses the answer to an append.
 */
export async function disturbedEventStoreDb(
  connectionString: string,
  seed: number,
): Promise<DisturbedLog> {
  const ledger = `torture-${process.pid}-${Date.now()}`
  const log = { connectionString, kill: async () => undefined, close: async () => undefined }
  const work = { count: 0, isOver: false }
  const networks: Network[] = []
  const disturbing: Promise<void>[] = []
  return {
    async open() {
      const network = await openLogNetwork(log)
      if (!network) throw new Error('--part subscriptions wants one node without TLS')
      networks.push(network)
      const { EVENTSTOREDB_URL: through = '' } = settingsThrough(log, network)
      const store = await openEventStoreDb({
        connectionString: through,
        clock: 'simulated',
        ledger,
      })
      const random = seededRandom(seed * 1000 + 500 + networks.length)
      disturbing.push(disturbNetwork(network, random, work))
      return store
    },
    isDisturbance: (error) =>
      error instanceof Error && 'code' in error && error.code === 'log-unreachable',
    disturbances: () => work.count,
    async close() {
      work.isOver = true
      await Promise.all(disturbing)
      await Promise.all(networks.map((network) => network.close()))
    },
  }
}

async function disturbNetwork(
  network: Network,
  random: Random,
  work: { count: number; readonly isOver: boolean },
): Promise<void> {
  while (!work.isOver) {
    await sleep(random.between(50, 400))
    await network.stall(random.between(0, 50))
    if (!random.chance(15)) continue
    work.count += 1
    if (random.chance(50)) network.cut()
    else network.stealNextAnswer()
  }
}
