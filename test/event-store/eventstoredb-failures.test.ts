import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import t from 'tap'
import { instant } from '../../src/domain/values/calendar.js'
import { openEventStoreDb } from '../../src/event-store/eventstoredb/open.js'
import { anAppend, requestHashOf } from '../support/appends.js'
import { aWorld, eventsOf, timing, two, until } from './eventstoredb-world.js'
import type { PlannedFailure } from './fake-eventstoredb/failure-plan.js'
import { startFakeEventStoreDb } from './fake-eventstoredb/server.js'

const passing: readonly PlannedFailure[] = [
  { kind: 'slow', milliseconds: 100 },
  { kind: 'slow', milliseconds: 800 },
  { kind: 'silent', stores: true },
  { kind: 'silent' },
  { kind: 'busy' },
  { kind: 'not-ready' },
  { kind: 'status', code: 14 },
  { kind: 'status', code: 13 },
  { kind: 'status', code: 4 },
  { kind: 'graceful-end' },
  { kind: 'reset-after-accept' },
  { kind: 'cut-after-accept' },
  { kind: 'duplicate' },
  { kind: 'wrong-revision' },
]

for (const failure of passing)
  t.test(`an append is stored once: ${JSON.stringify(failure)}`, async (t) => {
    const { server, store } = await aWorld(t)
    await store.append([anAppend({ stream: 'before', key: 'before' })])
    server.plan.next('append', failure)
    t.same(await store.append([two()]), [{ kind: 'appended', version: 1, ordinal: 2 }])
    t.same(await store.append([two()]), [{ kind: 'replayed', version: 1, ordinal: 2 }])
    // What was late may still come.
    if (failure.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, 500))
    t.same(
      (await eventsOf(store)).map(({ ordinal, version }) => [ordinal, version]),
      [
        [0, 0],
        [1, 0],
        [2, 1],
      ],
    )
  })

for (const failure of [
  { kind: 'status', code: 14 },
  { kind: 'graceful-end' },
  { kind: 'reset-after-accept' },
  { kind: 'cut-after-accept' },
] satisfies readonly PlannedFailure[])
  t.test(`a batch keeps its order through ${JSON.stringify(failure)}`, async (t) => {
    const patient = { ...timing, callMilliseconds: 5_000, settleMilliseconds: 20_000 }
    const { server, store } = await aWorld(t, { timing: patient })
    const batch = Array.from({ length: 200 }, (_, n) => two({ stream: `s${n}`, key: `k${n}` }))
    const appending = store.append(batch)
    await until(() => server.plan.calls('append') > 20)
    server.plan.next('append', failure)
    await until(() => server.plan.calls('append') > 150)
    server.plan.next('append', failure)
    t.same(
      await appending,
      batch.map((_, n) => ({ kind: 'appended', version: 1, ordinal: 2 * n + 1 })),
    )
    t.same(
      server.log.all.filter(({ revision }) => revision === 1).map(({ stream }) => stream),
      batch.map(({ stream }) => `ledger.${stream}`),
    )
  })

t.test('two failures after another are two reasons to look', async (t) => {
  const { server, store } = await aWorld(t)
  server.plan.next('append', { kind: 'silent', stores: true })
  server.plan.next('read-all', { kind: 'status', code: 14 })
  server.plan.next('append', { kind: 'reset-after-accept' })
  t.same(await store.append([two()]), [{ kind: 'appended', version: 1, ordinal: 1 }])
  t.equal((await eventsOf(store)).length, 2)
})

t.test('an append that was overtaken while its outcome was open is a conflict', async (t) => {
  const { server, store, open } = await aWorld(t)
  const other = await open()
  server.plan.next('append', { kind: 'silent' })
  const late = store.append([two()])
  await until(() => server.plan.calls('append') === 1)
  await other.append([anAppend({ stream: 'a', key: 'other' })])
  t.same(await late, [{ kind: 'conflict', actual: 0 }])
})

t.test('what the server refuses is refused at once', async (t) => {
  const { server, store } = await aWorld(t)
  server.plan.next('append', { kind: 'too-large' })
  await t.rejects(store.append([two()]), { code: 'append-too-large' })
  server.plan.next('append', { kind: 'status', code: 7 })
  await t.rejects(store.append([two()]), { code: 7 })
  t.equal(server.plan.calls('append'), 2)
  t.same(await store.append([two()]), [{ kind: 'appended', version: 1, ordinal: 1 }])
})

