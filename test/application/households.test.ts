import t from 'tap'
import { handleCaseCommand } from '../../src/application/processes/cases.js'
import { continueCase } from '../../src/application/processes/continuation.js'
import { recordDeath } from '../../src/application/processes/deaths.js'
import { caseStream } from '../../src/application/streams.js'
import { membersIn, spellsOf } from '../../src/domain/case/case.js'
import { factsOf } from '../../src/domain/case/facts.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { ActorId } from '../../src/domain/values/identifiers.js'
import { beforeEvent, createCrashingLog } from './crashing-log.js'
import {
  callerOf,
  caseOf,
  caseOnRoll,
  exit,
  handle,
  joining,
  openedCase,
  personOf,
  ready,
  refused,
  someone,
} from './setting.js'

t.test('fifty households want one person at once, and one gets them', async (t) => {
  const parts = await ready()
  const personId = await someone(parts)
  const cases = await Promise.all(Array.from({ length: 50 }, () => openedCase(parts)))
  const outcomes = await Promise.allSettled(
    cases.map((caseId) =>
      handleCaseCommand(parts, { caseId, command: joining(personId), caller: callerOf() }),
    ),
  )

  const won = cases.filter((_, at) => outcomes[at]?.status === 'fulfilled')
  t.equal(won.length, 1)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') t.equal(outcome.reason.code, 'enrolment-conflict')
  const { enrolments } = await personOf(parts, personId)
  t.same(
    enrolments.held.map((held) => held.caseId),
    won,
  )
  const members = await Promise.all(
    cases.map(async (caseId) => membersIn(await caseOf(parts, caseId), month('2012-06')).length),
  )
  t.equal(
    members.reduce((sum, count) => sum + count),
    1,
  )
})

t.test('fifty clerks put one person into one household at once', async (t) => {
  const parts = await ready()
  const personId = await someone(parts)
  const caseId = await openedCase(parts)
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () =>
      handleCaseCommand(parts, { caseId, command: joining(personId), caller: callerOf() }),
    ),
  )

  t.equal(outcomes.filter(({ changed }) => changed).length, 1)
  t.equal((await personOf(parts, personId)).enrolments.held.length, 1)
})

t.test('a join that the case refuses leaves no claim', async (t) => {
  const parts = await ready()
  const personId = await someone(parts)
  const caseId = await openedCase(parts)
  const join = (over: { from?: string }) =>
    handleCaseCommand(parts, { caseId, command: joining(personId, over), caller: callerOf() })
  await join({ from: '2012-02' })
  await t.rejects(join({ from: '2012-03' }), refused('member-already-in-household'))

  const { held } = (await personOf(parts, personId)).enrolments
  t.match(held, [{ caseId, from: '2012-02', lastMonth: null }], 'the standing one stays')
  const stale = { caseId, command: joining(await someone(parts)), caller: callerOf() }
  await t.rejects(
    handleCaseCommand(parts, { ...stale, expectedVersion: 0 }),
    refused('stream-version-stale'),
  )
  const other = await personOf(parts, stale.command.personId)
  t.same(other.enrolments.held, [], 'what was claimed for a refused join is released')
})

t.test('a crash between claim and join is made good by the same request', async (t) => {
  const parts = await ready(createCrashingLog(beforeEvent('MemberJoined')))
  const personId = await someone(parts)
  const [caseId, otherCase] = [await openedCase(parts), await openedCase(parts)]
  const request = { caseId, command: joining(personId), caller: callerOf() }
  await t.rejects(handleCaseCommand(parts, request), /crashed/)

  t.equal((await personOf(parts, personId)).enrolments.held.length, 1, 'claimed')
  await t.rejects(
    handleCaseCommand(parts, { ...request, caseId: otherCase, caller: callerOf() }),
    refused('enrolment-conflict'),
  )
  t.ok((await handleCaseCommand(parts, request)).changed)
  t.equal(membersIn(await caseOf(parts, caseId), month('2012-01')).length, 1)
})

