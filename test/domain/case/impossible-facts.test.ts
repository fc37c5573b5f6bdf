import t from 'tap'
import type { CaseCommandOf } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent, VerificationStep } from '../../../src/domain/case/events.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import {
  approveEntry,
  approver,
  clerk,
  document,
  income,
  joined,
  li,
  lived,
  opened,
  policyBeforeRaise,
  reviewed,
  wang,
  yuan,
} from '../../support/case-world.js'
import { given } from '../../support/given.js'

const decider = caseDecider(policyBeforeRaise())
const household = [opened(), joined(wang, { head: true }), income(100)] as const

const record = (step: VerificationStep, on: string): CaseCommandOf<'RecordStep'> => ({
  type: 'RecordStep',
  on: plainDate(on),
  step,
  passed: true,
  note: null,
  by: clerk,
})

const recorded = (step: VerificationStep, on: string): CaseEvent => {
  const { type: _, ...data } = record(step, on)
  return { type: 'VerificationStepRecorded', data }
}

t.test('a step is not taken before there is a case', async () => {
  given(decider, ...household)
    .when(record('survey', '2012-01-03'))
    .thenRefused('step-before-opening', { on: '2012-01-03', openedOn: '2012-01-04' })
  given(decider, ...household)
    .when(record('survey', '2012-01-04'))
    .then(recorded('survey', '2012-01-04'))
})

t.test('an entry needs its steps in the order of the rule, and none after it', async () => {
  const strict = caseDecider(
    policyBeforeRaise({ steps: ['survey', 'public-notice', 'confirmation'] }),
  )
  const enter = (survey: string, notice: string, confirmation: string) =>
    given(
      strict,
      ...household,
      recorded('survey', survey),
      recorded('public-notice', notice),
      recorded('confirmation', confirmation),
    ).when(approveEntry())
  enter('2012-01-06', '2012-01-05', '2012-01-20').thenRefused('steps-out-of-order', {
    step: 'public-notice',
    on: '2012-01-05',
    earlierStep: 'survey',
    earlierOn: '2012-01-06',
  })
  enter('2012-01-05', '2012-01-06', '2012-01-05').thenRefused('steps-out-of-order')
  enter('2012-01-05', '2012-01-06', '2012-01-21').thenRefused('step-after-confirmation', {
    step: 'confirmation',
    confirmedOn: '2012-01-20',
  })
  enter('2012-01-05', '2012-01-05', '2012-01-20').events()
})

t.test('a supplement is money for members, each once, in a month of the roll', async () => {
  const grant: CaseCommandOf<'GrantSupplement'> = {
    type: 'GrantSupplement',
    month: month('2012-03'),
    component: ComponentName.parse('heating'),
    measure: 'cash',
    amountFen: yuan(83),
    persons: [wang],
    supplementId: 'heating-2012-03',
    document,
    decidedFor: 'case',
    by: approver,
  }
  const entered = lived(decider, household, approveEntry(), reviewed)
  const when = (changes: Partial<typeof grant>) =>
    given(decider, ...entered).when({ ...grant, ...changes })
  when({ amountFen: yuan(0) }).thenRefused('supplement-without-amount')
  when({ persons: [wang, wang] }).thenRefused('supplement-person-twice', { personId: wang })
  when({ persons: [wang, li] }).thenRefused('supplement-person-not-member', {
    personId: li,
    month: '2012-03',
  })
  when({ month: month('2012-01') }).thenRefused('supplement-off-roll', { month: '2012-01' })
  when({ persons: [] }).events()
  when({}).events()
})
