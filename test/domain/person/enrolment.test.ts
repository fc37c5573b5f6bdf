import fc from 'fast-check'
import t from 'tap'
import { fold } from '../../../src/domain/decider.js'
import { DomainError } from '../../../src/domain/errors.js'
import { personDecider } from '../../../src/domain/person/decide.js'
import { lastMonthOf } from '../../../src/domain/person/enrolments.js'
import type { PersonEvent } from '../../../src/domain/person/events.js'
import { policyFrom } from '../../../src/domain/policy/policy.js'
import { addMonths, month, plainDate } from '../../../src/domain/values/calendar.js'
import { CaseId } from '../../../src/domain/values/identifiers.js'
import { given } from '../../support/given.js'
import { personId, programme, programmeDefined } from '../../support/policy.js'

const caseOf = (number: number) => CaseId.parse(personId(number))
const decider = personDecider(
  policyFrom([
    programmeDefined('urban-dibao', { excludes: [programme('rural-dibao')] }),
    programmeDefined('rural-dibao'),
    programmeDefined('tekun', { excludes: [programme('urban-dibao')] }),
    programmeDefined('old-age'),
    programmeDefined('temporary-aid', { repeatable: true }),
  ]),
)
const registered: PersonEvent = {
  type: 'PersonRegistered',
  data: {
    personId: personId(1),
    registeredOn: plainDate('2012-01-01'),
    name: { person: personId(1), cipher: 'n'.repeat(40) },
    identityNumber: null,
    identityHash: null,
    bornOn: plainDate('1950-01-01'),
    sex: 'male',
    address: null,
    phone: null,
  },
}

interface ClaimOver {
  readonly covered?: boolean
  readonly excludes?: readonly string[]
  readonly campaign?: string
}

function claimed(number: number, code: string, from: string, over: ClaimOver = {}) {
  const data = {
    from: month(from),
    caseId: caseOf(number),
    programme: programme(code),
    excludes: (over.excludes ?? []).map(programme),
    covered: over.covered ?? true,
    campaign: over.campaign ?? null,
  }
  return { type: 'EnrolmentClaimed', data } as const
}

function claim(number: number, code: string, from: string, covered = true) {
  const { excludes: _excludes, ...data } = claimed(number, code, from, { covered }).data
  return { type: 'ClaimEnrolment', ...data } as const
}

function released(number: number, lastMonth: string) {
  const data = { lastMonth: month(lastMonth), caseId: caseOf(number), reason: '退出' }
  return { type: 'EnrolmentReleased', data } as const
}

function release(number: number, lastMonth: string) {
  return { ...released(number, lastMonth).data, type: 'ReleaseEnrolment' } as const
}

const dibao = claimed(11, 'urban-dibao', '2012-03', { excludes: ['rural-dibao', 'tekun'] })

