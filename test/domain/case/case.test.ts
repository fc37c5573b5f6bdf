import assert from 'node:assert/strict'
import t from 'tap'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { noCase } from '../../../src/domain/case/facts.js'
import { fold } from '../../../src/domain/decider.js'
import { monthlyAmountIn, rollPeriodsOf } from '../../../src/domain/entitlement/timeline.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import {
  approveEntry,
  approveExit,
  approver,
  caseId,
  clerk,
  dibao,
  document,
  income,
  joined,
  li,
  lived,
  opened,
  otherVillage,
  policyBeforeRaise,
  policyWith,
  reassess,
  reviewed,
  village,
  wang,
  yuan,
} from '../../support/case-world.js'
import { given } from '../../support/given.js'

const decider = caseDecider(policyBeforeRaise())
const raised = caseDecider(policyWith())
const household = [opened(), joined(wang, { head: true }), joined(li), income(400)] as const

t.test('entry', async () => {
  const events = given(decider, ...household)
    .when(approveEntry())
    .events()
  assert.deepEqual(
    events.map((event) => event.type),
    ['EntryApproved', 'BenefitGranted'],
  )
  const granted = events[1]
  assert.ok(granted?.type === 'BenefitGranted')
  assert.equal(granted.data.from, '2012-02', 'the month after confirmation')
  assert.deepEqual(granted.data.components, [
    { component: 'base', personId: null, amountFen: yuan(300) },
  ])
  assert.equal(granted.data.workings.standards[0]?.monthlyFen, yuan(350))
  assert.equal(granted.data.workings.householdIncomeFen, yuan(400))

  const entered = lived(decider, household, approveEntry())
  given(decider, ...entered)
    .when(approveEntry())
    .thenNothing()
  given(decider, ...entered)
    .when(approveEntry({ confirmedOn: plainDate('2012-04-20') }))
    .thenRefused('case-already-on-roll')
  given(decider, ...household)
    .when(approveEntry({ by: clerk }))
    .thenRefused('same-person-prepares-and-approves')
  given(decider, opened(), joined(wang), income(900))
    .when(approveEntry())
    .thenRefused('not-eligible')
  given(decider, opened()).when(approveEntry()).thenRefused('nobody-covered')
  given(decider).when(approveEntry()).thenRefused('case-unknown')
})

t.test('entry needs the steps of the rule, and a notice of seven days', async () => {
  const strict = caseDecider(policyBeforeRaise({ steps: ['survey', 'public-notice'] }))
  const step = (name: 'survey' | 'public-notice', on: string): CaseEvent => ({
    type: 'VerificationStepRecorded',
    data: { on: plainDate(on), step: name, passed: true, note: null, by: clerk },
  })
  given(strict, ...household)
    .when(approveEntry())
    .thenRefused('verification-step-missing', { step: 'survey' })
  given(strict, ...household, step('survey', '2012-01-05'), step('public-notice', '2012-01-14'))
    .when(approveEntry())
    .thenRefused('public-notice-too-short', { days: 6, needed: 7 })
  const ready = [
    ...household,
    step('survey', '2012-01-05'),
    step('public-notice', '2012-01-13'),
  ] as const
  assert.equal(
    given(strict, ...ready)
      .when(approveEntry())
      .events().length,
    2,
  )
})

t.test('exit: twice is once, another month is refused with the way to correct it', async () => {
  const entered = lived(decider, household, approveEntry())
  given(decider, ...entered)
    .when(approveExit('2012-05'))
    .then({
      type: 'ExitApproved',
      data: {
        lastMonth: month('2012-05'),
        reason: '收入超过标准',
        continuedBy: null,
        by: approver,
      },
    })
  const exited = lived(decider, entered, approveExit('2012-05'))
  given(decider, ...exited)
    .when(approveExit('2012-05'))
    .thenNothing()
  given(decider, ...exited)
    .when(approveExit('2012-06'))
    .thenRefused('case-already-exited', { lastMonth: '2012-05', correctWith: 'RetractFact' })
  given(decider, ...entered)
    .when(approveExit('2011-11'))
    .thenRefused('exit-before-entry')
  given(decider, ...household)
    .when(approveExit('2012-05'))
    .thenRefused('case-not-on-roll')
})

t.test('a retracted exit never was, and the right one can follow', async () => {
  const exited = lived(decider, household, approveEntry(), approveExit('2012-03'), reviewed)
  const retract: CaseCommand = {
    type: 'RetractFact',
    retractedOn: plainDate('2012-06-01'),
    retractsVersion: exited.length - 2,
    reason: '录入错误',
    by: approver,
  }
  const corrected = lived(decider, exited, retract, approveExit('2012-05'))
  const roll = rollPeriodsOf(fold(decider, corrected))
  assert.deepEqual([roll[0]?.from, roll[0]?.to], ['2012-02', '2012-05'])
  given(decider, ...corrected)
    .when(retract)
    .thenNothing()
  given(decider, ...exited)
    .when({ ...retract, retractsVersion: 0 })
    .thenRefused('opening-cannot-be-retracted')
})

