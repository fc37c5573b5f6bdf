import t from 'tap'
import { PersonCommand } from '../../../src/domain/person/commands.js'
import { personDecider } from '../../../src/domain/person/decide.js'
import type { PersonEvent } from '../../../src/domain/person/events.js'
import { identityDecider } from '../../../src/domain/person/identity.js'
import { accountOn, holdsIn, lifeVerifiedThrough } from '../../../src/domain/person/person.js'
import { noPolicy } from '../../../src/domain/policy/policy.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { KeyedHash } from '../../../src/domain/values/sealed.js'
import { given } from '../../support/given.js'
import { personId } from '../../support/policy.js'

const me = personId(1)
const decider = personDecider(noPolicy)
const sealed = (letter: string) => ({ person: me, cipher: letter.repeat(40) })
const details = {
  name: sealed('n'),
  identityNumber: sealed('i'),
  identityHash: KeyedHash.parse('a'.repeat(64)),
  bornOn: plainDate('1940-03-04'),
  sex: 'female',
  address: null,
  phone: null,
} as const
const registered = {
  type: 'PersonRegistered',
  data: { personId: me, registeredOn: plainDate('2012-01-10'), ...details },
} as const
const died = {
  type: 'PersonDied',
  data: { diedOn: plainDate('2012-04-20'), source: '殡仪馆名单' },
} as const
const retracted = {
  type: 'DeathRetracted',
  data: { retractedOn: plainDate('2012-05-02'), reason: '同名误报' },
} as const
const merged = {
  type: 'PersonsMerged',
  data: { mergedOn: plainDate('2012-02-01'), into: personId(2), reason: '重复建档' },
} as const
const erased = {
  type: 'PersonErased',
  data: { erasedOn: plainDate('2020-01-01'), reason: '保存期满' },
} as const

t.test('RegisterPerson registers once; another registration is sent to correction', async () => {
  const command = { type: 'RegisterPerson', ...registered.data } as const
  given(decider).when(command).then(registered)
  given(decider, registered).when(command).thenNothing()
  given(decider, registered)
    .when({ ...command, sex: 'male' })
    .thenRefused('person-already-registered', { correction: 'CorrectPersonDetails' })
})

t.test('CorrectPersonDetails', async (t) => {
  const corrected = {
    type: 'PersonDetailsCorrected',
    data: {
      correctedOn: plainDate('2012-03-01'),
      reason: '出生日期录错',
      ...details,
      bornOn: plainDate('1941-03-04'),
    },
  } as const
  const command = { ...corrected.data, type: 'CorrectPersonDetails' } as const
  given(decider, registered).when(command).then(corrected)
  given(decider, registered, corrected).when(command).thenNothing()
  given(decider).when(command).thenRefused('person-not-registered')
  given(decider, registered, merged)
    .when(command)
    .thenRefused('person-merged', { into: personId(2) })
  given(decider, registered, erased).when(command).thenRefused('person-erased')
  given(decider, registered, died)
    .when({ ...command, bornOn: plainDate('2012-04-21') })
    .thenRefused('death-before-birth')
  t.equal(given(decider, registered, corrected).state().details?.bornOn, '1941-03-04')
})

t.test('MergePerson points to the other record, once', async () => {
  const command = { type: 'MergePerson', ...merged.data } as const
  given(decider, registered).when(command).then(merged)
  given(decider, registered, merged).when(command).thenNothing()
  given(decider, registered, merged)
    .when({ ...command, into: personId(3) })
    .thenRefused('person-merged', { into: personId(2) })
  given(decider, registered)
    .when({ ...command, into: me })
    .thenRefused('person-merged-into-itself')
})

t.test('deaths', async (t) => {
  const record = { type: 'RecordDeath', ...died.data } as const
  const retract = { type: 'RetractDeath', ...retracted.data } as const

  t.test('are recorded once; another date names the correction', async () => {
    given(decider, registered).when(record).then(died)
    given(decider, registered, died)
      .when({ ...record, source: '村委会' })
      .thenNothing()
    given(decider, registered, died)
      .when({ ...record, diedOn: plainDate('2012-04-21') })
      .thenRefused('death-already-recorded', { diedOn: '2012-04-20', correction: 'RetractDeath' })
    given(decider, registered)
      .when({ ...record, diedOn: plainDate('1940-03-03') })
      .thenRefused('death-before-birth')
    given(decider).when(record).thenRefused('person-not-registered')
  })

  t.test('are retracted, and may be recorded again on the right day', async () => {
    given(decider, registered, died).when(retract).then(retracted)
    given(decider, registered, died, retracted).when(retract).thenNothing()
    given(decider, registered).when(retract).thenRefused('death-not-recorded')
    const right = plainDate('2012-04-02')
    given(decider, registered, died, retracted)
      .when({ ...record, diedOn: right })
      .then({ type: 'PersonDied', data: { ...died.data, diedOn: right } })
  })

  t.test('of the erased can still be recorded: a date is no sealed field', async () => {
    given(decider, registered, erased).when(record).then(died)
  })
})