t.test('ClaimEnrolment', async (t) => {
  t.test('claims, with what the policy says may not run beside it', async () => {
    given(decider, registered)
      .when(claim(11, 'urban-dibao', '2012-03'))
      .then(dibao)
    given(decider, registered, dibao)
      .when(claim(11, 'urban-dibao', '2012-03'))
      .thenNothing()
    given(decider, registered, dibao)
      .when(claim(11, 'urban-dibao', '2012-06'))
      .thenNothing()
  })

  t.test('refuses a second case of the programme, naming the first', async () => {
    given(decider, registered, dibao)
      .when(claim(12, 'urban-dibao', '2013-01'))
      .thenRefused('enrolment-conflict', {
        caseId: caseOf(11),
        programme: 'urban-dibao',
        from: '2012-03',
        lastMonth: '2199-12',
      })
    given(decider, registered, dibao)
      .when(claim(12, 'urban-dibao', '2011-01'))
      .thenRefused('enrolment-conflict')
    given(decider, registered, dibao)
      .when(claim(12, 'urban-dibao', '2013-01', false))
      .thenRefused('enrolment-conflict')
  })

  t.test('refuses what excludes it, whichever of the two says so', async () => {
    given(decider, registered, dibao)
      .when(claim(12, 'tekun', '2012-05'))
      .thenRefused('enrolment-conflict', { programme: 'urban-dibao' })
    given(decider, registered, claimed(12, 'tekun', '2012-01', { excludes: ['urban-dibao'] }))
      .when(claim(11, 'urban-dibao', '2012-03'))
      .thenRefused('enrolment-conflict', { programme: 'tekun' })
    given(decider, registered, claimed(12, 'old-age', '2012-01', { excludes: ['urban-dibao'] }))
      .when(claim(11, 'urban-dibao', '2012-03'))
      .thenRefused('enrolment-conflict', { programme: 'old-age' })
  })

  t.test('lets one who is only assessed be covered elsewhere', async () => {
    const assessed = claimed(11, 'urban-dibao', '2012-03', { covered: false })
    given(decider, registered, assessed)
      .when(claim(12, 'tekun', '2012-05'))
      .then(claimed(12, 'tekun', '2012-05', { excludes: ['urban-dibao'] }))
  })

  t.test('lets nobody have one campaign twice, in whatever month and case', async () => {
    const of = (number: number, from: string, campaign: string) => {
      const { excludes: _, ...data } = claimed(number, 'temporary-aid', from, { campaign }).data
      return { type: 'ClaimEnrolment', ...data } as const
    }
    const had = claimed(11, 'temporary-aid', '2012-01', { campaign: 'spring' })
    given(decider, registered, had, released(11, '2012-01'))
      .when(of(12, '2012-01', 'spring'))
      .thenRefused('campaign-had-already', { campaign: 'spring', caseId: caseOf(11) })
    given(decider, registered, had, released(11, '2012-01'))
      .when(of(12, '2012-02', 'spring'))
      .thenRefused('campaign-had-already', { campaign: 'spring', caseId: caseOf(11) })
    given(decider, registered, had, released(11, '2012-01'))
      .when(of(12, '2012-01', 'summer'))
      .then(claimed(12, 'temporary-aid', '2012-01', { campaign: 'summer' }))
    given(decider, registered, had, released(11, '2011-12'))
      .when(of(12, '2012-01', 'spring'))
      .then(claimed(12, 'temporary-aid', '2012-01', { campaign: 'spring' }))
  })

  t.test('lets compatible and repeatable programmes run beside each other', async () => {
    given(decider, registered, dibao)
      .when(claim(12, 'old-age', '2012-05'))
      .then(claimed(12, 'old-age', '2012-05'))
    given(decider, registered, claimed(13, 'temporary-aid', '2012-05'))
      .when(claim(14, 'temporary-aid', '2012-05'))
      .then(claimed(14, 'temporary-aid', '2012-05'))
  })

  t.test('lets a case go on under another, and still refuses a third', async () => {
    const continues = caseOf(11)
    const goOn = { ...claim(12, 'tekun', '2012-05'), type: 'ContinueEnrolment' as const, continues }
    const excludes = { excludes: ['rural-dibao', 'urban-dibao'] }
    const events = given(decider, registered, dibao).when(goOn).events()
    t.match(events, [{ type: 'EnrolmentClaimed', data: { caseId: caseOf(12), from: '2012-05' } }])
    given(decider, registered, dibao, claimed(12, 'tekun', '2012-05', excludes))
      .when(goOn)
      .thenNothing()
    given(decider, registered, dibao)
      .when({ ...goOn, continues: caseOf(13) })
      .thenRefused('enrolment-conflict', { caseId: caseOf(11) })
  })

  t.test('is free again from the month after the last', async () => {
    const history = [registered, dibao, released(11, '2012-06')]
    given(decider, ...history)
      .when(claim(12, 'urban-dibao', '2012-06'))
      .thenRefused('enrolment-conflict', { lastMonth: '2012-06' })
    given(decider, ...history)
      .when(claim(12, 'urban-dibao', '2012-07'))
      .then(claimed(12, 'urban-dibao', '2012-07', { excludes: ['rural-dibao', 'tekun'] }))
  })

  t.test('says anew how the same case covers the person from a month on', async (t) => {
    const excludes = ['rural-dibao', 'tekun']
    const uncovered = claimed(11, 'urban-dibao', '2012-05', { covered: false, excludes })
    given(decider, registered, dibao)
      .when(claim(11, 'urban-dibao', '2012-05', false))
      .then(uncovered)
    const { held } = given(decider, registered, dibao, uncovered).state().enrolments
    t.strictSame(
      held.map(({ from, lastMonth, covered }) => ({ from, lastMonth, covered })),
      [
        { from: '2012-03', lastMonth: '2012-04', covered: true },
        { from: '2012-05', lastMonth: null, covered: false },
      ],
    )
  })

  t.test('refuses unknown programmes, unknown people and the dead', async () => {
    given(decider, registered)
      .when(claim(11, 'orphan', '2012-03'))
      .thenRefused('programme-unknown')
    given(decider)
      .when(claim(11, 'urban-dibao', '2012-03'))
      .thenRefused('person-not-registered')
    const died: PersonEvent = {
      type: 'PersonDied',
      data: { diedOn: plainDate('2012-02-10'), source: '名单' },
    }
    given(decider, registered, died)
      .when(claim(11, 'urban-dibao', '2012-03'))
      .thenRefused('person-died')
    given(decider, registered, died)
      .when(claim(11, 'old-age', '2012-02'))
      .then(claimed(11, 'old-age', '2012-02'))
  })
})

