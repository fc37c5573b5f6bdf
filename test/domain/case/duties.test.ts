import t from 'tap'
import type { CaseCommand, CaseCommandOf } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import type { Case } from '../../../src/domain/case/facts.js'
import { type Decider, fold } from '../../../src/domain/decider.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import { ActorId, PersonId } from '../../../src/domain/values/identifiers.js'
import {
  approveEntry,
  approveExit,
  approver,
  circumstances,
  clerk,
  document,
  general,
  income,
  joined,
  li,
  lived,
  opened,
  otherVillage,
  policyBeforeRaise,
  reassess,
  wang,
  yuan,
} from '../../support/case-world.js'

const decider = caseDecider(policyBeforeRaise({ graceMonths: 2 }))
const another = ActorId.parse('approver-2')
const household = [opened(), joined(wang, { head: true }), joined(li), income(200)]
const onRoll = lived(decider, household, approveEntry())

const confirmed = (by: ActorId, from = '2012-05') =>
  reassess(from, {
    cause: { kind: 'members', note: '核定', document: null },
    mode: 'confirmed',
    by,
  })

/** Everything that somebody may record of a household, as recorded by `by`. */
const facts = (by: ActorId): readonly CaseCommand[] => [
  {
    type: 'JoinMember',
    from: month('2012-05'),
    personId: PersonId.parse(`${wang.slice(0, -1)}9`),
    relation: '子女',
    head: false,
    circumstances: circumstances(),
    by,
  },
  {
    type: 'RecordCircumstances',
    from: month('2012-05'),
    personId: li,
    circumstances: circumstances({ covered: false }),
    reason: '就业',
    by,
  },
  {
    type: 'LeaveMember',
    lastMonth: month('2012-04'),
    personId: li,
    reason: '迁出',
    died: false,
    by,
  },
  { type: 'ChangeHead', from: month('2012-05'), personId: li, reason: '申请', by },
  {
    type: 'AssessIncome',
    from: month('2012-05'),
    monthlyIncomeFen: yuan(100),
    basis: '核算',
    by,
  },
  {
    type: 'RecordStep',
    on: plainDate('2012-05-04'),
    step: 'survey',
    passed: true,
    note: null,
    by,
  },
  review(by, 'adjust'),
  {
    type: 'MoveCase',
    from: month('2012-05'),
    division: otherVillage,
    urbanRural: 'urban',
    reason: '迁居',
    by,
  },
  {
    type: 'ReclassifyCase',
    from: month('2012-05'),
    benefitClass: general,
    reason: '分类',
    by,
  },
]

function review(by: ActorId, result: 'unchanged' | 'adjust' | 'stop'): CaseCommand {
  const at = { on: plainDate('2012-05-04'), level: 'town', kind: 'scheduled' } as const
  return { type: 'RecordReview', ...at, result, note: null, by }
}

function supplement(id: string): CaseCommandOf<'GrantSupplement'> {
  return {
    type: 'GrantSupplement',
    month: month('2012-05'),
    component: ComponentName.parse('aid'),
    measure: 'cash',
    amountFen: yuan(300),
    persons: [],
    supplementId: id,
    document,
    decidedFor: 'case',
    by: approver,
  }
}