t.test('an exit frees the members, its retraction claims them again', async (t) => {
  const parts = await ready()
  const personId = await someone(parts)
  const caseId = await caseOnRoll(parts, [personId])
  const exited = await handle(parts, caseId, exit('2012-04'))
  t.match((await personOf(parts, personId)).enrolments.held, [{ caseId, lastMonth: '2012-04' }])

  const retraction = {
    type: 'RetractFact' as const,
    retractedOn: plainDate('2012-05-31'),
    retractsVersion: exited.version,
    reason: '误退',
    by: ActorId.parse('approver-1'),
  }
  await t.rejects(handle(parts, caseId, retraction), refused('nothing-prepared'))
  await handle(parts, caseId, {
    type: 'RecordReview',
    on: plainDate('2012-05-28'),
    level: 'district',
    kind: 'spot-check',
    result: 'unchanged',
    note: '误退',
    by: callerOf().actor.sub,
  })
  const other = await openedCase(parts, 'tekun')
  const claim = joining(personId, { from: '2012-05' })
  await handle(parts, other, claim)
  await t.rejects(handle(parts, caseId, retraction), refused('enrolment-conflict'))
  t.ok(
    spellsOf(await caseOf(parts, caseId))[0]?.end,
    'the exit stands while somebody else has them',
  )

  const leave = {
    type: 'LeaveMember',
    lastMonth: month('2012-04'),
    personId,
    reason: '转回',
    died: false,
    by: callerOf().actor.sub,
  } as const
  await handle(parts, other, leave)
  t.ok((await handle(parts, caseId, retraction)).changed)
  const { held } = (await personOf(parts, personId)).enrolments
  t.match(held, [{ caseId, from: '2012-01', lastMonth: null }])
})

t.test('a member who leaves is free for the month after', async (t) => {
  const parts = await ready()
  const [stays, leaves] = [await someone(parts), await someone(parts)]
  const caseId = await caseOnRoll(parts, [stays, leaves])
  await handle(parts, caseId, {
    type: 'LeaveMember',
    lastMonth: month('2012-03'),
    personId: leaves,
    reason: '分户',
    died: false,
    by: callerOf().actor.sub,
  })
  const other = await openedCase(parts)

  await t.rejects(
    handle(parts, other, joining(leaves, { from: '2012-03' })),
    refused('enrolment-conflict'),
  )
  t.ok((await handle(parts, other, joining(leaves, { from: '2012-04' }))).changed)
  t.match((await personOf(parts, stays)).enrolments.held, [{ caseId, lastMonth: null }])
})

t.test('programmes that exclude each other do so only for whom both cover', async (t) => {
  const parts = await ready()
  const personId = await someone(parts)
  await handle(parts, await openedCase(parts), joining(personId))
  const tekun = await openedCase(parts, 'tekun')

  await t.rejects(handle(parts, tekun, joining(personId)), refused('enrolment-conflict'))
  t.ok((await handle(parts, tekun, joining(personId, { covered: false }))).changed)
  const covered = { ...joining(personId).circumstances, covered: true }
  const circumstances = {
    type: 'RecordCircumstances',
    from: month('2012-03'),
    personId,
    circumstances: covered,
    reason: '保障',
    by: callerOf().actor.sub,
  } as const
  await t.rejects(handle(parts, tekun, circumstances), refused('enrolment-conflict'))
})