t.test('VerifyLife is kept, and contradicts a death before it', async (t) => {
  const verified = {
    type: 'LifeVerified',
    data: { verifiedOn: plainDate('2012-06-01'), method: '入户', validThrough: month('2013-05') },
  } as const
  const earlier = {
    type: 'LifeVerified',
    data: { verifiedOn: plainDate('2011-06-01'), method: '入户', validThrough: month('2012-05') },
  } as const
  const command = { type: 'VerifyLife', ...verified.data } as const
  given(decider, registered).when(command).then(verified)
  given(decider, registered, verified, earlier).when(command).thenNothing()
  given(decider, registered, died).when(command).thenRefused('person-died')
  given(decider, registered)
    .when({ ...command, validThrough: month('2012-05') })
    .thenRefused('verification-ends-early')
  t.equal(lifeVerifiedThrough(given(decider, registered).state()), null)
  t.equal(lifeVerifiedThrough(given(decider, registered, verified, earlier).state()), '2013-05')
})

t.test('ErasePerson erases once, and nothing sealed can come after', async () => {
  const command = { type: 'ErasePerson', ...erased.data } as const
  given(decider, registered).when(command).then(erased)
  given(decider, registered, erased).when(command).thenNothing()
  given(decider).when(command).thenRefused('person-not-registered')
})

t.test('accounts', async (t) => {
  const set = (accountVersion: number, from: string, letter: string) =>
    ({
      type: 'PayeeAccountSet',
      data: {
        from: plainDate(from),
        accountVersion,
        bank: '农商行',
        account: sealed(letter),
        holder: sealed('h'),
      },
    }) as const
  const command = (from: string, letter: string) => {
    const { accountVersion: _version, ...data } = set(1, from, letter).data
    return { type: 'SetPayeeAccount', ...data } as const
  }

  t.test('get a version each, and the same again gets none', async () => {
    given(decider, registered)
      .when(command('2012-01-10', 'a'))
      .then(set(1, '2012-01-10', 'a'))
    given(decider, registered, set(1, '2012-01-10', 'a'))
      .when(command('2012-01-10', 'a'))
      .thenNothing()
    given(decider, registered, set(1, '2012-01-10', 'a'))
      .when(command('2012-06-01', 'b'))
      .then(set(2, '2012-06-01', 'b'))
    given(decider, registered, erased).when(command('2020-06-01', 'b')).thenRefused('person-erased')
  })

  t.test('are in force from their day on', async (t) => {
    const history = [
      set(1, '2012-01-10', 'a'),
      set(2, '2012-06-01', 'b'),
      set(3, '2012-06-01', 'c'),
    ]
    const state = given(decider, registered, ...history).state()
    const version = (on: string) => accountOn(state, plainDate(on))?.accountVersion
    t.equal(version('2012-01-09'), undefined)
    t.equal(version('2012-05-31'), 1)
    t.equal(version('2012-06-01'), 3)
  })
})

t.test('holds', async (t) => {
  const placed = {
    type: 'PersonHoldPlaced',
    data: { from: month('2012-02'), holdId: 'h1', scope: 'account', reason: '账户退票' },
  } as const
  const lifted = {
    type: 'PersonHoldLifted',
    data: { from: month('2012-05'), holdId: 'h1', reason: '账户已更正' },
  } as const
  const place = { type: 'PlaceHold', ...placed.data } as const
  const lift = { type: 'LiftHold', ...lifted.data } as const

  t.test('are placed once under their id', async () => {
    given(decider, registered).when(place).then(placed)
    given(decider, registered, placed).when(place).thenNothing()
    given(decider, registered, placed, lifted).when(place).thenNothing()
    given(decider, registered, placed)
      .when({ ...place, scope: 'person' })
      .thenRefused('hold-id-taken')
  })

  t.test('are lifted once', async () => {
    given(decider, registered, placed).when(lift).then(lifted)
    given(decider, registered, placed, lifted).when(lift).thenNothing()
    given(decider, registered, placed)
      .when({ ...lift, from: month('2012-01') })
      .thenRefused('lifting-before-hold')
    given(decider, registered).when(lift).thenRefused('hold-unknown')
    given(decider, registered, placed, lifted)
      .when({ ...lift, from: month('2012-06') })
      .thenRefused('hold-already-lifted', { from: '2012-05' })
  })

  t.test('stand in the months between', async (t) => {
    const state = given(decider, registered, placed, lifted).state()
    const months = ['2012-01', '2012-02', '2012-04', '2012-05']
    t.strictSame(
      months.map((one) => holdsIn(state, month(one)).length),
      [0, 1, 1, 0],
    )
  })
})

t.test('an identity number belongs to one person', async () => {
  const reserved = {
    type: 'IdentityReserved',
    data: { reservedOn: plainDate('2012-01-10'), personId: me },
  } as const
  const command = { type: 'ReserveIdentity', ...reserved.data } as const
  given(identityDecider).when(command).then(reserved)
  given(identityDecider, reserved)
    .when({ ...command, reservedOn: plainDate('2012-02-01') })
    .thenNothing()
  given(identityDecider, reserved)
    .when({ ...command, personId: personId(2) })
    .thenRefused('identity-number-taken', { personId: me })
})

t.test('every event of a person folds, and goes through JSON unchanged', async (t) => {
  const history: readonly PersonEvent[] = [registered, died, retracted]
  const state = given(decider, ...history).state()
  t.strictSame(JSON.parse(JSON.stringify(state)), state)
  t.notOk(
    PersonCommand.safeParse({ type: 'RecordDeath', ...died.data, diedOn: '2012-02-30' }).success,
  )
  t.notOk(PersonCommand.safeParse({ type: 'RecordDeath', ...died.data, by: 'x' }).success)
})
