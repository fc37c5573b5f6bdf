import t from 'tap'
import { continueCase } from '../../src/application/processes/continuation.js'
import { findStuckProcesses } from '../../src/application/processes/stuck.js'
import { spellsOf } from '../../src/domain/case/case.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createCrashingLog } from './crashing-log.js'
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

/** Two persons on the urban roll, and a rural case that was opened for them. */
async function goingOn(store?: EventStore) {
  const parts = await ready(store)
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
  return { parts, persons, continuation }
}

t.test('a claim that is refused leaves the first case as it was', async (t) => {
  const { parts, persons, continuation } = await goingOn()
  const { from, into } = continuation
  const [first, second] = persons
  const elsewhere = await openedCase(parts, 'rural-dibao')
  await handle(parts, elsewhere, joining(second, { covered: false }))
  const held = (await personOf(parts, first)).enrolments.held

  await t.rejects(continueCase(parts, continuation), refused('enrolment-conflict'))
  t.match(spellsOf(await caseOf(parts, from)), [{ end: null }])
  t.same(spellsOf(await caseOf(parts, into)), [])
  t.same((await personOf(parts, first)).enrolments.held, held)
  t.same(await findStuckProcesses(parts), [])

  const leave = {
    type: 'LeaveMember',
    lastMonth: month('2011-12'),
    personId: second,
    died: false,
    by: joining(second).by,
  } as const
  await handle(parts, elsewhere, { ...leave, reason: '录入错误' })
  await continueCase(parts, continuation)
  t.match(spellsOf(await caseOf(parts, into)), [{ from: '2012-05' }], 'the same request again')
})

t.test('who never was on the first roll does not go on, but enters', async (t) => {
  const { parts, continuation } = await goingOn()
  const lastMonth = month('2011-12')
  const confirmedOn = plainDate('2012-01-04')
  await t.rejects(
    continueCase(parts, { ...continuation, lastMonth, confirmedOn }),
    refused('case-not-on-roll-in-month'),
  )
  t.match(spellsOf(await caseOf(parts, continuation.from)), [{ end: null }])
  t.same(spellsOf(await caseOf(parts, continuation.into)), [])
})

t.test('a month between the two is told before that nobody is there in it', async (t) => {
  const { parts, continuation } = await goingOn()
  const early = { ...continuation, confirmedOn: plainDate('2012-03-04') }
  await t.rejects(continueCase(parts, early), {
    code: 'continuation-has-gap',
    facts: { lastMonth: '2012-04', firstMonth: '2012-03' },
  })
})

t.test('an exit that is refused leaves no claim', async (t) => {
  const { parts, persons, continuation } = await goingOn()
  await handle(parts, continuation.from, {
    type: 'RecordReview',
    on: plainDate('2012-04-10'),
    level: 'town',
    kind: 'scheduled',
    result: 'stop',
    note: null,
    by: continuation.caller.actor.sub,
  })
  const head = await parts.store.head()
  await t.rejects(continueCase(parts, continuation), refused('same-person-reviews-and-approves'))
  t.equal(await parts.store.head(), head)
  t.equal((await personOf(parts, persons[0])).enrolments.held.length, 1)
})

for (const [what, type, at] of [
  ['its second claim', 'EnrolmentClaimed', 1],
  ['the exit', 'ExitApproved', 0],
  ['the first release', 'EnrolmentReleased', 0],
  ['the second release', 'EnrolmentReleased', 1],
  ['the entry', 'EntryApproved', 0],
] as const)
  t.test(`a continuation that a crash cut short before ${what} goes on`, async (t) => {
    let left = Number.POSITIVE_INFINITY
    const log = createCrashingLog(({ events }) => {
      if (!events.some((event) => event.type === type)) return false
      left -= 1
      return left < 0
    })
    const { parts, continuation } = await goingOn(log)
    left = at

    await t.rejects(continueCase(parts, continuation), /crashed/)
    const ended = { kind: 'ended-without-continuation', caseId: continuation.from }
    const isStuck = (await findStuckProcesses(parts)).filter(({ kind }) => kind === ended.kind)
    t.same(isStuck, type === 'EnrolmentClaimed' || type === 'ExitApproved' ? [] : [ended])
    await continueCase(parts, continuation)
    t.match(spellsOf(await caseOf(parts, continuation.from)), [
      { to: '2012-04', end: { kind: 'transfer-out' } },
    ])
    t.match(spellsOf(await caseOf(parts, continuation.into)), [
      { from: '2012-05', start: { kind: 'transfer-in' } },
    ])
    t.same(await findStuckProcesses(parts), [])
    const head = await parts.store.head()
    await continueCase(parts, continuation)
    t.equal(await parts.store.head(), head, 'sent again, it changes nothing')
  })
