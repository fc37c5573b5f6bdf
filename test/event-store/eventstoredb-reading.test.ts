import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client'
import t from 'tap'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import { aWorld, eventsOf, timing, two, until } from './eventstoredb-world.js'
import type { PlannedFailure } from './fake-eventstoredb/failure-plan.js'
import { startFakeEventStoreDb } from './fake-eventstoredb/server.js'

/** Reads that nobody asked for would take the failures that are planned. */
const onlyWhenAsked = { ...timing, pollMilliseconds: 60_000 }

const outages: readonly (readonly [PlannedFailure, RegExp | undefined])[] = [
  [{ kind: 'graceful-end', after: 1 }, undefined],
  [{ kind: 'graceful-end', after: 0 }, /late/],
  [{ kind: 'status', code: 14 }, /code-14/],
  [{ kind: 'busy' }, /UnknownError|code-2/],
  [{ kind: 'silent' }, /late/],
  [{ kind: 'slow', milliseconds: 800 }, /late/],
  [{ kind: 'duplicate' }, undefined],
]

for (const [failure, reason] of outages)
  t.test(`what is read on behind ${JSON.stringify(failure)} is counted once`, async (t) => {
    const { server, store, interruptions } = await aWorld(t)
    const seen: number[] = []
    const subscription = store.subscribe(beforeFirst, async (events) => {
      seen.push(...events.map(({ ordinal }) => ordinal))
    })
    for (let n = 0; n < 10; n += 1) {
      if (n % 3 === 0) server.plan.next('read-all', failure, 4)
      const expected = n === 0 ? 'none' : 2 * n - 1
      t.same(await store.append([two({ stream: 's', key: `k${n}`, expected })]), [
        { kind: 'appended', version: 2 * n + 1, ordinal: 2 * n + 1 },
      ])
    }
    await until(() => seen.length >= 20)
    await subscription.stop()
    await subscription.done
    t.same(
      seen,
      Array.from({ length: 20 }, (_, n) => n),
    )
    if (reason) t.match(interruptions, [reason])
    else t.same(interruptions, [])
  })

t.test('a read that leaves out an event of a stream that goes on breaks the log', async (t) => {
  const { server, store } = await aWorld(t, { timing: onlyWhenAsked })
  await store.append([two()])
  // The first that it gives is the last one that was counted.
  server.plan.next('read-all', { kind: 'loses', nth: 2 })
  await t.rejects(store.append([two({ key: 'more', expected: 1 })]), { code: 'log-broken' })
})

for (const failure of [
  { kind: 'loses', nth: 3 },
  { kind: 'duplicate' },
  { kind: 'graceful-end', after: 2 },
] satisfies readonly PlannedFailure[])
  t.test(`reads give each event once, by its ordinal: ${JSON.stringify(failure)}`, async (t) => {
    const { server, store } = await aWorld(t, { timing: onlyWhenAsked })
    for (const stream of ['a', 'b', 'c']) await store.append([two({ stream, key: stream })])
    const [all, b] = [await eventsOf(store), await store.readStream('b')]
    server.plan.next('read-all', failure)
    t.same(await eventsOf(store), all)
    server.plan.next('read-all', failure)
    t.same(
      await store.readAll({ after: all[1]?.ordinal ?? beforeFirst, limit: 3 }),
      all.slice(2, 5),
    )
    server.plan.next('read', failure)
    t.same(await store.readStream('b'), b)
  })

t.test('streams that were read are read again when they have more', async (t) => {
  const { server, store } = await aWorld(t)
  for (const stream of ['a', 'b', 'c']) await store.append([two({ stream, key: stream })])
  const names = ['a', 'b', 'c', 'none']
  const first = await store.readStreams(names)
  t.equal(first.length, 6)
  const reads = server.plan.calls('read')
  t.same(await store.readStreams(names), first)
  t.equal(server.plan.calls('read'), reads + 1, 'only the one that is not there')
  await store.append([two({ stream: 'b', key: 'more', expected: 1 })])
  t.same(
    (await store.readStreams(names)).map(({ stream, version }) => `${stream}${version}`),
    ['a0', 'a1', 'b0', 'b1', 'b2', 'b3', 'c0', 'c1'],
  )
})

