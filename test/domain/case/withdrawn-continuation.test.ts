import t from 'tap'
import { spellsOf } from '../../../src/domain/case/case.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { CaseId } from '../../../src/domain/values/identifiers.js'
import {
  approveEntry,
  approver,
  income,
  joined,
  lived,
  opened,
  policyWith,
  wang,
} from '../../support/case-world.js'
import { given } from '../../support/given.js'
import { personId } from '../../support/policy.js'

const decider = caseDecider(policyWith())
const into = CaseId.parse(personId(900))
const other = CaseId.parse(personId(901))
const household = [opened(), joined(wang, { head: true }), income(100)]
const onRoll = lived(decider, household, approveEntry())
const exited = (continuedBy: CaseId | null): CaseEvent => ({
  type: 'ExitApproved',
  data: { lastMonth: month('2012-04'), reason: '转入农村低保', continuedBy, by: approver },
})
const withdraw = (continuedBy: CaseId) =>
  ({
    type: 'WithdrawContinuation',
    retractedOn: plainDate('2012-05-03'),
    continuedBy,
    reason: '转入农村低保',
    by: approver,
  }) as const
const retracted: CaseEvent = {
  type: 'FactRetracted',
  data: {
    retractedOn: plainDate('2012-05-03'),
    retractsVersion: onRoll.length,
    reason: '转入农村低保',
    by: approver,
  },
}

t.test('a continuation that is withdrawn leaves the case as it was', async (t) => {
  given(decider, ...onRoll, exited(into))
    .when(withdraw(into))
    .then(retracted)
  const after = given(decider, ...onRoll, exited(into), retracted)
  t.match(spellsOf(after.state()), [{ end: null }])
  after.when(withdraw(into)).thenNothing()
})

t.test('only the exit for this very case is withdrawn', async () => {
  for (const continuedBy of [null, other])
    given(decider, ...onRoll, exited(continuedBy))
      .when(withdraw(into))
      .thenNothing()
  given(decider, ...onRoll)
    .when(withdraw(into))
    .thenNothing()
})

t.test('an exit is retracted by hand only on the record of another person', async () => {
  given(decider, ...onRoll, exited(into))
    .when({
      type: 'RetractFact',
      retractedOn: plainDate('2012-05-03'),
      retractsVersion: onRoll.length,
      reason: '误办',
      by: approver,
    })
    .thenRefused('nothing-prepared')
})