t.test('a raised standard reaches the amount only through a decision', async () => {
  const entered = lived(decider, household, approveEntry())
  assert.equal(monthlyAmountIn(fold(decider, entered), month('2012-08')), yuan(300))
  const reassessed = lived(raised, entered, reassess('2012-07'))
  assert.equal(monthlyAmountIn(fold(raised, reassessed), month('2012-06')), yuan(300))
  assert.equal(monthlyAmountIn(fold(raised, reassessed), month('2012-07')), yuan(380))
  given(raised, ...reassessed)
    .when(reassess('2012-07'))
    .thenNothing()

  const income500 = lived(decider, entered, {
    type: 'AssessIncome',
    from: month('2012-05'),
    monthlyIncomeFen: yuan(500),
    basis: '复核',
    by: clerk,
  })
  const incomeCause = { kind: 'income' as const, note: '收入增加', document: null }
  given(decider, ...income500)
    .when(reassess('2012-05', { cause: incomeCause }))
    .thenNothing()
  const confirmed = given(decider, ...income500)
    .when(reassess('2012-05', { cause: incomeCause, mode: 'confirmed' }))
    .events()
  assert.deepEqual(
    confirmed.map((event) => [event.type, 'from' in event.data ? event.data.from : '']),
    [['BenefitAdjusted', '2012-05']],
  )
})

t.test('a supplement is granted once under its own id', async () => {
  const grant: CaseCommand = {
    type: 'GrantSupplement',
    decidedFor: 'roll',
    month: month('2012-03'),
    component: ComponentName.parse('price-subsidy'),
    measure: 'cash',
    amountFen: yuan(83),
    persons: [wang],
    supplementId: 'price-2012Q1-2012-03',
    document,
    by: approver,
  }
  const granted = lived(decider, household, approveEntry(), grant)
  given(decider, ...granted)
    .when(grant)
    .thenNothing()
  given(decider, ...granted)
    .when({ ...grant, amountFen: yuan(84) })
    .thenRefused('supplement-already-granted')
})

t.test('the same opening again is nothing, another one is refused', async () => {
  const open = {
    type: 'OpenCase' as const,
    caseId,
    programme: dibao,
    division: village,
    urbanRural: 'urban' as const,
    benefitClass: 'general' as never,
    openedOn: plainDate('2012-01-04'),
    importId: null,
    by: clerk,
  }
  given(decider, opened()).when(open).thenNothing()
  given(decider, opened())
    .when({ ...open, division: otherVillage })
    .thenRefused('case-already-opened')
  assert.equal(decider.initial, noCase)
})

t.test('the grant goes with its entry, and never alone', async () => {
  const entered = lived(decider, household, approveEntry())
  const retract = (retractsVersion: number): CaseCommand => ({
    type: 'RetractFact',
    retractedOn: plainDate('2012-03-01'),
    retractsVersion,
    reason: '录入错误',
    by: approver,
  })
  given(decider, ...entered)
    .when(retract(entered.length - 1))
    .thenRefused('grant-stands-with-entry', { retract: entered.length - 2 })
  const retracted = lived(decider, entered, retract(entered.length - 2))
  assert.deepEqual(rollPeriodsOf(fold(decider, retracted)), [])
  assert.equal(monthlyAmountIn(fold(decider, retracted), month('2012-06')), 0)
})

t.test(
  'a re-entry that never paid is retracted, so that the earlier stay keeps its end',
  async () => {
    const back = lived(
      decider,
      household,
      approveEntry(),
      approveExit('2012-03'),
      approveEntry({ confirmedOn: plainDate('2012-07-20') }),
    )
    given(decider, ...back)
      .when(approveExit('2012-07'))
      .thenRefused('re-entry-to-be-retracted')
  },
)

t.test('a member leaves no earlier than they came; a lifted hold needs another id', async () => {
  given(decider, ...household)
    .when({
      type: 'LeaveMember',
      lastMonth: month('2011-10'),
      personId: li,
      reason: '迁出',
      died: false,
      by: clerk,
    })
    .thenRefused('person-not-in-household')
  const hold = { from: month('2012-03'), holdId: 'h-1', reason: '核查' }
  const lifted = lived(
    decider,
    household,
    { type: 'PlaceHold', ...hold },
    { type: 'LiftHold', ...hold, from: month('2012-04') },
  )
  given(decider, ...lifted)
    .when({ type: 'PlaceHold', ...hold })
    .thenRefused('hold-already-lifted')
})

t.test('a leaving is not retracted once the person came back: they would stay twice', async () => {
  const gone: CaseCommand = {
    type: 'LeaveMember',
    lastMonth: month('2012-02'),
    personId: li,
    reason: '迁出',
    died: false,
    by: clerk,
  }
  const back = [...lived(decider, household, gone), joined(li, { from: '2012-04' })]
  given(decider, ...back)
    .when({
      type: 'RetractFact',
      retractedOn: plainDate('2012-05-01'),
      retractsVersion: household.length,
      reason: '录入错误',
      by: approver,
    })
    .thenRefused('retraction-would-overlap', { from: '2012-01' })
})
