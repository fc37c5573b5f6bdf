import t, { type Test } from 'tap'
import { createPool } from '../../src/database/pool.js'
import { instant } from '../../src/domain/values/calendar.js'
import { beforeFirst, type Ordinal, ordinal } from '../../src/domain/values/identifiers.js'
import { type KeptLogIndex, openKeptIndex } from '../../src/event-store/eventstoredb/kept-index.js'
import type { CountedEvent, LogIndex } from '../../src/event-store/eventstoredb/log-index.js'
import { openEventStoreDb } from '../../src/event-store/eventstoredb/open.js'
import { keptInPostgres } from '../../src/event-store/postgres/ordinal-index.js'
import { anAppend } from '../support/appends.js'
import { startTestPostgres } from '../support/postgres.js'
import { eventStoreContract } from './contract.js'
import { aWorld, until } from './eventstoredb-world.js'
import { startFakeEventStoreDb } from './fake-eventstoredb/server.js'

const { pool, adminPool, server } = await startTestPostgres(t)

/** So small that most of what is asked was let go from memory. */
const limits = { recentEvents: 6, mostUnsaved: 1_000 }
const openIndex = (ledger: string) => openKeptIndex(keptInPostgres(pool, ledger), limits)

t.test('the contract of the log, with an index that keeps almost nothing in memory', async (t) => {
  const fake = await startFakeEventStoreDb()
  t.teardown(() => fake.stop())
  await eventStoreContract(t, async () => {
    const ledger = `contract-${crypto.randomUUID()}`
    const index = await openIndex(ledger)
    t.teardown(() => index.close())
    const { connectionString } = fake
    return openEventStoreDb({ connectionString, clock: 'simulated', ledger, index })
  })
})

t.test('answers as a plain list of all that was counted', async (t) => {
  const all = someEvents(400)
  let index = await openIndex('plain')
  for (let from = 0; from < all.length; from += 7) {
    await index.add(all.slice(from, from + 7))
    if (from % 70 === 0) {
      await index.close()
      index = await openIndex('plain')
    }
    if (from % 35 === 0) await answersAsList(t, { index, all: all.slice(0, from + 7) })
  }
  await index.close()
  const again = await openIndex('plain')
  await answersAsList(t, { index: again, all })
  t.equal((await openIndex('another')).end(), undefined)
})

t.test('two instances keep the same rows', async (t) => {
  const all = someEvents(60)
  const both = await Promise.all([openIndex('both'), openIndex('both')])
  await Promise.all(both.map((index) => addInParts(index, all)))
  const { rows } = await pool.query<{ rows: number; last: number }>(
    `SELECT count(*)::integer AS rows, max(ordinal)::integer AS last
     FROM vault.log_index WHERE ledger = 'both'`,
  )
  t.same(rows, [{ rows: 60, last: 59 }])
})

t.test('an instance that is behind another knows what it counted itself', async (t) => {
  const all = someEvents(90)
  const behind = await openIndex('behind')
  for (let from = 0; from < 40; from += 5) {
    await behind.add(all.slice(from, from + 5))
    // Time to save, so that the older events are let go from memory.
    await until(async () => (await savedOf('behind')) > from)
  }
  await addInParts(await openIndex('behind'), all.slice(40))
  t.equal(await savedOf('behind'), 90)
  await answersAsList(t, { index: behind, all: all.slice(0, 40) })
  for (let from = 40; from < 90; from += 5) await behind.add(all.slice(from, from + 5))
  await answersAsList(t, { index: behind, all })
  await behind.close()
})

t.test('a database that was away for a moment costs no append', async (t) => {
  const ours = createPool(server.serviceConnection, { name: 'index to lose', connections: 3 })
  t.teardown(() => ours.end())
  const index = await openKeptIndex(keptInPostgres(ours, 'ledger'), limits)
  t.teardown(() => index.close())
  const { store } = await aWorld(t, { index })
  let lost = 0
  for (let round = 0; round < 20; round += 1) {
    const appends = [1, 2, 3].map((at) =>
      anAppend({ stream: `s-${round}-${at}`, key: `k-${round}-${at}` }),
    )
    const losing = loseSessions('index to lose')
    const [outcomes, sessions] = await Promise.all([store.append(appends), losing])
    lost += sessions
    t.match(outcomes, [{ kind: 'appended' }, { kind: 'appended' }, { kind: 'appended' }])
  }
  t.ok(lost > 10, `${lost} sessions were ended`)
  const replay = await store.append([anAppend({ stream: 's-0-1', key: 'k-0-1' })])
  t.match(replay, [{ kind: 'replayed', ordinal: 0 }])
  t.equal(await store.head(), 59)
})

