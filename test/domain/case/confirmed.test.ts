import assert from 'node:assert/strict'
import t from 'tap'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { fold } from '../../../src/domain/decider.js'
import { owedPeriodsOf } from '../../../src/domain/entitlement/timeline.js'
import type { Rule } from '../../../src/domain/policy/events.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { BenefitClass, ComponentName } from '../../../src/domain/values/document.js'
import {
  approveEntry,
  approveExit,
  approver,
  circumstances,
  clerk,
  income,
  joined,
  leaving,
  li,
  lived,
  opened,
  policyBeforeRaise,
  policyWith,
  reassess,
  reviewed,
  wang,
  yuan,
} from '../../support/case-world.js'

// Two covered persons at 350 yuan each and 400 yuan of income: 300; from July at 390 each: 380.
const household = [opened(), joined(wang, { head: true }), joined(li), income(400)]
const raised = reassess('2012-07')

const deciderBy = (rule: Partial<Rule> = {}) => caseDecider(policyWith(rule))

/** On the roll since before anybody knew of the standard of July. */
function onRoll(rule: Partial<Rule> = {}): readonly CaseEvent[] {
  return lived(caseDecider(policyBeforeRaise(rule)), household, approveEntry())
}

function amountIn(events: readonly CaseEvent[], at: string): number | undefined {
  const periods = owedPeriodsOf(fold(deciderBy(), events))
  const fen = periods.findLast(({ from, to }) => from <= month(at) && month(at) <= to)?.amountFen
  return fen === undefined ? undefined : fen / 100
}

const confirmed = (from: string): CaseCommand =>
  reassess(from, {
    cause: { kind: 'members', note: '核定', document: null },
    mode: 'confirmed',
  })

const unconfirmed: readonly (readonly [string, CaseCommand])[] = [
  ['an income', { type: 'AssessIncome', ...incomeOf(100), by: clerk }],
  [
    'circumstances',
    {
      type: 'RecordCircumstances',
      from: month('2012-05'),
      personId: li,
      circumstances: circumstances({ covered: false }),
      reason: '就业',
      by: clerk,
    },
  ],
  ['a leaving', leaving(li, false)],
  [
    'a class',
    {
      type: 'ReclassifyCase',
      from: month('2012-05'),
      benefitClass: BenefitClass.parse('partial'),
      reason: '分类',
      by: clerk,
    },
  ],
  [
    'a retraction',
    {
      type: 'RetractFact',
      retractedOn: plainDate('2012-05-04'),
      retractsVersion: 3,
      reason: '录入错误',
      by: clerk,
    },
  ],
]

function incomeOf(amount: number) {
  const { data } = income(amount, '2012-05')
  if (!('monthlyIncomeFen' in data)) throw new Error('no income')
  return data
}

for (const [what, command] of unconfirmed)
  t.test(`a raised standard does not carry ${what} that nobody confirmed`, async () => {
    const decider = deciderBy()
    const history = lived(decider, onRoll(), command, raised)
    assert.equal(amountIn(history, '2012-06'), 300)
    assert.equal(amountIn(history, '2012-07'), 380, 'the standard alone')
  })

t.test('what a person confirmed before, the standard carries', async () => {
  const history = [...onRoll(), income(100, '2012-05')]
  const seen = lived(caseDecider(policyBeforeRaise()), history, confirmed('2012-05'))
  assert.equal(amountIn(lived(deciderBy(), seen, raised), '2012-07'), 680)
})

t.test('a death decides itself where the rule says so, and stays decided', async () => {
  const rich = lived(deciderBy(), onRoll(), { type: 'AssessIncome', ...incomeOf(100), by: clerk })
  const base = lived(caseDecider(policyBeforeRaise()), rich, confirmed('2012-05'))
  const death = reassess('2012-05', { cause: { kind: 'death', note: '死亡', document: null } })
  const died = lived(caseDecider(policyBeforeRaise()), base, leaving(li), death)
  assert.equal(amountIn(died, '2012-05'), 250)
  const after = lived(deciderBy(), died, raised)
  assert.equal(amountIn(after, '2012-07'), 290, 'who died is not counted again')
  const waits = lived(deciderBy({ automatic: ['standard'] }), base, leaving(li), raised)
  assert.equal(amountIn(waits, '2012-07'), 680, 'this rule lets no death decide itself')
})

t.test('an income decides itself where the rule of its month says so', async () => {
  const rule = { automatic: ['standard' as const, 'income' as const] }
  const assessed = [...onRoll(rule), income(100, '2012-05')]
  const history = lived(deciderBy(rule), assessed, raised)
  assert.equal(amountIn(history, '2012-07'), 680)
})

t.test('a person who confirms facts that change nothing is on record, once', async () => {
  const before = caseDecider(policyBeforeRaise())
  const [same] = [income(400, '2012-05')]
  const seen = lived(before, [...onRoll(), same], confirmed('2012-05'))
  const [last] = seen.slice(-1)
  assert.equal(last?.type, 'BenefitAdjusted')
  assert.deepEqual('by' in last.data && last.data.by, approver)
  assert.equal(amountIn(seen, '2012-05'), 300)
  assert.deepEqual(before.decide(confirmed('2012-05'), fold(before, seen)), [], 'nothing waits')
  const own = lived(before, [...onRoll(), income(400, '2012-05')])
  assert.throws(
    () =>
      before.decide(
        reassess('2012-05', {
          cause: { kind: 'income', note: '核定', document: null },
          mode: 'confirmed',
          by: clerk,
        }),
        fold(before, own),
      ),
    { code: 'same-person-prepares-and-approves' },
  )
})

t.test('in grace, or in months that are nobody’s to decide, nothing is said', async () => {
  const grace = caseDecider(policyBeforeRaise({ graceMonths: 3 }))
  const inGrace = lived(grace, household, approveEntry(), reviewed, {
    type: 'StartGracePeriod',
    from: month('2012-04'),
    reason: '就业',
    by: approver,
  })
  const assessed = [...inGrace, income(100, '2012-05')]
  assert.deepEqual(grace.decide(confirmed('2012-05'), fold(grace, assessed)), [])

  const before = caseDecider(policyBeforeRaise())
  const base = { component: ComponentName.parse('base'), personId: null, amountFen: yuan(300) }
  const settled = { from: month('2012-01'), to: month('2012-05'), components: [base] }
  const left = lived(
    before,
    household,
    {
      type: 'RecordOpeningPosition',
      entryMonth: settled.from,
      settledThrough: settled.to,
      source: '旧系统',
      history: [settled],
      by: clerk,
    },
    reviewed,
    approveExit('2012-05'),
  )
  const after = fold(before, [...left, income(100, '2012-04')])
  assert.deepEqual(before.decide(confirmed('2012-03'), after), [])
})

const causesIn = (events: readonly CaseEvent[]) =>
  events.flatMap((event) =>
    event.type === 'BenefitAdjusted' ? [[event.data.from, event.data.cause.kind]] : [],
  )

t.test('a confirmation leaves the standard as what changes the month that it begins', async () => {
  const decider = deciderBy()
  const waiting = lived(decider, [...onRoll(), income(100, '2012-05')], raised)
  const events = decider.decide(confirmed('2012-05'), fold(decider, waiting))
  assert.deepEqual(causesIn(events), [
    ['2012-05', 'members'],
    ['2012-07', 'standard'],
  ])
  const same = lived(decider, [...onRoll(), income(400, '2012-05')], raised)
  const nothing = decider.decide(confirmed('2012-07'), fold(decider, same))
  assert.deepEqual(causesIn(nothing), [['2012-07', 'standard']])
})