t.test('a server that never answers makes the log busy, and the same key settles it', async (t) => {
  const { server, store } = await aWorld(t, { timing: { ...timing, settleMilliseconds: 700 } })
  server.plan.always('append', { kind: 'silent', stores: true })
  for (const kind of ['read', 'read-all'] as const) server.plan.always(kind, { kind: 'silent' })
  const begin = performance.now()
  const batch = [two(), anAppend({ stream: 'b', key: 'b' })]
  await t.rejects(store.append(batch), { code: 'log-unreachable' })
  t.ok(performance.now() - begin < 3_000)
  for (const kind of ['append', 'read', 'read-all'] as const) server.plan.always(kind, undefined)
  const [first, second] = await store.append(batch)
  t.match(first, { kind: 'replayed', version: 1, ordinal: 1 })
  t.match(second, { kind: 'replayed', ordinal: 2 })
  t.ok(store.rebuilds() > 0, 'the client was built anew')
})

t.test('reads try again, and say that the log is busy when nobody answers', async (t) => {
  const { server, store } = await aWorld(t, {
    timing: { ...timing, settleMilliseconds: 700, pollMilliseconds: 60_000 },
  })
  await store.append([two()])
  for (const failure of [
    { kind: 'silent' },
    { kind: 'slow', milliseconds: 800 },
    { kind: 'status', code: 14 },
    { kind: 'not-ready' },
    { kind: 'graceful-end', after: 1 },
    { kind: 'graceful-end', after: 0 },
  ] satisfies readonly PlannedFailure[]) {
    server.plan.next('read', failure)
    t.equal((await store.readStream('a')).length, 2, JSON.stringify(failure))
    server.plan.next('read-all', failure)
    t.equal((await eventsOf(store)).length, 2)
  }
  server.plan.always('read', { kind: 'silent' })
  await t.rejects(store.readStream('a'), { code: 'log-unreachable' })
})

t.test('a new leader is found, by what the old one says and by gossip', async (t) => {
  const leader = await startFakeEventStoreDb()
  const { log, port } = leader
  const old = await startFakeEventStoreDb({ log, leaderPort: () => port })
  t.teardown(() => Promise.all([leader.stop(), old.stop()]))
  for (const kind of ['append', 'read', 'read-all'] as const)
    old.plan.always(kind, { kind: 'not-leader', port })
  const open = (connectionString: string) =>
    openEventStoreDb({ connectionString, clock: 'simulated', timing, ledger: connectionString })

  const told = await open(`esdb://127.0.0.1:${old.port}?tls=false`)
  t.same(await told.append([two()]), [{ kind: 'appended', version: 1, ordinal: 1 }])
  await told.close()
  t.ok(old.plan.calls('read-all') > 0)
  const hosts = `127.0.0.1:${old.port},127.0.0.1:${port}`
  const gossiped = await open(`kurrentdb://${hosts}?tls=false`)
  t.same(await gossiped.append([two()]), [{ kind: 'appended', version: 1, ordinal: 1 }])
  await gossiped.close()
})

t.test('a leader that dies is followed by another, and nothing is lost', async (t) => {
  let leaderPort = 0
  const first = await startFakeEventStoreDb({ leaderPort: () => leaderPort })
  const second = await startFakeEventStoreDb({ log: first.log, leaderPort: () => leaderPort })
  t.teardown(() => Promise.all([first.stop(), second.stop()]))
  leaderPort = first.port
  const store = await openEventStoreDb({
    connectionString: `esdb://127.0.0.1:${first.port},127.0.0.1:${second.port}?tls=false`,
    clock: 'simulated',
    timing: { ...timing, settleMilliseconds: 10_000 },
  })
  t.teardown(() => store.close())
  const appending = Promise.all(
    Array.from({ length: 60 }, (_, n) => store.append([two({ stream: `s${n}`, key: `k${n}` })])),
  )
  await until(() => first.plan.calls('append') > 10)
  leaderPort = second.port
  await first.stop()
  const outcomes = (await appending).flat()
  t.ok(outcomes.every(({ kind }) => kind === 'appended'))
  t.equal((await eventsOf(store)).length, 120)
})

