import t from 'tap'
import type { BulkParts } from '../../src/application/bulk/decide-on-roll.js'
import { decidePriceLink } from '../../src/application/bulk/price-link.js'
import type { RollCase } from '../../src/application/bulk/roll-reader.js'
import { handleCaseCommand } from '../../src/application/processes/cases.js'
import { month } from '../../src/domain/values/calendar.js'
import { ActorId, type CaseId } from '../../src/domain/values/identifiers.js'
import { amount, division, document, programme } from '../support/policy.js'
import { bulk, supplementsOf } from './naive-rolls.js'
import { callerOf, caseOf, caseOnRoll, someone } from './setting.js'

type Decision = Parameters<typeof decidePriceLink>[1]['decision']

const town = division('990107001')

/** 10.50 yuan a month to who is on the roll of the town, month by month. */
const spring: Decision = {
  decisionId: 'spring',
  from: month('2012-02'),
  to: month('2012-04'),
  division: town,
  method: { kind: 'fixed-monthly', amountFen: amount(1_050) },
  programmes: [programme('urban-dibao')],
  reference: 'month-by-month',
  document: document('价〔2012〕2号'),
  basis: { kind: 'document' },
}

async function moved(parts: BulkParts, caseId: CaseId) {
  const command = {
    type: 'MoveCase',
    from: month('2012-05'),
    division: division('990107002'),
    urbanRural: 'urban',
    reason: '迁居',
    by: ActorId.parse('clerk-1'),
  } as const
  await handleCaseCommand(parts, { caseId, command, caller: callerOf() })
}

/** A read model that sees nothing of what is written while the decision is carried out. */
function behind(parts: BulkParts): BulkParts {
  const first = new Map<CaseId, RollCase['state']>()
  return {
    ...parts,
    rolls: {
      ...parts.rolls,
      async casesOnRoll(page) {
        const cases = await parts.rolls.casesOnRoll(page)
        return cases.map((on) => {
          const state = first.get(on.caseId) ?? on.state
          first.set(on.caseId, state)
          return { ...on, state }
        })
      },
    },
  }
}

t.test('a case that moved since gets all months of the place that it was in then', async (t) => {
  const parts = await bulk()
  const caseId = await caseOnRoll(parts, [await someone(parts)])
  await moved(parts, caseId)
  const ofTown = (sub: string) => callerOf({ sub, division: town })
  const request = { decision: spring, caller: ofTown('approver-2') }
  const dry = { ...request, caller: ofTown('reviewer-2'), dryRun: true }
  const promised = await decidePriceLink(behind(parts), dry)
  t.match(promised, { amountFen: 3_150, changed: 3, refused: [] })
  const outcome = await decidePriceLink(behind(parts), request)
  t.match(outcome, { amountFen: 3_150, changed: 3, refused: [] })
  t.match(
    supplementsOf(await caseOf(parts, caseId)).map((one) => [one.month, one.amountFen]),
    [
      ['2012-02', 1_050],
      ['2012-03', 1_050],
      ['2012-04', 1_050],
    ],
  )
})
