import t from 'tap'
import { caseDecider } from '../../../src/domain/case/decide.js'
import { month } from '../../../src/domain/values/calendar.js'
import { income, joined, lived, opened, policyBeforeRaise, wang } from '../../support/case-world.js'
import { given } from '../../support/given.js'

const decider = caseDecider(policyBeforeRaise())
const household = [opened(), joined(wang, { head: true }), income(400)] as const
const hold = { from: month('2012-03'), holdId: 'h-1', reason: '核查' }
const lifting = (from: string) => ({ type: 'LiftHold' as const, ...hold, from: month(from) })

t.test('a hold is lifted once, and from no month before it', async () => {
  const placed = lived(decider, household, { type: 'PlaceHold', ...hold })
  given(decider, ...placed)
    .when(lifting('2012-02'))
    .thenRefused('lifting-before-hold')
  const lifted = lived(decider, household, { type: 'PlaceHold', ...hold }, lifting('2012-04'))
  given(decider, ...lifted)
    .when(lifting('2012-04'))
    .thenNothing()
  given(decider, ...lifted)
    .when(lifting('2012-05'))
    .thenRefused('hold-already-lifted')
})