t.test("the server's own events and neighbours have no ordinals", async (t) => {
  const { server, store, open } = await aWorld(t)
  const neighbour = await open({ ledger: 'ledger2' })
  const raw = EventStoreDBClient.connectionString(server.connectionString)
  for (let n = 0; n < 5; n += 1) {
    server.log.addSystemEvent()
    await neighbour.append([two({ stream: `s${n}`, key: `k${n}` })])
    await raw.appendToStream('anything', [jsonEvent({ type: 'Other', data: {} })])
    t.match(await store.append([two({ stream: `s${n}`, key: `k${n}` })]), [{ ordinal: 2 * n + 1 }])
  }
  await raw.dispose()
  t.same(
    (await eventsOf(store)).map(({ ordinal }) => ordinal),
    Array.from({ length: 10 }, (_, n) => n),
  )
  const again = await open()
  t.same(await eventsOf(again), await eventsOf(store))
})

t.test('a stranger in a stream of the ledger breaks the log', async (t) => {
  const { server, store } = await aWorld(t)
  const raw = EventStoreDBClient.connectionString(server.connectionString)
  await raw.appendToStream('ledger.a', [jsonEvent({ type: 'Other', data: {} })])
  await raw.dispose()
  await until(() =>
    store.head().then(
      () => false,
      () => true,
    ),
  )
  await t.rejects(store.head(), { code: 'log-broken' })
  await t.rejects(store.append([two({ stream: 'b' })]), { code: 'log-broken' })
})

t.test('a stream of the ledger that was deleted breaks the log', async (t) => {
  const { server, store, open } = await aWorld(t)
  await store.append([two()])
  const raw = EventStoreDBClient.connectionString(server.connectionString)
  await raw.deleteStream('ledger.a')
  await raw.appendToStream('ledger.a', [jsonEvent({ type: 'x', data: {} })], {
    expectedRevision: NO_STREAM,
  })
  await raw.dispose()
  await t.rejects(open(), { code: 'log-broken' })
})

t.test('a server that was away for long is no broken log', async (t) => {
  const short = { ...timing, settleMilliseconds: 400, callMilliseconds: 100 }
  const { server, store, interruptions } = await aWorld(t, { timing: short })
  await store.append([two()])
  await server.stop()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  t.equal(await store.isReachable(), false)
  const again = await startFakeEventStoreDb({ log: server.log, port: server.port })
  t.teardown(() => again.stop())
  await until(() => store.isReachable())
  // What pauses before it reads again may take longer than this short settling time.
  let outcomes: readonly unknown[] = []
  await until(async () => {
    outcomes = await store.append([two({ stream: 'b', key: 'b' })]).catch(() => [])
    return outcomes.length > 0
  })
  t.match(outcomes, [{ version: 1, ordinal: 3 }])
  t.ok(store.rebuilds() > 0, 'the client was built anew meanwhile')
  t.notMatch(interruptions.join(), /halted/)
})

t.test('a read that ends in order without anything is no end of the log', async (t) => {
  const { server, store } = await aWorld(t, { timing: { ...timing, settleMilliseconds: 400 } })
  await store.append([two()])
  const alternating = [{ kind: 'graceful-end' as const, after: 0 }, { kind: 'busy' as const }]
  for (let n = 0; n < 40; n += 1)
    for (const failure of alternating) server.plan.next('read-all', failure)
  await until(() => server.plan.calls('read-all') > 85)
  t.equal(await store.head(), 1, 'nothing in between says that the log was cut back')
})

t.test('a log that lost what was counted is broken, not at its end', async (t) => {
  const { server, store } = await aWorld(t, { timing: { ...timing, settleMilliseconds: 400 } })
  await store.append([two()])
  server.log.cutBack(1)
  server.cut()
  await until(() =>
    store.head().then(
      () => false,
      () => true,
    ),
  )
  await t.rejects(store.head(), { code: 'log-broken' })
})