t.test('a death stops what the rule lets it stop, and is proposed elsewhere', async (t) => {
  const parts = await ready()
  const [dead, other] = [await someone(parts), await someone(parts)]
  const urban = await caseOnRoll(parts, [dead, other])
  const survivors = await caseOnRoll(parts, [dead], 'survivors')
  const death = {
    personId: dead,
    diedOn: plainDate('2012-04-12'),
    source: '殡葬名单',
    caller: callerOf(),
  }
  const recorded = await recordDeath(parts, death)

  t.same(recorded.consequences, [
    { caseId: urban, kind: 'decided', code: null },
    { caseId: survivors, kind: 'decided', code: null },
  ])
  const after = await caseOf(parts, urban)
  t.match(factsOf(after, 'BenefitAdjusted'), [
    { data: { from: '2012-05', components: [{ amountFen: 50_000 }], cause: { kind: 'death' } } },
  ])
  t.equal(membersIn(after, month('2012-05')).length, 1, 'the household goes on')
  t.match(factsOf(await caseOf(parts, survivors), 'ExitApproved'), [
    { data: { lastMonth: '2012-10' } },
  ])
  const { held } = (await personOf(parts, dead)).enrolments
  t.same(
    held.map(({ lastMonth }) => lastMonth),
    ['2012-04', '2012-04'],
  )

  const head = await parts.store.head()
  t.same((await recordDeath(parts, death)).ordinal, recorded.ordinal, 'sent again')
  t.equal(await parts.store.head(), head)
  const rural = await caseOnRoll(
    parts,
    [other === dead ? dead : await someone(parts)],
    'rural-dibao',
  )
  const [member] = membersIn(await caseOf(parts, rural), month('2012-02'))
  if (!member) return t.fail('no member')
  const proposed = await recordDeath(parts, {
    ...death,
    personId: member.personId,
    caller: callerOf(),
  })
  t.same(proposed.consequences, [{ caseId: rural, kind: 'proposed', code: null }])
  t.same(factsOf(await caseOf(parts, rural), 'MemberLeft'), [])
})

t.test('a household goes on under another programme, or nothing happens', async (t) => {
  const parts = await ready()
  const personId = await someone(parts)
  const from = await caseOnRoll(parts, [personId])
  const into = await openedCase(parts, 'rural-dibao')
  const continuation = {
    from,
    into,
    lastMonth: month('2012-04'),
    confirmedOn: plainDate('2012-05-04'),
    reason: '转农村低保',
    caller: callerOf({ sub: 'approver-1' }),
  }
  const late = {
    ...continuation,
    confirmedOn: plainDate('2012-06-04'),
    caller: callerOf({ sub: 'approver-1' }),
  }
  await t.rejects(continueCase(parts, late), {
    code: 'continuation-has-gap',
    facts: { lastMonth: '2012-04', firstMonth: '2012-06' },
  })
  t.notOk(spellsOf(await caseOf(parts, from))[0]?.end, 'the first case has not ended')

  await continueCase(parts, continuation)
  t.match(spellsOf(await caseOf(parts, from)), [{ to: '2012-04', end: { kind: 'transfer-out' } }])
  t.match(spellsOf(await caseOf(parts, into)), [
    { from: '2012-05', start: { kind: 'transfer-in' } },
  ])
  const head = await parts.store.head()
  await continueCase(parts, continuation)
  t.equal(await parts.store.head(), head, 'sent again, it changes nothing')
})

t.test('nobody decides on cases outside their division', async (t) => {
  const parts = await ready()
  const caseId = await openedCase(parts)
  const move = (division: string) => ({
    type: 'MoveCase' as const,
    from: month('2012-03'),
    division: callerOf({ division }).actor.division,
    urbanRural: 'urban' as const,
    reason: '迁居',
    by: callerOf().actor.sub,
  })
  const as = (division: string, to: string) =>
    handleCaseCommand(parts, { caseId, command: move(to), caller: callerOf({ division }) })

  await t.rejects(as('990107002000', '990107002001'), refused('division-outside-scope'))
  await t.rejects(as('990107001000', '990107002001'), refused('division-outside-scope'))
  t.ok((await as('990107000000', '990107002000')).changed)
  t.equal((await parts.store.readStream(caseStream(caseId).name)).length, 2)
})
