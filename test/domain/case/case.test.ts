import assert from 'node:assert/strict'
import t from 'tap'
import type { Case } from '../../../src/domain/case/case.js'
import { noCase } from '../../../src/domain/case/case.js'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { type Decider, fold } from '../../../src/domain/decider.js'
import { movementsOf } from '../../../src/domain/entitlement/movements.js'
import {
  memberPeriodsOf,
  monthlyAmountIn,
  owedPeriodsOf,
  rollPeriodsOf,
} from '../../../src/domain/entitlement/timeline.js'
import { endOfTime, month, plainDate } from '../../../src/domain/values/calendar.js'
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
  oldAge,
  opened,
  otherVillage,
  policyWith,
  reassess,
  village,
  wang,
  yuan,
} from '../../support/case-world.js'
import { given } from '../../support/given.js'

const decider = caseDecider(policyWith())
const household = [opened(), joined(wang, { head: true }), joined(li), income(400)] as const

/** History by commands, so that tests stand on what the decider itself would have written. */
function lived(
  by: Decider<Case, CaseCommand, CaseEvent>,
  start: readonly CaseEvent[],
  ...commands: readonly CaseCommand[]
): readonly CaseEvent[] {
  const events = [...start]
  for (const command of commands) events.push(...by.decide(command, fold(by, events)))
  return events
}

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
  const strict = caseDecider(policyWith({ steps: ['survey', 'public-notice'] }))
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
  const exited = lived(decider, household, approveEntry(), approveExit('2012-03'))
  const retract: CaseCommand = {
    type: 'RetractFact',
    retractedOn: plainDate('2012-06-01'),
    retractsVersion: exited.length - 1,
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
  const raised = lived(decider, entered, reassess('2012-07'))
  assert.equal(monthlyAmountIn(fold(decider, raised), month('2012-06')), yuan(300))
  assert.equal(monthlyAmountIn(fold(decider, raised), month('2012-07')), yuan(380))
  given(decider, ...raised)
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

t.test('the head’s death is a head change: neither exit nor entry, one person less', async () => {
  const entered = lived(
    decider,
    [opened(), joined(wang, { head: true }), joined(li), income(200)],
    approveEntry(),
    { type: 'LeaveMember', lastMonth: month('2012-04'), personId: wang, reason: '死亡' },
    { type: 'ChangeHead', from: month('2012-05'), personId: li, reason: '原户主死亡' },
    reassess('2012-05', { cause: { kind: 'death', note: '户主死亡', document: null } }),
  )
  const state = fold(decider, entered)
  const movements = movementsOf(state)
  assert.deepEqual(
    movements.map(({ month: at, kind, households, persons }) => [at, kind, households, persons]),
    [
      ['2012-02', 'entry', 1, 2],
      ['2012-05', 'exit', 0, 1],
      ['2012-05', 'decrease', 1, 0],
    ],
  )
})

t.test(
  'a death stops a personal allowance after its month, or the months the rule allows',
  async () => {
    const person = [opened(oldAge), joined(wang, { bornOn: plainDate('1920-03-01') })] as const
    const death = reassess('2012-05', { cause: { kind: 'death', note: '死亡', document: null } })
    const left: CaseCommand = {
      type: 'LeaveMember',
      lastMonth: month('2012-04'),
      personId: wang,
      reason: '死亡',
    }
    const stopped = lived(decider, person, approveEntry(), left, death)
    assert.equal(rollPeriodsOf(fold(decider, stopped))[0]?.to, '2012-04')

    const survivors = caseDecider(policyWith({ monthsAfterDeath: 6, ageBands: ageBands() }))
    const paidOn = lived(survivors, person, approveEntry(), left, death)
    assert.equal(rollPeriodsOf(fold(survivors, paidOn))[0]?.to, '2012-10')
  },
)

function ageBands() {
  return policyWith()
    .programmes.flatMap((programme) => programme.rules)
    .flatMap((rule) => rule.rule.ageBands)
}

t.test('grace pays the base alone and ends by itself', async () => {
  const rule = {
    graceMonths: 3,
    classified: [
      { classification: '重度残疾', nameZh: '重残', amountFen: yuan(50), shareOfStandard: null },
    ],
  }
  const kind = caseDecider(policyWith(rule))
  const start = [
    opened(),
    joined(wang, { head: true, classifications: ['重度残疾', '老年'] }),
    joined(li),
    income(400),
  ]
  const entered = lived(kind, start, approveEntry())
  assert.equal(monthlyAmountIn(fold(kind, entered), month('2012-02')), yuan(350))
  const grace = lived(kind, entered, {
    type: 'StartGracePeriod',
    from: month('2012-06'),
    reason: '就业',
    by: approver,
  })
  const state = fold(kind, grace)
  assert.equal(monthlyAmountIn(state, month('2012-06')), yuan(300), 'the base, no supplement')
  assert.equal(rollPeriodsOf(state).at(-1)?.to, '2012-08')
  assert.deepEqual(
    movementsOf(state).map(({ month: at, kind: what, amountFen }) => [at, what, amountFen]),
    [
      ['2012-02', 'entry', yuan(350)],
      ['2012-06', 'decrease', yuan(50)],
      ['2012-09', 'exit', yuan(300)],
    ],
    'the lost supplement is a decrease of its own',
  )
})

t.test('a move is a transfer that cancels in the parent', async () => {
  const moved = lived(decider, household, approveEntry(), {
    type: 'MoveCase',
    from: month('2012-04'),
    division: otherVillage,
    urbanRural: 'rural',
    reason: '迁居',
  })
  const state = fold(decider, moved)
  assert.deepEqual(
    rollPeriodsOf(state).map(({ from, to, division }) => [from, to, division]),
    [
      ['2012-02', '2012-03', village],
      ['2012-04', endOfTime, otherVillage],
    ],
  )
  assert.deepEqual(
    movementsOf(state)
      .filter(({ month: at }) => at === '2012-04')
      .map(({ kind, persons, division }) => [kind, persons, division]),
    [
      ['transfer-out', 2, village],
      ['transfer-in', 2, otherVillage],
    ],
  )
})

t.test('a case taken over is no 新增 and owes nothing before the cut-over', async () => {
  const amount = [{ component: ComponentName.parse('base'), personId: null, amountFen: yuan(210) }]
  const taken = lived(decider, [opened(), joined(wang, { head: true, from: '2009-03' })], {
    type: 'RecordOpeningPosition',
    entryMonth: month('2009-03'),
    settledThrough: month('2011-12'),
    source: '旧系统',
    history: [{ from: month('2009-03'), to: month('2011-12'), components: amount }],
  })
  const state = fold(decider, taken)
  assert.deepEqual(
    movementsOf(state).map(({ month: at, kind }) => [at, kind]),
    [['2009-03', 'taken-over']],
  )
  assert.deepEqual(
    owedPeriodsOf(state).map(({ from, to, amountFen, reported }) => [
      from,
      to,
      amountFen,
      reported,
    ]),
    [
      ['2009-03', '2011-12', yuan(210), true],
      ['2012-01', endOfTime, yuan(210), false],
    ],
  )
})

t.test('one person of a household can be covered alone', async () => {
  const alone = lived(
    decider,
    [opened(), joined(wang, { head: true, covered: false }), joined(li), income(100)],
    approveEntry(),
  )
  const state = fold(decider, alone)
  assert.deepEqual(
    memberPeriodsOf(state).map((period) => period.personId),
    [li],
  )
  assert.equal(monthlyAmountIn(state, month('2012-02')), yuan(250))
})

t.test('a supplement is granted once under its own id', async () => {
  const grant: CaseCommand = {
    type: 'GrantSupplement',
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
  }
  given(decider, opened()).when(open).thenNothing()
  given(decider, opened())
    .when({ ...open, division: otherVillage })
    .thenRefused('case-already-opened')
  assert.equal(decider.initial, noCase)
})