function codeOf(
  by: Decider<Case, CaseCommand, CaseEvent>,
  events: readonly CaseEvent[],
  command: CaseCommand,
): string {
  try {
    by.decide(command, fold(by, events))
    return 'decided'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

t.test('nobody confirms what they recorded themselves, whatever it was', async (t) => {
  for (const fact of facts(approver)) {
    const events = lived(decider, onRoll, fact)
    const own = codeOf(decider, [...events, income(90, '2012-05')], confirmed(approver))
    const code = fact.type === 'RecordReview' ? 'reviews' : 'prepares'
    t.equal(own, `same-person-${code}-and-approves`, fact.type)
    const others = codeOf(decider, [...events, income(90, '2012-05')], confirmed(another))
    t.notMatch(others, /same-person/, `${fact.type}, by somebody else`)
  }
})

t.test('who opened the case or brought a member does not approve the entry', async (t) => {
  const [first, ...others] = household
  if (first?.type !== 'CaseOpened') throw new Error('a household begins with its opening')
  const own = { ...first, data: { ...first.data, by: approver } }
  t.equal(codeOf(decider, [own, ...others], approveEntry()), 'same-person-prepares-and-approves')
  t.equal(codeOf(decider, household, approveEntry()), 'decided')
})

t.test('after a decision of a person, what was prepared before it counts no longer', async (t) => {
  const prepared = lived(decider, onRoll, ...facts(approver).slice(4, 5), confirmed(another))
  const events = [...prepared, income(50, '2012-06')]
  t.equal(codeOf(decider, events, confirmed(approver, '2012-06')), 'decided')
})

t.test('who retracts a fact does not confirm what comes of it', async (t) => {
  const retract = (by: ActorId): CaseCommand => ({
    type: 'RetractFact',
    retractedOn: plainDate('2012-05-10'),
    retractsVersion: 3,
    reason: '录入错误',
    by,
  })
  const own = lived(decider, onRoll, retract(approver))
  t.equal(codeOf(decider, own, confirmed(approver)), 'same-person-prepares-and-approves')
  t.equal(codeOf(decider, own, confirmed(another)), 'decided')
})

t.test('the rule’s own decision approves nobody’s facts', async (t) => {
  const assessedOwn = lived(decider, onRoll, ...facts(approver).slice(4, 5))
  const raised = lived(
    caseDecider(policyBeforeRaise({ automatic: ['income'] })),
    assessedOwn,
    reassess('2012-05', { cause: { kind: 'income', note: '核算', document: null }, by: clerk }),
  )
  t.ok(raised.length > assessedOwn.length, 'something was decided')
  const events = [...raised, income(50, '2012-06')]
  t.equal(
    codeOf(decider, events, confirmed(approver, '2012-06')),
    'same-person-prepares-and-approves',
  )
})

t.test('a supplement for one case wants something that another person recorded', async (t) => {
  t.equal(codeOf(decider, onRoll, supplement('a')), 'nothing-prepared')
  const own = lived(decider, onRoll, review(approver, 'unchanged'))
  t.equal(codeOf(decider, own, supplement('a')), 'same-person-reviews-and-approves')
  const prepared = lived(decider, onRoll, review(clerk, 'unchanged'))
  t.equal(codeOf(decider, prepared, supplement('a')), 'decided')
  const once = lived(decider, prepared, supplement('a'))
  t.equal(codeOf(decider, once, supplement('b')), 'nothing-prepared', 'one review, one supplement')
  t.equal(codeOf(decider, once, supplement('a')), 'decided', 'the same again changes nothing')
  const ofRoll = { ...supplement('c'), decidedFor: 'roll' } as const
  t.equal(codeOf(decider, onRoll, ofRoll), 'decided', 'a roll is decided as a whole')
})

t.test('grace and what brings a stopped benefit back want a record of another', async (t) => {
  const grace: CaseCommand = {
    type: 'StartGracePeriod',
    from: month('2012-06'),
    reason: '就业',
    by: approver,
  }
  t.equal(codeOf(decider, onRoll, grace), 'nothing-prepared')
  t.equal(codeOf(decider, lived(decider, onRoll, review(clerk, 'stop')), grace), 'decided')

  const exited = lived(decider, onRoll, approveExit('2012-05'))
  const retract: CaseCommand = {
    type: 'RetractFact',
    retractedOn: plainDate('2012-06-02'),
    retractsVersion: exited.length - 1,
    reason: '误退',
    by: approver,
  }
  t.equal(codeOf(decider, exited, retract), 'nothing-prepared')
  const reviewed = lived(decider, exited, review(clerk, 'unchanged'))
  t.equal(codeOf(decider, reviewed, retract), 'decided')
  t.equal(codeOf(decider, reviewed, { ...retract, by: clerk }), 'same-person-reviews-and-approves')
})

t.test('who reviewed or recorded does not approve the exit either', async (t) => {
  const own = lived(decider, onRoll, ...facts(approver).slice(4, 5))
  t.equal(codeOf(decider, own, approveExit('2012-05')), 'same-person-prepares-and-approves')
  const stop = lived(decider, onRoll, review(approver, 'stop'))
  t.equal(codeOf(decider, stop, approveExit('2012-05')), 'same-person-reviews-and-approves')
})
