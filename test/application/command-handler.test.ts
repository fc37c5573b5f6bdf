import { randomUUID } from 'node:crypto'
import t from 'tap'
import { advanceClock, createSimulatedClock, realClock } from '../../src/application/clock.js'
import { createCommandHandler } from '../../src/application/command-handler.js'
import { openLedger } from '../../src/application/ledger.js'
import { personStream } from '../../src/application/streams.js'
import type { Decider } from '../../src/domain/decider.js'
import { DomainError } from '../../src/domain/errors.js'
import type { PersonEvent } from '../../src/domain/person/events.js'
import { instant, month } from '../../src/domain/values/calendar.js'
import { beforeFirst, PersonId } from '../../src/domain/values/identifiers.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { callerOf, createSetting } from './setting.js'

/** A small rule of its own: each hold once, and no more than `most`. */
function holdDecider(most = 1000): Decider<readonly string[], string, PersonEvent> {
  return {
    initial: [],
    evolve: (holds, event) =>
      event.type === 'PersonHoldPlaced' ? [...holds, event.data.holdId] : holds,
    decide: (holdId, holds) => {
      if (holds.includes(holdId)) return []
      if (holds.length >= most) throw new DomainError('hold-already-placed', { holdId })
      return [placed(holdId)]
    },
  }
}

function placed(holdId: string): PersonEvent {
  const data = { from: month('2012-05'), holdId, scope: 'person' as const, reason: '核实' }
  return { type: 'PersonHoldPlaced', data }
}

const anyStream = () => personStream(PersonId.parse(randomUUID()))

t.test('a command appends what it decides, at the clock and by the actor', async (t) => {
  const { handler, store } = createSetting()
  const stream = anyStream()
  const caller = callerOf()
  const handled = await handler.handle({ stream, decider: holdDecider(), command: 'a', caller })

  t.same(handled, { changed: true, version: 0, ordinal: 0, events: [placed('a')] })
  const [stored] = await store.readStream(stream.name)
  t.match(stored, {
    type: 'PersonHoldPlaced',
    schemaVersion: 1,
    effective: '2012-05',
    recorded: '2012-05-31T02:00:00.000Z',
    actor: 'clerk-1',
    correlation: caller.correlation,
    data: placed('a').data,
  })
  t.same(await handler.load(stream, holdDecider()), { state: ['a'], version: 0 })
})

t.test('what is so already changes nothing', async (t) => {
  const { handler, store } = createSetting()
  const [stream, decider] = [anyStream(), holdDecider()]
  await handler.handle({ stream, decider, command: 'a', caller: callerOf() })
  const again = await handler.handle({ stream, decider, command: 'a', caller: callerOf() })

  t.same(again, { changed: false, version: 0, ordinal: 0, events: [] })
  t.equal(await store.head(), 0)
  const quiet: typeof decider = { ...decider, decide: () => [] }
  const nothing = await handler.handle({
    stream: anyStream(),
    decider: quiet,
    command: 'a',
    caller: callerOf(),
  })
  t.same(nothing, { changed: false, version: -1, ordinal: beforeFirst, events: [] })
})

t.test('a replay is answered as the first time, whatever happened since', async (t) => {
  const { clock, handler, store } = createSetting()
  const [stream, caller] = [anyStream(), callerOf()]
  const decider = holdDecider(2)
  const first = await handler.handle({ stream, decider, command: 'a', caller })
  await handler.handle({ stream, decider, command: 'b', caller: callerOf() })
  clock.advanceTo(instant('2012-06-30T02:00:00.000Z'))

  const replay = { stream, decider: holdDecider(0), command: 'a', caller, expectedVersion: -1 }
  t.same(await handler.handle(replay), first, 'though today it would be refused')
  t.equal(await store.head(), 1)
})

t.test('a key is for one request', async (t) => {
  const { handler, store } = createSetting()
  const [stream, caller, decider] = [anyStream(), callerOf(), holdDecider()]
  await handler.handle({ stream, decider, command: 'a', caller })

  const reused = { code: 'idempotency-key-reused' }
  await t.rejects(handler.handle({ stream, decider, command: 'b', caller }), reused)
  const elsewhere = { stream: anyStream(), decider, command: 'a', caller }
  await t.rejects(handler.handle(elsewhere), reused)
  t.equal(await store.head(), 0)

  const colleague = callerOf({ key: caller.key, sub: 'clerk-2' })
  t.ok((await handler.handle({ stream, decider, command: 'b', caller: colleague })).changed)
  const secondStep = { stream, decider, command: 'c', caller, step: 'second' }
  t.ok((await handler.handle(secondStep)).changed, 'a request may have steps')
})

t.test('a request is compared by what was asked, not by what the server filled in', async (t) => {
  const { handler } = createSetting()
  const [stream, caller, decider] = [anyStream(), callerOf(), holdDecider()]
  const request = { hold: 'of today' }
  const first = await handler.handle({ stream, decider, command: 'a', caller, request })

  t.same(await handler.handle({ stream, decider, command: 'b', caller, request }), first)
})