async function savedOf(ledger: string): Promise<number> {
  const counting = 'SELECT count(*)::integer AS rows FROM vault.log_index WHERE ledger = $1'
  const { rows } = await pool.query<{ rows: number }>(counting, [ledger])
  return rows[0]?.rows ?? 0
}

async function loseSessions(name: string): Promise<number> {
  const ending =
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE $1'
  return (await adminPool.query(ending, [`%${name}`])).rows.length
}

async function addInParts(index: KeptLogIndex, all: readonly CountedEvent[]): Promise<void> {
  for (let from = 0; from < all.length; from += 5) await index.add(all.slice(from, from + 5))
  await index.close()
}

/** Streams that go on for long and short, clocks that go back, appends of one to three events. */
function someEvents(count: number): readonly CountedEvent[] {
  const versions = new Map<string, number>()
  return Array.from({ length: count }, (_, at) => {
    const kind = at % 11 === 0 ? 'programme' : 'case'
    const stream = `${kind}-${(at * at) % 23}`
    const version = (versions.get(stream) ?? -1) + 1
    versions.set(stream, version)
    const own = ordinal(at)
    const minute = String((at * 37) % 60).padStart(2, '0')
    const last = { requestHash: `h${at}`, attempt: `a${at}`, version, ordinal: own }
    return {
      ordinal: own,
      position: { commit: BigInt(at * 100), prepare: BigInt(at * 100 + 1) },
      eventId: crypto.randomUUID(),
      stream,
      version,
      recorded: instant(`2012-06-06T${String(1 + (at >> 6)).padStart(2, '0')}:${minute}:00.000Z`),
      append: at % 3 === 1 ? undefined : { ...last, key: `k${at}`, createdMilliseconds: at },
    }
  })
}

async function answersAsList(
  t: Test,
  { all, index }: { readonly all: readonly CountedEvent[]; readonly index: LogIndex },
): Promise<void> {
  t.match(index.end(), { ordinal: all.length - 1, eventId: all.at(-1)?.eventId })
  const streams = ['case-0', 'case-1', 'programme-0', 'case-nobody', 'case-13', 'case-8']
  const of = (stream: string) => all.filter((event) => event.stream === stream)
  t.same(
    await index.versionsOf(streams),
    streams.map((stream) => of(stream).length - 1),
  )
  for (const stream of streams) {
    for (const from of [0, 1, 3, 40])
      t.same(
        await index.ordinalsOf(stream, from),
        of(stream)
          .slice(from)
          .map(({ ordinal: own }) => own),
      )
    const key = `k${stream.length * 9}`
    const append = all.find((event) => event.append?.key === key)?.append
    t.same(await index.lookUp(stream, key), { version: of(stream).length - 1, append })
    t.same(await index.appendAfter(beforeFirst, key), append)
  }
  for (const at of [-1, 0, 5, all.length - 8, all.length - 1, all.length])
    t.same(
      at < 0 ? undefined : await index.positionOf(ordinal(at)),
      all[at]?.position,
      `position ${at}`,
    )
  for (const [after, upTo] of rangesOf(all.length)) {
    const events = all.filter(({ ordinal: own }) => own > after && own <= upTo)
    const policy = events.filter(({ stream }) => stream.startsWith('programme-'))
    const range = { after, upTo }
    t.same(
      await index.eventIdsIn(range),
      events.map(({ eventId }) => eventId),
    )
    t.same(
      await index.appendsIn(range),
      events.flatMap(({ append }) => append ?? []),
    )
    t.same(
      [...(await index.policyStreams(range))].sort(),
      [...new Set(policy.map(({ stream }) => stream))].sort(),
    )
  }
  for (const time of ['00:59:00', '01:00:00', '01:36:30', '02:59:00', '05:17:00', '09:00:00']) {
    const at = instant(`2012-06-06T${time}.000Z`)
    const firstLater = all.findIndex(({ recorded }) => recorded > at)
    t.equal(await index.ordinalAt(at), (firstLater < 0 ? all.length : firstLater) - 1, time)
  }
}

function rangesOf(length: number): readonly (readonly [Ordinal, Ordinal])[] {
  const last = ordinal(length - 1)
  const middle = ordinal(Math.floor(length / 2))
  return [
    [beforeFirst, last],
    [beforeFirst, middle],
    [middle, last],
    [ordinal(Math.max(0, length - 4)), last],
    [last, last],
  ]
}
