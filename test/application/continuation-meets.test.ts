import t, { type Test } from 'tap'
import { continueCase } from '../../src/application/processes/continuation.js'
import { correctPerson } from '../../src/application/processes/people.js'
import { findStuckProcesses } from '../../src/application/processes/stuck.js'
import { membersIn, spellsOf } from '../../src/domain/case/case.js'
import { factsOf } from '../../src/domain/case/facts.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { appending } from './appending.js'
import {
  callerOf,
  caseOf,
  caseOnRoll,
  handle,
  joining,
  openedCase,
  personOf,
  ready,
  refused,
  someone,
} from './setting.js'

/** A log in which somebody acts, or the process ends, right before an event of a type is stored. */
function createMetLog() {
  const store = createInMemoryEventStore()
  const meetings: { type: string; skip: number; act: () => Promise<unknown> }[] = []
  const log = appending(store, async (batch) => {
    const types = new Set(batch.flatMap(({ events }) => events.map(({ type }) => type)))
    const at = meetings.findIndex(({ type }) => types.has(type))
    const meeting = meetings[at]
    if (meeting && meeting.skip > 0) meeting.skip -= 1
    else if (meeting) {
      meetings.splice(at, 1)
      await meeting.act()
    }
    return store.append(batch)
  })
  return {
    log,
    before(type: string, act: () => Promise<unknown>, skip = 0) {
      meetings.push({ type, skip, act })
    },
  }
}

const crash = () => Promise.reject(new Error('crashed'))

/** Two persons on the urban roll, and a rural case that was opened for them. */
async function goingOn() {
  const { log, before } = createMetLog()
  const parts = await ready(log)
  const persons = [await someone(parts), await someone(parts)] as const
  const from = await caseOnRoll(parts, persons)
  const into = await openedCase(parts, 'rural-dibao')
  const continuation = {
    from,
    into,
    lastMonth: month('2012-04'),
    confirmedOn: plainDate('2012-05-04'),
    reason: '转农村低保',
    caller: callerOf({ sub: 'approver-1' }),
  }
  const review = {
    type: 'RecordReview',
    on: plainDate('2012-04-10'),
    level: 'town',
    kind: 'scheduled',
    result: 'unchanged',
    note: null,
    by: callerOf({ sub: 'reviewer-1' }).actor.sub,
  } as const
  const entered = {
    type: 'ApproveEntry',
    confirmedOn: plainDate('2012-05-03'),
    continues: null,
    reason: '符合条件',
    by: continuation.caller.actor.sub,
  } as const
  const stranger = await someone(parts)
  /** Somebody else is entered under the case that was to go on. */
  const taken = async () => {
    await handle(parts, into, joining(stranger))
    await handle(parts, into, entered)
  }
  /** And that was a mistake. */
  const givenBack = async () => {
    const entry = factsOf(await caseOf(parts, into), 'EntryApproved').at(-1)
    await handle(parts, into, {
      type: 'RetractFact',
      retractedOn: plainDate('2012-05-31'),
      retractsVersion: entry?.version ?? 0,
      reason: '录入错误',
      by: continuation.caller.actor.sub,
    })
    await handle(parts, into, {
      type: 'LeaveMember',
      lastMonth: month('2011-12'),
      personId: stranger,
      died: false,
      reason: '录入错误',
      by: callerOf({ sub: 'clerk-2' }).actor.sub,
    })
  }
  return { parts, persons, continuation, before, review, taken, givenBack, stranger }
}

type World = Awaited<ReturnType<typeof goingOn>>

/** The first case as if nothing had been asked, and nobody claimed twice. */
async function hasGoneOn(t: Test, { parts, persons, continuation }: World) {
  t.match(spellsOf(await caseOf(parts, continuation.from)), [{ from: '2012-02', end: null }])
  for (const person of persons)
    t.match(
      (await personOf(parts, person)).enrolments.held.filter((one) => !one.lastMonth),
      [{ caseId: continuation.from, lastMonth: null }],
    )
  t.same(await findStuckProcesses(parts), [])
}

async function isContinued(t: Test, { parts, persons, continuation }: World) {
  const { from, into } = continuation
  t.match(spellsOf(await caseOf(parts, from)), [{ to: '2012-04', end: { kind: 'transfer-out' } }])
  const next = await caseOf(parts, into)
  t.match(spellsOf(next), [{ from: '2012-05', start: { kind: 'transfer-in' }, end: null }])
  for (const person of persons)
    t.match(
      (await personOf(parts, person)).enrolments.held.filter((one) => !one.lastMonth),
      [{ caseId: into, from: '2012-05' }],
    )
  t.same(await findStuckProcesses(parts), [])
  return membersIn(next, month('2012-05')).map(({ personId }) => personId)
}

