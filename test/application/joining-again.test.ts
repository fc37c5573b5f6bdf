import t from 'tap'
import { handleCaseCommand } from '../../src/application/processes/cases.js'
import { month } from '../../src/domain/values/calendar.js'
import { ActorId } from '../../src/domain/values/identifiers.js'
import { callerOf, caseOnRoll, joining, ready, someone } from './setting.js'

t.test('who is in the household of a case that has left is told so', async (t) => {
  const parts = await ready()
  const persons = [await someone(parts), await someone(parts)] as const
  const caseId = await caseOnRoll(parts, persons)
  const [personId] = persons
  const join = { caseId, command: joining(personId, { from: '2012-08' }), caller: callerOf() }
  await t.rejects(handleCaseCommand(parts, join), {
    code: 'member-already-in-household',
    facts: { caseId },
  })
  const exit = { type: 'ApproveExit', lastMonth: month('2012-05'), reason: '收入超标' } as const
  const by = ActorId.parse('approver-1')
  const command = { ...exit, continuedBy: null, by }
  await handleCaseCommand(parts, { caseId, command, caller: callerOf({ sub: 'approver-1' }) })
  await t.rejects(handleCaseCommand(parts, { ...join, caller: callerOf() }), {
    code: 'member-of-exited-household',
    facts: { caseId, lastMonth: '2012-05' },
  })
})
