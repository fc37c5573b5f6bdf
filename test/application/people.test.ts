import t from 'tap'
import { erasePerson } from '../../src/application/processes/erasure.js'
import {
  correctPerson,
  handlePersonCommand,
  registerPerson,
} from '../../src/application/processes/people.js'
import { openDetails } from '../../src/application/processes/person-details.js'
import { identityStream, personStream } from '../../src/application/streams.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import { parseIdentityNumber } from '../../src/domain/values/identity-number.js'
import { beforeEvent, createCrashingLog } from './crashing-log.js'
import {
  callerOf,
  caseOnRoll,
  createSetting,
  exit,
  handle,
  identityNumberOf,
  personOf,
  ready,
  refused,
} from './setting.js'

const details = (sequence: number, name = '张三') => ({
  name,
  identityNumber: identityNumberOf(sequence),
  bornOn: null,
  sex: null,
  address: '幸福路1号',
  phone: null,
})

t.test('fifty registrations of one number at once make one person', async (t) => {
  const parts = await ready()
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () =>
      registerPerson(parts, { details: details(1), caller: callerOf() }),
    ),
  )

  t.equal(new Set(outcomes.map(({ personId }) => personId)).size, 1)
  t.equal(outcomes.filter(({ changed }) => changed).length, 1)
  const [first] = outcomes
  if (!first) return t.fail('nobody')
  const person = await personOf(parts, first.personId)
  if (!person.details) return t.fail('no details')
  t.same(await openDetails(parts, person.details), {
    ...details(1),
    bornOn: '1950-03-12',
    sex: 'male',
  })
  const log = JSON.stringify(await parts.store.readAll({ after: beforeFirst, limit: 1000 }))
  t.notMatch(log, /张三|幸福路/, 'the log holds no name')
  t.notOk(log.includes(identityNumberOf(1)), 'and no number')
})

t.test('the same number under another name is refused, and says whose it is', async (t) => {
  const parts = await ready()
  const { personId } = await registerPerson(parts, { details: details(1), caller: callerOf() })
  const other = { details: details(1, '李四'), caller: callerOf() }

  await t.rejects(registerPerson(parts, other), {
    code: 'identity-number-taken',
    facts: { personId },
  })
  const wrong = { ...details(1), identityNumber: '990107195003120010' }
  await t.rejects(
    registerPerson(parts, { details: wrong, caller: callerOf() }),
    refused('identity-number-wrong'),
  )
  const incomplete = { ...details(1), identityNumber: null }
  await t.rejects(
    registerPerson(parts, { details: incomplete, caller: callerOf() }),
    refused('person-details-incomplete'),
  )
})

t.test('a registration sent again is answered as before, to the byte', async (t) => {
  const parts = await ready()
  const registering = { details: details(1), caller: callerOf() }
  const first = await registerPerson(parts, registering)
  const head = await parts.store.head()

  t.same(await registerPerson(parts, registering), first)
  t.equal(await parts.store.head(), head)
})

t.test('a crash between number and person is made good by whoever comes next', async (t) => {
  for (const sameCaller of [true, false]) {
    const store = createCrashingLog(beforeEvent('PersonRegistered'))
    const parts = createSetting(store)
    const registering = { details: details(1), caller: callerOf() }
    await t.rejects(registerPerson(parts, registering), /crashed/)

    const hash = parts.hashes.identity(parseIdentityNumber(identityNumberOf(1)))
    t.equal((await store.readStream(identityStream(hash).name)).length, 1, 'reserved')
    const caller = sameCaller ? registering.caller : callerOf()
    const { changed, personId } = await registerPerson(parts, { ...registering, caller })
    t.ok(changed)
    const later = await registerPerson(parts, registering)
    t.equal(later.personId, personId, 'the first one finds the person as well')
    t.equal((await store.readStream(personStream(personId).name)).length, 1)
  }
})

t.test('details are corrected as a whole; the new number is reserved', async (t) => {
  const parts = await ready()
  const { personId } = await registerPerson(parts, { details: details(1), caller: callerOf() })
  await registerPerson(parts, { details: details(3, '李四'), caller: callerOf() })
  const correcting = (sequence: number) => ({
    personId,
    details: details(sequence),
    correctedOn: plainDate('2012-05-31'),
    reason: '登记有误',
    caller: callerOf(),
  })

  t.notOk((await correctPerson(parts, correcting(1))).changed, 'they are so already')
  t.ok((await correctPerson(parts, correcting(5))).changed)
  await t.rejects(correctPerson(parts, correcting(3)), refused('identity-number-taken'))
  const late = registerPerson(parts, { details: details(5), caller: callerOf() })
  t.equal((await late).personId, personId, 'found by the new number')
  const old = registerPerson(parts, { details: details(1, '王五'), caller: callerOf() })
  await t.rejects(old, refused('identity-number-taken'))
})

t.test('an erased person is read by nobody, and every hash stays true', async (t) => {
  const parts = await ready()
  const { personId } = await registerPerson(parts, { details: details(1), caller: callerOf() })
  const caseId = await caseOnRoll(parts, [personId])
  const erasing = { personId, reason: '保管期满', caller: callerOf() }
  const settled = { unpaidOf: async () => ({ line: undefined, owed: undefined }) }
  const duplicates = { mergedInto: async () => [] }
  const erasure = { ...parts, unpaid: settled, duplicates }
  await t.rejects(erasePerson(erasure, erasing), refused('person-still-enrolled'))
  await handle(parts, caseId, exit('2012-04'))

  t.ok((await erasePerson(erasure, erasing)).changed)
  const person = await personOf(parts, personId)
  if (!person.details) return t.fail('no details')
  t.equal(await openDetails(parts, person.details), null)
  t.equal((await erasePerson(erasure, erasing)).changed, true, 'answered as the first time')
  const hold = {
    type: 'PlaceHold',
    from: month('2012-05'),
    holdId: 'h',
    scope: 'person',
    reason: '核实',
  } as const
  t.ok((await handlePersonCommand(parts, { personId, command: hold, caller: callerOf() })).changed)
  await t.rejects(
    registerPerson(parts, { details: details(1), caller: callerOf() }),
    refused('person-erased'),
  )
})
