import t from 'tap'
import { createPolicyReader } from '../../src/application/policy-reader.js'
import { handleCaseCommand } from '../../src/application/processes/cases.js'
import { registerPerson } from '../../src/application/processes/people.js'
import { findStuckProcesses } from '../../src/application/processes/stuck.js'
import { createReassessmentCheckpoint } from '../../src/compose/reassessment-checkpoint.js'
import { beforeFirst, ordinal } from '../../src/domain/values/identifiers.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'
import { readPolicyEvents } from '../../src/event-store/postgres/policy-events.js'
import { startTestPostgres } from '../support/postgres.js'
import {
  callerOf,
  identityNumberOf,
  joining,
  openedCase,
  personOf,
  ready,
  someone,
} from './setting.js'

t.test('the application over the log in PostgreSQL', async (t) => {
  const { pool, server } = await startTestPostgres(t)
  const store = await openPostgresEventStore({
    connection: server.serviceConnection,
    clock: 'simulated',
  })
  t.teardown(() => store.close())
  const parts = await ready(store)

  t.test('fifty registrations of one number at once make one person', async (t) => {
    const details = {
      name: '张三',
      identityNumber: identityNumberOf(1),
      bornOn: null,
      sex: null,
      address: null,
      phone: null,
    }
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => registerPerson(parts, { details, caller: callerOf() })),
    )
    t.equal(new Set(outcomes.map(({ personId }) => personId)).size, 1)
    t.equal(outcomes.filter(({ changed }) => changed).length, 1)
  })

  t.test('fifty households want one person at once, and one gets them', async (t) => {
    const personId = await someone(parts)
    const cases = await Promise.all(Array.from({ length: 50 }, () => openedCase(parts)))
    const requests = cases.map((caseId) => ({
      caseId,
      command: joining(personId),
      caller: callerOf(),
    }))
    const outcomes = await Promise.allSettled(
      requests.map((request) => handleCaseCommand(parts, request)),
    )
    const won = outcomes.findIndex(({ status }) => status === 'fulfilled')
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    const { held } = (await personOf(parts, personId)).enrolments
    t.same(
      held.map(({ caseId }) => caseId),
      [cases[won]],
    )
    t.same(await findStuckProcesses(parts), [])

    const [request, outcome] = [requests[won], outcomes[won]]
    if (!request || outcome?.status !== 'fulfilled') return t.fail('nobody won')
    const head = await store.head()
    t.same(await handleCaseCommand(parts, request), outcome.value, 'sent again')
    t.equal(await store.head(), head)
  })

  t.test('policy is found by the names of its streams, without reading the rest', async (t) => {
    const direct = createPolicyReader(store, (range) => readPolicyEvents(pool, range))
    t.same(await direct.latest(), await parts.policies.latest())
    for (const at of [0, 4, 9]) {
      const policy = await parts.policies.policyAt(ordinal(at))
      t.same(await direct.policyAt(ordinal(at)), policy)
    }
    const after = ordinal(3)
    const events = await readPolicyEvents(pool, { after, upTo: ordinal(6) })
    t.same(events, await store.readAll({ after, limit: 3 }), 'the first events are all policy')
  })

  t.test('the checkpoint of the reassessment goes forward only', async (t) => {
    const checkpoint = createReassessmentCheckpoint(pool)
    t.equal(await checkpoint.read(), beforeFirst)
    await checkpoint.write(ordinal(41))
    await checkpoint.write(ordinal(7))
    t.equal(await checkpoint.read(), 41)
  })
})
