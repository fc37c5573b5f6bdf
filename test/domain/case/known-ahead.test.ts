import assert from 'node:assert/strict'
import t from 'tap'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { fold } from '../../../src/domain/decider.js'
import { owedPeriodsOf } from '../../../src/domain/entitlement/timeline.js'
import { policyFrom } from '../../../src/domain/policy/policy.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { BenefitClass, ComponentName } from '../../../src/domain/values/document.js'
import {
  approveEntry,
  approveExit,
  approver,
  clerk,
  county,
  dibao,
  document,
  income,
  joined,
  li,
  lived,
  opened,
  otherVillage,
  policyBeforeRaise,
  policyEvents,
  policyWith,
  reassess,
  reviewed,
  ruleWith,
  wang,
  yuan,
} from '../../support/case-world.js'

const knowing = caseDecider(policyWith())
const before = caseDecider(policyBeforeRaise())
const household = [opened(), joined(wang, { head: true }), joined(li), income(400)] as const

const amountsOf = (events: readonly CaseEvent[]) =>
  owedPeriodsOf(fold(knowing, events)).map(({ from, amountFen }) => [from, amountFen / 100])

const decisionsIn = (events: readonly CaseEvent[]) =>
  events.flatMap((event) =>
    event.type === 'BenefitAdjusted'
      ? [[event.data.from, event.data.cause.kind, event.data.cause.note]]
      : [],
  )

t.test('an entry decides every month that what is known already changes', async () => {
  const events = given(household, approveEntry())
  assert.deepEqual(decisionsIn(events), [['2012-07', 'standard', '标准自2012-07起调整']])
  assert.deepEqual(amountsOf([...household, ...events]), [
    ['2012-02', 300],
    ['2012-07', 380],
  ])
  const adjusted = events.at(-1)
  assert.ok(adjusted?.type === 'BenefitAdjusted')
  assert.deepEqual(adjusted.data.cause.document, document)
  assert.equal(adjusted.data.workings.standards[0]?.monthlyFen, yuan(390))
})

function given(history: readonly CaseEvent[], command: CaseCommand, by = knowing) {
  return by.decide(command, fold(by, history))
}

t.test('a standard reassessed after such an entry adjusts nothing twice', async () => {
  const entered = lived(knowing, household, approveEntry())
  assert.deepEqual(given(entered, reassess('2012-07')), [])
  assert.deepEqual(given(entered, reassess('2012-02', { mode: 'confirmed' })), [])
})

t.test('a known income and a known leaving are decided with the entry too', async () => {
  const leaves = {
    type: 'MemberLeft' as const,
    data: { lastMonth: month('2012-09'), personId: li, reason: '迁出', died: false, by: clerk },
  }
  const events = given([...household, income(300, '2012-04'), leaves], approveEntry())
  assert.deepEqual(decisionsIn(events), [
    ['2012-04', 'income', '入户核算'],
    ['2012-07', 'standard', '标准自2012-07起调整'],
    ['2012-10', 'members', '迁出'],
  ])
})

t.test('a household that is known to need nothing later leaves with its last month', async () => {
  const events = given([...household, income(900, '2012-05')], approveEntry())
  assert.deepEqual(
    events.map((event) => [event.type, 'lastMonth' in event.data ? event.data.lastMonth : '']),
    [
      ['EntryApproved', ''],
      ['BenefitGranted', ''],
      ['ExitApproved', '2012-04'],
    ],
  )
})

t.test('a rule of a later month counts as a standard does', async () => {
  const policy = policyFrom([
    ...policyEvents(),
    {
      type: 'RuleSet',
      data: {
        from: month('2012-09'),
        programme: dibao,
        division: county,
        rule: ruleWith({ bandsFen: [yuan(150), yuan(200)] }),
        document,
      },
    },
  ])
  const events = given(household, approveEntry(), caseDecider(policy))
  assert.deepEqual(decisionsIn(events), [
    ['2012-07', 'standard', '标准自2012-07起调整'],
    ['2012-09', 'standard', '规则自2012-09起调整'],
  ])
})

t.test('a reassessment looks past the months of the policy', async () => {
  const entered = lived(before, household, approveEntry())
  const confirmed = reassess('2012-03', {
    cause: { kind: 'income', note: '复核', document: null },
    mode: 'confirmed',
  })
  const events = given([...entered, income(350, '2012-03')], confirmed)
  assert.deepEqual(decisionsIn(events), [
    ['2012-03', 'income', '复核'],
    ['2012-07', 'income', '复核'],
  ])
})