t.test('two instances with one key store once', async (t) => {
  const { store, open } = await aWorld(t)
  const stores = [store, await open()]
  for (let n = 0; n < 30; n += 1) {
    const append = two({ stream: `s${n}`, key: `k${n}` })
    const outcomes = (await Promise.all(stores.map((one) => one.append([append])))).flat()
    t.same(outcomes.map(({ kind }) => kind).sort(), ['appended', 'replayed'])
  }
  const other = (n: number) =>
    two({ stream: 'x', key: 'x', requestHash: requestHashOf(`request ${n}`) })
  const outcomes = await Promise.all(stores.map((one, n) => one.append([other(n)])))
  t.same(
    outcomes
      .flat()
      .map(({ kind }) => kind)
      .sort(),
    ['appended', 'key-reused'],
  )
  t.equal((await eventsOf(store)).length, 62)
})

t.test('a key is found though it comes with the current version and was not counted', async (t) => {
  const { store, open } = await aWorld(t)
  const other = await open({ timing: { ...timing, pollMilliseconds: 60_000 } })
  await store.append([two()])
  // The server itself would store the same ids a second time here.
  t.same(await other.append([two({ expected: 1 })]), [{ kind: 'replayed', version: 1, ordinal: 1 }])
  t.same(await other.append([two({ key: 'l', expected: 'exists' })]), [
    { kind: 'appended', version: 3, ordinal: 3 },
  ])
  t.equal((await eventsOf(other)).length, 4)
})

t.test('appends to a stream that exists get through among other writers', async (t) => {
  const { store, open } = await aWorld(t)
  const stores = [store, await open()]
  await store.append([anAppend({ stream: 'a', key: 'first' })])
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      stores.map((one, at) =>
        one.append([anAppend({ stream: 'a', key: `${at}-${n}`, expected: 'exists' })]),
      ),
    ).flat(),
  )
  t.ok(outcomes.flat().every(({ kind }) => kind === 'appended'))
  t.equal((await store.readStream('a')).length, 41)
})

t.test("on the real clock a clock far from the server's is refused", async (t) => {
  const { server, open } = await aWorld(t)
  const store = await open({ clock: 'real' })
  const at = (key: string, minutes: number) =>
    store.append([
      two({
        stream: key,
        key,
        recorded: instant(new Date(Date.now() + minutes * 60_000).toISOString()),
      }),
    ])
  t.match(await at('a', 0), [{ kind: 'appended' }])
  t.match(await at('b', -6), [{ kind: 'clock-refused' }])
  t.match(await at('c', 6), [{ kind: 'clock-refused' }])
  server.log.clockOffset = -3_600_000
  t.match(await at('d', 0), [{ kind: 'appended' }], 'until the server showed its clock')
  t.match(await at('e', 0), [{ kind: 'clock-refused' }])
})

t.test('a full queue says that the log is busy; a closed one that it is closed', async (t) => {
  const { store } = await aWorld(t, { limits: { waitingAppends: 10 } })
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) => store.append([two({ stream: `s${n}`, key: `k${n}` })])),
  )
  t.equal(results.filter(({ status }) => status === 'rejected').length, 2)
  await store.close()
  await t.rejects(store.append([two()]), { code: 'log-closed' })
})

t.test('a store closes in time though the server answers nothing', async (t) => {
  const { server, store } = await aWorld(t)
  for (const kind of ['append', 'read', 'read-all'] as const)
    server.plan.always(kind, { kind: 'silent' })
  const appending = t.rejects(store.append([two()]), { code: /log-unreachable|log-closed/ })
  await until(() => server.plan.calls('append') > 0)
  const begin = performance.now()
  await store.close()
  t.ok(performance.now() - begin < 2_500)
  await appending
})

t.test('why the batch call of the client is not used', async (t) => {
  const server = await startFakeEventStoreDb()
  const client = EventStoreDBClient.connectionString(server.connectionString)
  const other = EventStoreDBClient.connectionString(server.connectionString)
  t.teardown(() => server.stop())
  const append = (by: EventStoreDBClient, stream: string, deadline = 100) =>
    by.appendToStream(stream, [jsonEvent({ type: 'x', data: {} })], { deadline }).then(
      () => 'stored',
      () => 'rejected',
    )
  t.equal(await append(client, 'warm', 20_000), 'stored')

  server.plan.next('append', { kind: 'silent', stores: true })
  server.plan.next('append', { kind: 'status', code: 13 })
  t.same(
    await Promise.all([append(client, 'a'), append(other, 'b')]),
    ['rejected', 'rejected'],
    "one client's failure rejects another's append",
  )
  server.plan.next('append', { kind: 'graceful-end' })
  const pending = append(client, 'c')
  const soon = new Promise((resolve) => setTimeout(resolve, 600, 'pending'))
  t.equal(await Promise.race([pending, soon]), 'pending', 'no deadline, no end')
})
