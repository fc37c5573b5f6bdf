import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Test } from 'tap'
import { instant } from '../../src/domain/values/calendar.js'
import { beforeFirst, ordinal } from '../../src/domain/values/identifiers.js'
import type { Append, EventStore, StoredEvent } from '../../src/event-store/event-store.js'
import { canonicalJson } from '../../src/integrity/canonical-json.js'
import { leafHash } from '../../src/integrity/leaf-hash.js'
import { anAppend, anEvent, requestHashOf } from '../support/appends.js'
import { applyToModel, emptyModel, modelAppends } from './model.js'

/** Makes an empty log; it is closed by the suite. */
export type MakeStore = () => Promise<EventStore>

/** What every adapter of the port promises. One `makeStore` is called for each part. */
export async function eventStoreContract(t: Test, makeStore: MakeStore): Promise<void> {
  const parts: Readonly<Record<string, (t: Test, store: EventStore) => Promise<void>>> = {
    'stores and reads back whole events': storesWholeEvents,
    'answers each append of a batch by itself': answersEachAppend,
    'judges appends to one stream in turn': judgesInTurn,
    'replays a key and refuses it for another request': replays,
    'expects a stream that exists': expectsExisting,
    'gives dense ordinals to concurrent appends': isDense,
    'lets one of fifty win': letsOneWin,
    'refuses what is too large and stores nothing': refusesLarge,
    'subscribes to old and live events, each once': subscribes,
    'ends a subscription whose handler throws': endsOnError,
    'resolves an instant by the running maximum': resolvesInstants,
    'does as the model does': followsModel,
  }
  for (const [name, part] of Object.entries(parts))
    await t.test(name, async (t) => {
      const store = await makeStore()
      t.teardown(() => store.close())
      await part(t, store)
    })
}

async function storesWholeEvents(t: Test, store: EventStore): Promise<void> {
  const data = {
    b: [1, -0, null, true],
    a: '"\\\n\t\u2028 张三 😀',
    ä: { '2': 'x', '10': 'y' },
    e: {},
  }
  const append = anAppend({ stream: 'case-1', key: 'k1', events: [anEvent(data), anEvent()] })

  t.equal(await store.head(), beforeFirst)
  t.same(await store.append([append]), [{ kind: 'appended', version: 1, ordinal: 1 }])

  const events = await store.readStream('case-1')
  t.equal(canonicalJson(events[0]?.data), canonicalJson(data))
  t.match(events, [
    { ordinal: 0, version: 0, stream: 'case-1', type: 'ReviewRecorded', schemaVersion: 1 },
    { ordinal: 1, version: 1, effective: '2012-05', recorded: append.recorded },
  ])
  for (const event of events) t.equal(event.leafHash, leafHash(event))
  t.same(await store.readStream('case-1', 1), events.slice(1))
  t.same(await store.readStream('case-2'), [])
  t.same(await store.readAll({ after: beforeFirst, limit: 10 }), events)
  t.same(await store.readAll({ after: ordinal(0), limit: 1 }), events.slice(1))
  t.same(await store.readAll({ after: ordinal(1), limit: 10 }), [])
  t.same(await store.readAll({ after: ordinal(99), limit: 10 }), [])
  t.equal(await store.head(), 1)
}

async function answersEachAppend(t: Test, store: EventStore): Promise<void> {
  const outcomes = await store.append([
    anAppend({ stream: 'a', key: '1' }),
    anAppend({ stream: 'b', key: '2', expected: 4 }),
    anAppend({ stream: 'c', key: '3' }),
  ])
  t.same(outcomes, [
    { kind: 'appended', version: 0, ordinal: 0 },
    { kind: 'conflict', actual: 'none' },
    { kind: 'appended', version: 0, ordinal: 1 },
  ])
  t.same(await store.append([anAppend({ stream: 'a', key: '2' })]), [
    { kind: 'conflict', actual: 0 },
  ])
  t.same(await store.append([]), [])
}

async function judgesInTurn(t: Test, store: EventStore): Promise<void> {
  const outcomes = await store.append([
    anAppend({ stream: 'a', key: '1', events: [anEvent(), anEvent()] }),
    anAppend({ stream: 'b', key: '2' }),
    anAppend({ stream: 'a', key: '3', expected: 1 }),
    anAppend({ stream: 'a', key: '4', expected: 1 }),
    anAppend({ stream: 'a', key: '5', expected: 'exists' }),
    anAppend({ stream: 'a', key: '5', expected: 'exists' }),
  ])
  t.same(outcomes, [
    { kind: 'appended', version: 1, ordinal: 1 },
    { kind: 'appended', version: 0, ordinal: 2 },
    { kind: 'appended', version: 2, ordinal: 3 },
    { kind: 'conflict', actual: 2 },
    { kind: 'appended', version: 3, ordinal: 4 },
    { kind: 'replayed', version: 3, ordinal: 4 },
  ])
}

async function replays(t: Test, store: EventStore): Promise<void> {
  const append = anAppend({ stream: 'a', key: '1', events: [anEvent(), anEvent()] })
  await store.append([append])
  await store.append([anAppend({ stream: 'a', key: '2', expected: 1 })])

  t.same(await store.append([append]), [{ kind: 'replayed', version: 1, ordinal: 1 }])
  t.same(await store.append([{ ...append, requestHash: requestHashOf('another') }]), [
    { kind: 'key-reused' },
  ])
  t.equal((await store.readStream('a')).length, 3)
}