for (const type of ['ExitApproved', 'EntryApproved'])
  t.test(`a second case that changes before ${type} is tried again and entered`, async (t) => {
    const world = await goingOn()
    const { parts, continuation, review } = world
    world.before(type, () => handle(parts, continuation.into, review))
    await continueCase(parts, continuation)
    t.same(await isContinued(t, world), world.persons)
    const head = await parts.store.head()
    await continueCase(parts, continuation)
    t.equal(await parts.store.head(), head, 'sent again, it changes nothing')
  })

t.test('a first case that changes before its exit goes on as it is then', async (t) => {
  const world = await goingOn()
  const { parts, continuation, stranger } = world
  world.before('ExitApproved', () => handle(parts, continuation.from, joining(stranger)))
  await continueCase(parts, continuation)
  t.same(await isContinued(t, world), [...world.persons, stranger])
})

for (const type of ['ExitApproved', 'EntryApproved'])
  t.test(`where the second case refuses from ${type} on, the first one goes on`, async (t) => {
    const world = await goingOn()
    const { parts, continuation } = world
    world.before(type, world.taken)
    await t.rejects(continueCase(parts, continuation), refused('case-already-on-roll'))
    await hasGoneOn(t, world)
    t.match(membersIn(await caseOf(parts, continuation.into), month('2012-06')), [
      { personId: world.stranger },
    ])
    const head = await parts.store.head()
    await t.rejects(continueCase(parts, continuation), refused('case-already-on-roll'))
    t.equal(await parts.store.head(), head, 'sent again, it changes nothing')

    await world.givenBack()
    await continueCase(parts, continuation)
    t.same(await isContinued(t, world), world.persons, 'once it is free, the same request goes on')
  })

for (const [what, type, skip] of [
  ['the first claim back', 'EnrolmentClaimed', 0],
  ['the second claim back', 'EnrolmentClaimed', 1],
  ['the retraction', 'FactRetracted', 0],
  ['the first release', 'EnrolmentReleased', 0],
  ['the second release', 'EnrolmentReleased', 1],
] as const)
  for (const isFree of [false, true])
    t.test(
      `cut short on its way back before ${what}, then ${isFree ? 'free' : 'not'}`,
      async (t) => {
        const world = await goingOn()
        const { parts, continuation } = world
        world.before('EntryApproved', async () => {
          await world.taken()
          world.before(type, crash, skip)
        })
        await t.rejects(continueCase(parts, continuation), /crashed/)
        if (isFree) {
          await world.givenBack()
          await continueCase(parts, continuation)
          t.same(await isContinued(t, world), world.persons)
        } else {
          await t.rejects(continueCase(parts, continuation), refused('case-already-on-roll'))
          await hasGoneOn(t, world)
        }
      },
    )

t.test('sent twice at once, and by another button, it is one continuation', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const world = await goingOn()
    const { parts, continuation, review } = world
    const another = { ...continuation, caller: callerOf({ sub: 'approver-1' }) }
    await Promise.allSettled([
      continueCase(parts, continuation),
      continueCase(parts, another),
      handle(parts, continuation.into, review),
      continueCase(parts, continuation),
    ])
    await continueCase(parts, continuation)
    t.same(await isContinued(t, world), world.persons)
    t.equal(factsOf(await caseOf(parts, continuation.into), 'EntryApproved').length, 1)
  }
})

t.test('who finds the first case ended by another does not take that back', async (t) => {
  const world = await goingOn()
  const { parts, continuation } = world
  world.before('EntryApproved', crash)
  await t.rejects(continueCase(parts, continuation), /crashed/)
  await world.taken()
  const another = { ...continuation, caller: callerOf({ sub: 'approver-1' }) }
  await t.rejects(continueCase(parts, another), refused('case-already-on-roll'))
  t.match(spellsOf(await caseOf(parts, continuation.from)), [{ to: '2012-04' }])
  await t.rejects(continueCase(parts, continuation), refused('case-already-on-roll'))
  await hasGoneOn(t, world)
})

t.test('a birth date that was corrected since is told before anything ends', async (t) => {
  const world = await goingOn()
  const { parts, continuation, persons } = world
  await correctPerson(parts, {
    personId: persons[1],
    details: {
      name: '某人',
      identityNumber: null,
      bornOn: plainDate('1951-03-12'),
      sex: 'male',
      address: null,
      phone: null,
    },
    correctedOn: plainDate('2012-05-31'),
    reason: '登记有误',
    caller: callerOf(),
  })
  const head = await parts.store.head()
  await t.rejects(continueCase(parts, continuation), refused('birth-date-differs'))
  t.equal(await parts.store.head(), head)
})
