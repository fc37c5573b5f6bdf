import assert from 'node:assert/strict'
import t from 'tap'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { proposalFor } from '../../../src/domain/case/proposals.js'
import { fold } from '../../../src/domain/decider.js'
import type { Rule } from '../../../src/domain/policy/events.js'
import { policyFrom } from '../../../src/domain/policy/policy.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import {
  approveEntry,
  approver,
  clerk,
  dibao,
  document,
  general,
  income,
  joined,
  li,
  lived,
  opened,
  otherVillage,
  policyEvents,
  reassess,
  wang,
  yuan,
} from '../../support/case-world.js'

// Two covered persons and 400 yuan: 300 where they were, from July 380.
const household = [opened(), joined(wang, { head: true }), joined(li), income(400)]

/** The other village has a standard of its own, in every month the same. */
const policyOf = (standard: number, rule: Partial<Rule> = {}) =>
  policyFrom([
    ...policyEvents(rule),
    {
      type: 'StandardSet',
      data: {
        from: month('2010-01'),
        programme: dibao,
        division: otherVillage,
        benefitClass: general,
        amountFen: yuan(standard),
        per: 'month',
        document,
      },
    },
  ])

const move: CaseCommand = {
  type: 'MoveCase',
  from: month('2012-04'),
  division: otherVillage,
  urbanRural: 'urban',
  reason: '迁居',
  by: clerk,
}
const adjusted = (events: readonly CaseEvent[]) =>
  events.flatMap((event) =>
    event.type === 'BenefitAdjusted'
      ? [[event.data.from, event.data.components.map(({ amountFen }) => amountFen / 100)]]
      : [],
  )

t.test('a move decides from its month on, also where the old place had decided ahead', async () => {
  const policy = policyOf(500)
  const by = caseDecider(policy)
  const entered = lived(by, household, approveEntry())
  const moved = lived(by, entered, move)
  assert.deepEqual(adjusted(moved.slice(entered.length)), [
    ['2012-04', [600]],
    ['2012-07', [600]],
  ])
  const first = moved[entered.length + 1]
  assert.ok(first?.type === 'BenefitAdjusted')
  assert.deepEqual(first.data.cause, { kind: 'standard', note: '自2012-04起按当地标准', document })
  assert.equal(first.data.by, null)
  const state = fold(by, moved)
  assert.equal(proposalFor({ month: month('2012-04'), by: approver }, { policy, state }), null)
  assert.deepEqual(by.decide(reassess('2012-04'), state), [], 'a mass reassessment says the same')

  const retraction: CaseCommand = {
    type: 'RetractFact',
    retractedOn: plainDate('2012-05-02'),
    retractsVersion: entered.length,
    reason: '误录',
    by: clerk,
  }
  assert.deepEqual(adjusted(by.decide(retraction, state)), [
    ['2012-04', [300]],
    ['2012-07', [380]],
  ])
})

t.test('what a move would end, or its rule leaves to a person, is proposed', async (t) => {
  const waits = (policy: ReturnType<typeof policyOf>) => {
    const by = caseDecider(policy)
    const entered = lived(by, household, approveEntry())
    const moved = lived(by, entered, move)
    t.same(adjusted(moved.slice(entered.length)), [])
    return proposalFor(
      { month: month('2012-04'), by: approver },
      { policy, state: fold(by, moved) },
    )
  }
  const [from, nowFen, reasons] = ['2012-04', yuan(300), ['standard']]
  const exit = { what: 'exit', from, nowFen, thenFen: 0, lastMonth: '2012-03', reasons }
  t.match(waits(policyOf(150)), exit)
  const more = { what: 'adjustment', from, nowFen, thenFen: yuan(600), reasons }
  t.match(waits(policyOf(500, { automatic: [] })), more)
})