async function expectsExisting(t: Test, store: EventStore): Promise<void> {
  const toExisting = (key: string) => anAppend({ stream: 'a', key, expected: 'exists' })
  t.same(await store.append([toExisting('1')]), [{ kind: 'conflict', actual: 'none' }])
  await store.append([anAppend({ stream: 'a', key: '2' })])
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) => store.append([toExisting(`x${n}`)])),
  )
  t.ok(all.flat().every(({ kind }) => kind === 'appended'))
  for (const event of await store.readStream('a')) t.equal(event.leafHash, leafHash(event))
}

async function isDense(t: Test, store: EventStore): Promise<void> {
  const batches = Array.from({ length: 40 }, (_, writer) =>
    Array.from({ length: 5 }, (_, n) =>
      anAppend({
        stream: `s-${writer}-${n}`,
        key: `k-${writer}-${n}`,
        events: [anEvent(), anEvent()],
      }),
    ),
  )
  const outcomes = (await Promise.all(batches.map((batch) => store.append(batch)))).flat()
  const last = outcomes.map((outcome) => (outcome.kind === 'appended' ? outcome.ordinal : -1))
  t.same(
    [...last].sort((left, right) => left - right),
    Array.from({ length: 200 }, (_, n) => n * 2 + 1),
  )
  const events = await store.readAll({ after: beforeFirst, limit: 1000 })
  t.same(
    events.map((event) => event.ordinal),
    Array.from({ length: 400 }, (_, n) => n),
  )
}

async function letsOneWin(t: Test, store: EventStore): Promise<void> {
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, n) => store.append([anAppend({ stream: 'a', key: `k${n}` })])),
  )
  const kinds = outcomes.flat().map(({ kind }) => kind)
  t.equal(kinds.filter((kind) => kind === 'appended').length, 1)
  t.equal(kinds.filter((kind) => kind === 'conflict').length, 49)
}

async function refusesLarge(t: Test, store: EventStore): Promise<void> {
  const large = anEvent({ note: '大'.repeat(store.limits.eventBytes / 3) })
  const good = anAppend({ stream: 'good', key: 'good' })
  const tooMany = Array.from({ length: store.limits.eventsPerAppend + 1 }, () => anEvent())
  const cases: readonly (readonly [string, Partial<Append>])[] = [
    ['event-too-large', { events: [large] }],
    ['too-many-events-in-append', { events: tooMany }],
    ['append-without-events', { events: [] }],
    ['append-malformed', { key: '' }],
    ['append-malformed', { stream: 'x'.repeat(251) }],
    ['not-canonical-json', { events: [anEvent({ amount: 0.5 })] }],
  ]
  for (const [code, wrong] of cases)
    await t.rejects(store.append([good, { ...anAppend({ stream: 'a', key: 'k' }), ...wrong }]), {
      code,
    })
  t.equal(await store.head(), beforeFirst)
}

async function subscribes(t: Test, store: EventStore): Promise<void> {
  const seen: StoredEvent[] = []
  let isBusy = false
  await store.append([0, 1, 2].map((n) => anAppend({ stream: `old-${n}`, key: `old-${n}` })))
  const subscription = store.subscribe(ordinal(0), async (events) => {
    t.notOk(isBusy, 'one batch at a time')
    isBusy = true
    await new Promise((resolve) => setImmediate(resolve))
    seen.push(...events)
    isBusy = false
  })
  const lives = Array.from({ length: 60 }, (_, n) => anAppend({ stream: `l-${n}`, key: `l-${n}` }))
  for (let at = 0; at < lives.length; at += 3)
    await Promise.all(lives.slice(at, at + 3).map((append) => store.append([append])))
  await until(() => seen.length >= 62)
  await subscription.stop()
  await subscription.done
  await store.append([anAppend({ stream: 'after', key: 'after' })])

  t.same(
    seen.map((event) => event.ordinal),
    Array.from({ length: 62 }, (_, n) => n + 1),
  )
}

async function endsOnError(t: Test, store: EventStore): Promise<void> {
  await store.append([anAppend({ stream: 'a', key: '1' })])
  const subscription = store.subscribe(beforeFirst, async () => {
    throw new Error('the handler broke')
  })
  await t.rejects(subscription.done, { message: 'the handler broke' })
  await subscription.stop()
}

async function resolvesInstants(t: Test, store: EventStore): Promise<void> {
  const days = ['02', '05', '03', '05', '07']
  for (const [n, day] of days.entries())
    await store.append([
      anAppend({
        stream: `s${n}`,
        key: `k${n}`,
        recorded: instant(`2012-06-${day}T00:00:00.500Z`),
      }),
    ])
  const at = (text: string) => store.ordinalAt(instant(text))
  t.equal(await at('2012-06-02T00:00:00.499Z'), -1)
  t.equal(await at('2012-06-02T00:00:00.500Z'), 0)
  t.equal(await at('2012-06-04T00:00:00.000Z'), 0)
  t.equal(await at('2012-06-05T00:00:00.500Z'), 3)
  t.equal(await at('2012-06-06T00:00:00.000Z'), 3)
  t.equal(await at('2020-01-01T00:00:00.000Z'), 4)
}

let modelRuns = 0

async function followsModel(t: Test, store: EventStore): Promise<void> {
  const property = fc.asyncProperty(modelAppends, async (batches) => {
    // Streams and keys of earlier runs stay in the log, so each run has its own.
    modelRuns += 1
    const model = emptyModel(`run${modelRuns}`, await store.head())
    for (const batch of batches) {
      const appends = batch.map((step) => model.appendOf(step))
      assert.deepStrictEqual(
        await store.append(appends),
        appends.map((append) => applyToModel(model, append)),
      )
    }
    for (const [stream, length] of model.lengths)
      assert.equal((await store.readStream(stream)).length, length)
  })
  await t.resolves(fc.assert(property, { numRuns: 40 }))
}

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!isSo() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
}