t.test('a standard that waits for a person is not decided by an income that does not', async () => {
  const rule = { automatic: ['income' as const] }
  const entered = lived(caseDecider(policyBeforeRaise(rule)), household, approveEntry())
  const by = caseDecider(policyWith(rule))
  const cause = { kind: 'income' as const, note: '复核', document: null }
  const events = given([...entered, income(350, '2012-03')], reassess('2012-03', { cause }), by)
  assert.deepEqual(decisionsIn(events), [['2012-03', 'income', '复核']])
})

const position = (settledThrough: string, over: { readonly entryMonth?: string } = {}) => ({
  type: 'RecordOpeningPosition' as const,
  by: clerk,
  entryMonth: month(over.entryMonth ?? '2011-03'),
  settledThrough: month(settledThrough),
  source: '旧系统',
  history: [
    {
      from: month(over.entryMonth ?? '2011-03'),
      to: month(settledThrough),
      components: [
        { component: ComponentName.parse('base'), personId: null, amountFen: yuan(210) },
      ],
    },
  ],
})

const taken = [
  opened(),
  joined(wang, { head: true, from: '2011-03' }),
  joined(li, { from: '2011-03' }),
  income(400, '2011-03'),
]

t.test('a case taken over gets the standards known for months after its settlement', async () => {
  assert.deepEqual(decisionsIn(given(taken, position('2012-04'))), [
    ['2012-07', 'standard', '标准自2012-07起调整'],
  ])
  assert.deepEqual(decisionsIn(given(taken, position('2012-07'))), [], 'settled as reported')
  const incomeUnknown = given(taken.slice(0, 3), position('2012-04'))
  assert.deepEqual(decisionsIn(incomeUnknown), [])
  const waits = caseDecider(policyWith({ automatic: [] }))
  assert.deepEqual(decisionsIn(given(taken, position('2012-04'), waits)), [])
})

t.test('a move comes under the standards known for its new place', async () => {
  const policy = policyFrom([
    ...policyEvents(),
    {
      type: 'StandardSet',
      data: {
        from: month('2012-09'),
        programme: dibao,
        division: otherVillage,
        benefitClass: BenefitClass.parse('general'),
        amountFen: yuan(500),
        per: 'month',
        document,
      },
    },
  ])
  const by = caseDecider(policy)
  const entered = lived(by, household, approveEntry())
  const move: CaseCommand = {
    type: 'MoveCase',
    from: month('2012-04'),
    division: otherVillage,
    urbanRural: 'urban',
    reason: '迁居',
    by: clerk,
  }
  const events = given(entered, move, by)
  assert.deepEqual(decisionsIn(events), [['2012-09', 'standard', '标准自2012-09起调整']])
  assert.deepEqual(given([...entered, ...events], move, by), [])
})

t.test('a place put right for settled months decides none of them', async () => {
  const position2012 = lived(before, taken, position('2012-08'))
  const move: CaseCommand = {
    type: 'MoveCase',
    from: month('2011-03'),
    division: otherVillage,
    urbanRural: 'urban',
    reason: '更正',
    by: clerk,
  }
  assert.deepEqual(decisionsIn(given(position2012, move)), [])
})

t.test('grace pays the base alone, whatever was decided ahead for its months', async () => {
  const kind = caseDecider(policyWith({ graceMonths: 3 }))
  const grace = lived(kind, household, approveEntry(), reviewed, {
    type: 'StartGracePeriod',
    from: month('2012-06'),
    reason: '就业',
    by: approver,
  })
  assert.deepEqual(amountsOf(grace), [['2012-02', 300]])
})

t.test('a stay begins with its own grant: what was decided ahead for another is past', async () => {
  const back = lived(
    knowing,
    household,
    approveEntry(),
    approveExit('2012-03'),
    {
      type: 'AssessIncome',
      from: month('2012-05'),
      monthlyIncomeFen: yuan(600),
      basis: '复核',
      by: clerk,
    },
    approveEntry({ confirmedOn: plainDate('2012-05-20') }),
  )
  assert.deepEqual(amountsOf(back), [
    ['2012-02', 300],
    ['2012-06', 100],
    ['2012-07', 180],
  ])
  const raiseRefuted = lived(
    caseDecider(policyBeforeRaise()),
    lived(knowing, household, approveEntry(), approveExit('2012-03')),
    approveEntry({ confirmedOn: plainDate('2012-05-20') }),
  )
  assert.deepEqual(amountsOf(raiseRefuted), [
    ['2012-02', 300],
    ['2012-06', 300],
  ])
})
