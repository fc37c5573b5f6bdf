import assert from 'node:assert/strict'
import t from 'tap'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { proposalFor } from '../../../src/domain/case/proposals.js'
import { fold } from '../../../src/domain/decider.js'
import { monthlyAmountIn } from '../../../src/domain/entitlement/timeline.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
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

// 350 yuan for each covered person, from July 390, less 100 yuan of income.
const before = caseDecider(policyBeforeRaise())
const knowing = caseDecider(policyWith())
const alone = [opened(), joined(wang, { head: true }), income(100)]
const two = [...alone, joined(li)]
const byDeath = reassess('2012-05', { cause: { kind: 'death', note: '死亡', document: null } })

const retract = (retractsVersion: number, by = clerk): CaseCommand => ({
  type: 'RetractFact',
  retractedOn: plainDate('2012-06-01'),
  retractsVersion,
  reason: '同名误报',
  by,
})
const at = (events: readonly CaseEvent[], type: CaseEvent['type']) =>
  events.findLastIndex((event) => event.type === type)
const amountIn = (events: readonly CaseEvent[], of: string) =>
  monthlyAmountIn(fold(before, events), month(of))
const proposal = (events: readonly CaseEvent[], policy = policyBeforeRaise()) =>
  proposalFor({ month: month('2012-05'), by: approver }, { policy, state: fold(before, events) })

t.test('what a retracted death had decided by itself waits for a person', async (t) => {
  const died = lived(before, two, approveEntry(), leaving(li), byDeath)
  assert.equal(amountIn(died, '2012-05'), yuan(250))
  const back = lived(before, died, retract(at(died, 'MemberLeft')))
  assert.equal(amountIn(back, '2012-05'), yuan(250))
  t.match(proposal(back), {
    what: 'adjustment',
    nowFen: yuan(250),
    thenFen: yuan(600),
    reasons: ['correction'],
    retractsVersion: null,
  })
  const raised = lived(knowing, back, reassess('2012-07'))
  assert.equal(amountIn(raised, '2012-07'), yuan(290), 'the standard knows them gone')
  const confirmed = lived(knowing, raised, reassess('2012-05', { mode: 'confirmed' }))
  assert.deepEqual(
    [amountIn(confirmed, '2012-05'), amountIn(confirmed, '2012-07')],
    [yuan(600), yuan(680)],
  )
  assert.equal(proposal(confirmed, policyWith()), null)
})

t.test('the exit of a household of one waits, with the version that brings it back', async (t) => {
  const died = lived(before, alone, approveEntry(), leaving(wang), byDeath)
  const exit = at(died, 'ExitApproved')
  const back = lived(before, died, retract(at(died, 'MemberLeft')))
  t.match(proposal(back), { what: 'return', from: '2012-05', nowFen: 0, thenFen: yuan(250) })
  t.equal(proposal(back)?.retractsVersion, exit)
  t.equal(proposal(died), null, 'a death that stands')

  const returned = lived(knowing, back, retract(exit, approver))
  assert.deepEqual(
    [amountIn(returned, '2012-05'), amountIn(returned, '2012-07')],
    [yuan(250), yuan(290)],
    'with the standard set meanwhile',
  )
  assert.equal(proposal(returned, policyWith()), null)
  assert.deepEqual(knowing.decide(reassess('2012-05'), fold(knowing, returned)), [])
})

t.test(
  'an exit for another reason stays, and so does a leaving that nobody decided on',
  async (t) => {
    const left = lived(before, two, approveEntry(), leaving(li), byDeath)
    const ended = lived(before, left, {
      type: 'ApproveExit',
      lastMonth: month('2012-05'),
      reason: '就业',
      continuedBy: null,
      by: approver,
    })
    const back = lived(before, ended, retract(at(ended, 'MemberLeft')))
    t.match(proposal(back), { what: 'adjustment', months: ['2012-05'] }, 'the month before it')
    const gone = lived(before, two, approveEntry(), leaving(li, false))
    t.equal(proposal(lived(before, gone, retract(at(gone, 'MemberLeft')))), null)
  },
)
