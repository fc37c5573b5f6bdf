import assert from 'node:assert/strict'
import t from 'tap'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { fold } from '../../../src/domain/decider.js'
import { owedPeriodsOf } from '../../../src/domain/entitlement/timeline.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import {
  approveEntry,
  approveExit,
  approver,
  clerk,
  document,
  income,
  joined,
  lived,
  opened,
  policyWith,
  reviewed,
  wang,
  yuan,
} from '../../support/case-world.js'

const knowing = caseDecider(policyWith())
const household = [opened(), joined(wang, { head: true }), income(100)]

const subsidy = (of: string): CaseEvent => ({
  type: 'SupplementGranted',
  data: {
    month: month(of),
    component: ComponentName.parse('price-subsidy'),
    measure: 'cash',
    amountFen: yuan(24),
    persons: [wang],
    supplementId: `price-${of}`,
    document,
    by: approver,
  },
})

/** On the roll from February, with 24 yuan more in March and in April. */
const granted = [
  ...lived(knowing, household, approveEntry()),
  subsidy('2012-03'),
  subsidy('2012-04'),
]

const supplementsOf = (events: readonly CaseEvent[]) =>
  owedPeriodsOf(fold(knowing, events)).flatMap(({ amountFen, from, monthly }) =>
    monthly ? [] : [[from, amountFen / 100]],
  )

const retract = (events: readonly CaseEvent[], type: CaseEvent['type']) => ({
  type: 'RetractFact' as const,
  retractedOn: plainDate('2012-05-05'),
  retractsVersion: events.findLastIndex((event) => event.type === type),
  reason: '误录',
  by: approver,
})

t.test(
  'an exit takes the supplements of the months after it, and back with it they come',
  async () => {
    assert.deepEqual(supplementsOf(granted), [
      ['2012-03', 24],
      ['2012-04', 24],
    ])
    const exited = lived(knowing, granted, approveExit('2012-03'))
    assert.deepEqual(supplementsOf(exited), [['2012-03', 24]])
    const back = lived(knowing, exited, { ...reviewed, by: clerk }, retract(exited, 'ExitApproved'))
    assert.deepEqual(supplementsOf(back), supplementsOf(granted))
  },
)

t.test('so does an entry that is retracted', async () => {
  const gone = lived(knowing, granted, retract(granted, 'EntryApproved'))
  assert.deepEqual(supplementsOf(gone), [])
})

t.test('aid without a roll stays owed', async () => {
  const aid = [opened(), joined(wang, { head: true }), subsidy('2012-03')]
  assert.deepEqual(supplementsOf(aid), [['2012-03', 24]])
})