t.test('a caller who saw an older version is told, and nothing is written', async (t) => {
  const { handler, store } = createSetting()
  const [stream, decider] = [anyStream(), holdDecider()]
  const onVersion = (command: string, expectedVersion: number) =>
    handler.handle({ stream, decider, command, caller: callerOf(), expectedVersion })
  await onVersion('a', -1)
  await onVersion('b', 0)

  await t.rejects(onVersion('c', 0), { code: 'stream-version-stale', facts: { actual: 1 } })
  const both = await Promise.allSettled([onVersion('d', 1), onVersion('e', 1)])
  t.same(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  t.equal(await store.head(), 2)
})

t.test('fifty at once on one stream all get through, or are refused by the rule', async (t) => {
  const { handler, store } = createSetting()
  const stream = anyStream()
  const decider = holdDecider(20)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, at) =>
      handler.handle({ stream, decider, command: `hold-${at}`, caller: callerOf() }),
    ),
  )

  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 20)
  t.ok(outcomes.every((one) => one.status !== 'rejected' || one.reason.code !== 'log-busy'))
  t.equal(await store.head(), 19)
})

t.test('one request sent twice at once is one request', async (t) => {
  const { handler, store } = createSetting()
  const [stream, caller, decider] = [anyStream(), callerOf(), holdDecider()]
  const both = await Promise.all(
    [1, 2].map(() => handler.handle({ stream, decider, command: 'a', caller })),
  )

  t.same(both[0], both[1])
  t.equal(await store.head(), 0)
})

/** A log that somebody else always reaches first. */
function neverFirst(store: EventStore): EventStore {
  return {
    ...store,
    limits: store.limits,
    readStream: (stream, from) => store.readStream(stream, from),
    append: async (batch) => batch.map(() => ({ kind: 'conflict', actual: 7 }) as const),
  }
}

t.test('a stream that is never free is an answer too, not a wait without end', async (t) => {
  let pauses = 0
  const { clock, hashes, store } = createSetting()
  const pause = async () => {
    pauses += 1
  }
  const handler = createCommandHandler({ store: neverFirst(store), clock, hashes, pause })
  const handling = { stream: anyStream(), decider: holdDecider(), command: 'a', caller: callerOf() }

  await t.rejects(handler.handle(handling), { code: 'log-busy' })
  t.equal(pauses, 60)
})

t.test('a command on a real log with a wrong clock is refused', async (t) => {
  const realLog = createInMemoryEventStore({ realClock: () => instant('2013-01-01T00:00:00.000Z') })
  const { handler } = createSetting(realLog)
  const handling = { stream: anyStream(), decider: holdDecider(), command: 'a', caller: callerOf() }

  await t.rejects(handler.handle(handling), { code: 'recorded-clock-refused' })
  t.equal(await realLog.head(), beforeFirst)
})

t.test('a simulated clock goes forward only, a real one is not set', async (t) => {
  const { clock } = createSetting()
  advanceClock(clock, instant('2012-06-01T00:00:00.000Z'))

  t.equal(clock.now(), '2012-06-01T00:00:00.000Z')
  t.throws(() => advanceClock(clock, instant('2012-05-31T23:59:59.999Z')), {
    code: 'clock-runs-forward-only',
  })
  t.throws(() => advanceClock(realClock, realClock.now()), { code: 'clock-not-simulated' })
  t.ok(Math.abs(Date.parse(realClock.now()) - Date.now()) < 1000)
})

t.test('a ledger is founded once and keeps its clock', async (t) => {
  const setting = createSetting()
  const parts = { ...setting, name: '演示区' }
  const founded = { foundedOn: '2012-05-31', clock: 'simulated', name: '演示区' }
  t.same(await Promise.all([openLedger(parts), openLedger(parts)]), [founded, founded])
  t.equal(await setting.store.head(), 0)

  await t.rejects(openLedger({ ...parts, clock: realClock }), {
    code: 'ledger-clock-mismatch',
    facts: { ledger: 'simulated', given: 'real' },
  })

  setting.clock.advanceTo(instant('2012-07-01T00:00:00.000Z'))
  const decider = holdDecider()
  await setting.handler.handle({ stream: anyStream(), decider, command: 'a', caller: callerOf() })
  const restarted = createSimulatedClock(instant('2012-01-01T00:00:00.000Z'))
  t.same(await openLedger({ ...parts, clock: restarted, name: '别的名字' }), founded)
  t.equal(restarted.now(), '2012-07-01T00:00:00.000Z', 'it goes on where the ledger was')
})

t.test('a log that begins with something else is no ledger', async (t) => {
  const setting = createSetting()
  const decider = holdDecider()
  await setting.handler.handle({ stream: anyStream(), decider, command: 'a', caller: callerOf() })

  await t.rejects(openLedger({ ...setting, name: '演示区' }), { code: 'ledger-not-founded' })
})