t.test('ReleaseEnrolment', async (t) => {
  t.test('releases once; an earlier last month cuts it shorter', async () => {
    given(decider, registered, dibao).when(release(11, '2012-06')).then(released(11, '2012-06'))
    const history = [registered, dibao, released(11, '2012-06')]
    given(decider, ...history)
      .when(release(11, '2012-06'))
      .thenNothing()
    given(decider, ...history)
      .when(release(11, '2012-05'))
      .then(released(11, '2012-05'))
  })

  t.test('refuses what is not claimed, and a later month than before', async () => {
    given(decider, registered).when(release(11, '2012-06')).thenRefused('enrolment-not-claimed')
    given(decider, registered, dibao, released(11, '2012-06'))
      .when(release(11, '2012-08'))
      .thenRefused('enrolment-already-released', { lastMonth: '2012-06' })
  })

  t.test('undoes a claim that was never confirmed', async (t) => {
    const undone = [registered, dibao, released(11, '2012-02')]
    t.strictSame(given(decider, ...undone).state().enrolments.held, [])
    given(decider, ...undone)
      .when(release(11, '2012-02'))
      .thenNothing()
    given(decider, ...undone)
      .when(claim(11, 'urban-dibao', '2012-03'))
      .then(dibao)
  })
})

t.test('a person with open enrolments is neither merged nor erased', async () => {
  const on = plainDate('2012-08-01')
  given(decider, registered, dibao)
    .when({ type: 'MergePerson', mergedOn: on, into: personId(2), reason: '重复' })
    .thenRefused('person-still-enrolled', { cases: [caseOf(11)] })
  given(decider, registered, dibao)
    .when({ type: 'ErasePerson', erasedOn: on, reason: '申请' })
    .thenRefused('person-still-enrolled')
})

t.test('whatever is asked, no two cases of one programme hold a person in one month', async (t) => {
  const step = fc.record({
    release: fc.boolean(),
    number: fc.integer({ min: 1, max: 4 }),
    at: fc.integer({ min: 0, max: 12 }),
    covered: fc.boolean(),
  })
  const property = fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
    const events: PersonEvent[] = [registered]
    for (const { release: releases, number, at, covered } of steps) {
      const on = addMonths(month('2012-01'), at)
      const command = releases ? release(number, on) : claim(number, 'urban-dibao', on, covered)
      try {
        events.push(...decider.decide(command, fold(decider, events)))
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
      }
    }
    const { held } = fold(decider, events).enrolments
    return held.every((one, at) =>
      held
        .slice(at + 1)
        .every((other) => lastMonthOf(one) < other.from || lastMonthOf(other) < one.from),
    )
  })
  const result = fc.check(property, { numRuns: 300 })
  t.notOk(result.failed, `seed ${result.seed}: ${JSON.stringify(result.counterexample)}`)
})
