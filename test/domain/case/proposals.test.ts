import t from 'tap'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { proposalFor } from '../../../src/domain/case/proposals.js'
import { fold } from '../../../src/domain/decider.js'
import type { Rule } from '../../../src/domain/policy/events.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { BenefitClass, ComponentName } from '../../../src/domain/values/document.js'
import {
  approveEntry,
  approver,
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
  wang,
  yuan,
} from '../../support/case-world.js'

// Two covered persons at 350 yuan each and 400 yuan of income: 300; from July at 390 each: 380.
const household = [opened(), joined(wang, { head: true }), joined(li), income(400)]
const before = (rule: Partial<Rule> = {}) => caseDecider(policyBeforeRaise(rule))
const onRoll = (rule: Partial<Rule> = {}) => lived(before(rule), household, approveEntry())

function proposal(
  events: readonly CaseEvent[],
  { from = '2012-05', policy = policyBeforeRaise() } = {},
) {
  const state = fold(caseDecider(policy), events)
  return proposalFor({ month: month(from), by: approver }, { policy, state })
}

t.test('nothing waits where decisions say what facts and policy give', async (t) => {
  t.equal(proposal(onRoll()), null)
  t.equal(proposal(household), null, 'nor before the entry')
  t.equal(proposal(onRoll(), { from: '2011-12' }), null, 'nor of a month off the roll')
})

t.test('an income, a member, a class: now, then and why', async (t) => {
  t.strictSame(proposal([...onRoll(), income(200, '2012-06')]), {
    what: 'adjustment',
    from: '2012-06',
    nowFen: 30_000,
    thenFen: 50_000,
    months: ['2012-06'],
    lastMonth: null,
    reasons: ['income'],
    retractsVersion: null,
    refusal: null,
  })
  t.match(proposal([...onRoll(), income(200, '2012-05'), income(500, '2012-06')]), {
    from: '2012-05',
    thenFen: 50_000,
    months: ['2012-05', '2012-06'],
  })
  t.match(proposal(lived(before(), onRoll(), leaving(li, false))), {
    what: 'exit',
    from: '2012-05',
    thenFen: 0,
    months: ['2012-05'],
    lastMonth: '2012-04',
    reasons: ['members'],
  })
  const partial = BenefitClass.parse('partial')
  const reclassified = { from: month('2012-05'), benefitClass: partial, reason: '分类', by: clerk }
  t.match(proposal([...onRoll(), { type: 'CaseReclassified', data: reclassified }, income(100)]), {
    thenFen: 25_000,
    reasons: ['class', 'income'],
  })
})

t.test('facts that change no amount wait to be confirmed', async (t) => {
  t.match(proposal([...onRoll(), income(400, '2012-05')]), {
    what: 'unchanged',
    from: '2012-05',
    nowFen: 30_000,
    thenFen: 30_000,
    reasons: ['income'],
  })
})

t.test('what a rule lets decide itself waits for nobody', async (t) => {
  t.equal(proposal(onRoll(), { policy: policyWith() }), null, 'a raised standard')
  const rule = { automatic: ['income' as const] }
  t.equal(
    proposal([...onRoll(rule), income(200, '2012-05')], { policy: policyBeforeRaise(rule) }),
    null,
  )
  t.match(
    proposal(onRoll({ automatic: [] }), { policy: policyWith({ automatic: [] }) }),
    { what: 'adjustment', from: '2012-07', thenFen: 38_000, reasons: ['standard'] },
    'unless the rule does not',
  )
  t.match(
    proposal([...onRoll(), income(300, '2012-08')], { policy: policyWith() }),
    { from: '2012-08', nowFen: 30_000, thenFen: 48_000, months: ['2012-08'] },
    'nor do the months it changes',
  )
})

t.test('confirmed, it waits no longer', async (t) => {
  const told = [...onRoll(), income(200, '2012-05')]
  const cause = { kind: 'income', note: '核定', document: null } as const
  const confirm = reassess('2012-05', { mode: 'confirmed', cause })
  t.equal(proposal(lived(before(), told, confirm)), null)
})

t.test('what counts no longer is a reason, and so is an income that nobody knows', async (t) => {
  const told = onRoll()
  const version = told.findIndex(({ type }) => type === 'IncomeAssessed')
  const retracted: CaseEvent = {
    type: 'FactRetracted',
    data: {
      retractedOn: plainDate('2012-05-02'),
      retractsVersion: version,
      reason: '有误',
      by: clerk,
    },
  }
  t.match(proposal([...told, income(100), retracted]), { reasons: ['income', 'correction'] })

  const base = { component: ComponentName.parse('base'), personId: null, amountFen: yuan(300) }
  const taken: CaseEvent = {
    type: 'OpeningPositionRecorded',
    data: {
      entryMonth: month('2011-01'),
      settledThrough: month('2012-03'),
      source: '旧系统',
      history: [{ from: month('2012-01'), to: month('2012-03'), components: [base] }],
      by: clerk,
    },
  }
  const takenOver = [...household.slice(0, 3), taken]
  t.equal(proposal(takenOver), null, 'as long as nothing came since')
  t.match(proposal(takenOver, { policy: policyWith(), from: '2012-07' }), {
    what: 'undecidable',
    from: '2012-07',
    thenFen: null,
    refusal: { code: 'income-unconfirmed' },
  })
  t.match(proposal([...takenOver, income(400, '2012-05')]), { what: 'unchanged', thenFen: 30_000 })
})
