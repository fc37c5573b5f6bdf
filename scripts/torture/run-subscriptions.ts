import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { instant } from '../../src/domain/values/calendar.js'
import { ActorId, beforeFirst } from '../../src/domain/values/identifiers.js'
import type { Append, EventStore } from '../../src/event-store/event-store.js'
import { seededRandom } from '../demo/generator/random.js'
import { checkHistory } from './check-history.js'
import type { DisturbedLog } from './disturbed-log.js'
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
  /** Transactions that were undone after their events were in, or connections that were broken. */
  readonly disturbed: number
  readonly subscriptions: number
  readonly faults: readonly Fault[]
}

/** Stores that append to one log, as the processes of several services do. */
const storeCount = 4
const subscriptionCount = 3
const batchAtMost = 120

/** Writes to a log that is disturbed, and holds against it what was heard. */
export async function runSubscriptions(
  log: DisturbedLog,
  options: SubscriptionOptions,
): Promise<SubscriptionReport> {
  const stores = await Promise.all(Array.from({ length: storeCount }, () => log.open()))
  const heard = Array.from({ length: subscriptionCount }, (): ReadEvent[] => [])
  const subscriptions = heard.map((events, at) =>
    storeAt(stores, at).subscribe(beforeFirst, async (batch) => {
      events.push(...batch.map((event) => readEvent(event, 'id')))
    }),
  )
  const writes: RecordedWrite[] = []
  const work = { writes, undone: 0 }
  const writers = Array.from({ length: options.writers }, (_, writer) =>
    write({ log, store: storeAt(stores, writer), writer, work, options }),
  )
  await Promise.all(writers)
  const head = writes.reduce((last, { outcome }) => Math.max(last, ordinalOf(outcome)), -1)
  while (heard.some((events) => (events.at(-1)?.ordinal ?? -1) < head)) await sleep(50)
  const whole = await wholeLog(storeAt(stores, 0), 'id')
  await Promise.all(subscriptions.map((subscription) => subscription.stop()))
  await Promise.all(stores.map((store) => store.close()))
  return {
    seed: options.seed,
    events: whole.length,
    acknowledged: work.writes.length,
    disturbed: work.undone + log.disturbances(),
    subscriptions: subscriptionCount,
    faults: checkHistory({ writes: work.writes, log: whole, subscriptions: heard }),
  }
}

function ordinalOf(outcome: RecordedWrite['outcome']): number {
  return outcome.kind === 'acknowledged' ? outcome.ordinal : -1
}

function storeAt(stores: readonly EventStore[], at: number): EventStore {
  const store = stores[at % stores.length]
  if (!store) throw new Error('no store')
  return store
}

interface Writing {
  readonly log: DisturbedLog
  readonly store: EventStore
  readonly writer: number
  readonly work: { readonly writes: RecordedWrite[]; undone: number }
  readonly options: SubscriptionOptions
}

async function write({ log, options, store, work, writer }: Writing): Promise<void> {
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
    const outcomes = await appended({ log, store, work }, appends)
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
async function appended(
  { log, store, work }: Pick<Writing, 'log' | 'store' | 'work'>,
  appends: readonly Append[],
) {
  for (;;) {
    try {
      return await store.append(appends)
    } catch (error) {
      if (!log.isDisturbance(error)) throw error
      work.undone += 1
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
