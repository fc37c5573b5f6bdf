import t from 'tap'
import { checkHistory } from '../../scripts/torture/check-history.js'
import type { History, ReadEvent, RecordedWrite } from '../../scripts/torture/history.js'
import { ActorId, beforeFirst } from '../../src/domain/values/identifiers.js'
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { anAppend, anEvent } from '../support/appends.js'

/** Writes through a log, reads it back and hears it through a subscription. */
async function historyOf(store: EventStore): Promise<History> {
  const writes: RecordedWrite[] = []
  const heard: StoredEvent[] = []
  for (let number = 0; number < 40; number += 1) {
    const id = `write-${number}`
    const stream = `person-${number % 4}`
    const expected = number < 4 ? ('none' as const) : ('exists' as const)
    const invokedAt = 2 * number
    const [outcome] = await store.append([
      anAppend({ stream, key: id, expected, events: [anEvent({ id })], actor: ActorId.parse('a') }),
    ])
    if (outcome?.kind !== 'appended') throw new Error(`write ${number} was not appended`)
    const { ordinal, version } = outcome
    const acknowledged = { kind: 'acknowledged' as const, version, ordinal }
    writes.push({ id, stream, invokedAt, endedAt: invokedAt + 1, outcome: acknowledged })
  }
  const subscription = store.subscribe(beforeFirst, async (events) => void heard.push(...events))
  const head = Number(await store.head())
  while (heard.length <= head && heard.at(-1)?.ordinal !== head)
    await new Promise((resolve) => setTimeout(resolve, 5))
  await subscription.stop()
  const log = (await store.readAll({ after: beforeFirst, limit: 1000 })).map(readEvent)
  return { writes, log, subscriptions: [heard.map(readEvent)] }
}

function readEvent({ data, leafHash, ordinal, stream, version }: StoredEvent): ReadEvent {
  return { ordinal, stream, version, leafHash, write: String(data['id']) }
}

/** A log that harms what it reads out, in `readAll` and in subscriptions alike or in one. */
function harmed(
  inner: EventStore,
  harm: { readonly reads?: Harm; readonly hears?: Harm },
): EventStore {
  return {
    limits: inner.limits,
    readStream: (stream, from) => inner.readStream(stream, from),
    readAll: async (range) => (harm.reads ?? same)(await inner.readAll(range)),
    subscribe: (after, handle) =>
      inner.subscribe(after, (events) => handle((harm.hears ?? same)(events))),
    append: (batch) => inner.append(batch),
    head: () => inner.head(),
    ordinalAt: (at) => inner.ordinalAt(at),
    close: () => inner.close(),
  }
}

type Harm = (events: readonly StoredEvent[]) => readonly StoredEvent[]

const same: Harm = (events) => events
const at = 17
const lose: Harm = (events) => events.filter(({ ordinal }) => ordinal !== at)
const double: Harm = (events) =>
  events.flatMap((event) => (event.ordinal === at ? [event, event] : [event]))

/** Two neighbours change places and take each other's ordinals: all looks dense. */
const reorder: Harm = (events) => {
  const [left, right] = [events[at], events[at + 1]]
  if (!left || !right) return events
  const turned = [
    { ...right, ordinal: left.ordinal },
    { ...left, ordinal: right.ordinal },
  ]
  return [...events.slice(0, at), ...turned, ...events.slice(at + 2)]
}

/** One event is another one's content. */
const swap: Harm = (events) =>
  events.map((event) =>
    event.ordinal === at ? { ...event, data: { id: 'write-0' }, leafHash: '0'.repeat(64) } : event,
  )

function kindsOf(history: History): readonly string[] {
  return [...new Set(checkHistory(history).map(({ kind }) => kind))].sort()
}

t.test('a log that keeps its word has no fault', async (t) => {
  t.strictSame(checkHistory(await historyOf(createInMemoryEventStore())), [])
})

t.test('a log that loses, doubles, reorders or swaps one event is caught', async (t) => {
  const through = (harm: Parameters<typeof harmed>[1]) =>
    historyOf(harmed(createInMemoryEventStore(), harm))
  t.strictSame(kindsOf(await through({ reads: lose })), [
    'acknowledged-lost',
    'ordinals-not-dense',
    'subscription-differs',
    'versions-not-dense',
  ])
  t.strictSame(kindsOf(await through({ reads: double })), [
    'ordinals-not-dense',
    'stored-twice',
    'subscription-differs',
    'versions-not-dense',
  ])
  t.strictSame(kindsOf(await through({ reads: reorder, hears: reorder })), [
    'elsewhere-than-acknowledged',
  ])
  t.strictSame(kindsOf(await through({ reads: swap, hears: swap })), [
    'acknowledged-lost',
    'stored-twice',
  ])
  for (const hears of [lose, double, reorder, swap])
    t.strictSame(kindsOf(await through({ hears })), ['subscription-differs'])
})

t.test('answers that lie are caught', async (t) => {
  const history = await historyOf(createInMemoryEventStore())
  const withWrite = (number: number, change: Partial<RecordedWrite>): History => ({
    ...history,
    writes: history.writes.map((write, at) => (at === number ? { ...write, ...change } : write)),
  })
  const refused = { kind: 'refused' as const, code: 'stream-version-stale' }
  t.strictSame(kindsOf(withWrite(5, { outcome: refused })), ['refused-stored'])
  t.strictSame(kindsOf(withWrite(5, { outcome: { kind: 'unknown' } })), [])
  // Sent after all others were answered, and placed before them.
  t.strictSame(kindsOf(withWrite(5, { invokedAt: 1000, endedAt: 1001 })), ['order-of-time-broken'])
  const never = { ...history, log: history.log.slice(0, -1), subscriptions: [] }
  t.strictSame(kindsOf(never), ['acknowledged-lost'])
})
