import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { Case } from '../../../src/domain/case/facts.js'
import { fold } from '../../../src/domain/decider.js'
import { movementsOf } from '../../../src/domain/entitlement/movements.js'
import {
  memberPeriodsOf,
  monthlyAmountIn,
  owedPeriodsOf,
  rollPeriodsOf,
} from '../../../src/domain/entitlement/timeline.js'
import { DomainError } from '../../../src/domain/errors.js'
import { policyFrom } from '../../../src/domain/policy/policy.js'
import {
  addMonths,
  firstDayOf,
  month,
  monthsOf,
  plainDate,
} from '../../../src/domain/values/calendar.js'
import { BenefitClass, ComponentName } from '../../../src/domain/values/document.js'
import { PersonId } from '../../../src/domain/values/identifiers.js'
import {
  approver,
  circumstances,
  clerk,
  income,
  joined,
  opened,
  otherVillage,
  policyEvents,
  village,
  yuan,
} from '../../support/case-world.js'

/**
 * DOMAIN: for every cell and month, opening + entries + transfers in + taken over − exits −
 * transfers out = closing, for households and for persons, whatever is done to a case. Closing is
 * read from the roll, the rest from the movements.
 */
const decider = caseDecider(policyOfBothRolls())
const start = month('2011-06')
const lastAsked = month('2013-06')
const person = (at: number) => PersonId.parse(`22222222-2222-4222-8222-22222222222${at}`)
const anyMonth = fc.integer({ min: 0, max: 18 }).map((step) => addMonths(start, step))
const anyPerson = fc.integer({ min: 0, max: 3 }).map(person)

const anyCommand: fc.Arbitrary<CaseCommand> = fc.oneof(
  fc.record({ from: anyMonth, who: anyPerson, covered: fc.boolean() }).map(
    ({ from, who, covered }): CaseCommand => ({
      type: 'JoinMember',
      from,
      personId: who,
      relation: '家庭成员',
      head: false,
      circumstances: circumstances({ covered }),
      by: clerk,
    }),
  ),
  fc.record({ at: anyMonth, who: anyPerson }).map(
    ({ at, who }): CaseCommand => ({
      type: 'LeaveMember',
      lastMonth: at,
      personId: who,
      reason: '迁出',
      died: false,
      by: clerk,
    }),
  ),
  fc.record({ from: anyMonth, who: anyPerson, covered: fc.boolean() }).map(
    ({ from, who, covered }): CaseCommand => ({
      type: 'RecordCircumstances',
      from,
      personId: who,
      circumstances: circumstances({ covered }),
      reason: '复核',
      by: clerk,
    }),
  ),
  fc.record({ from: anyMonth, amount: fc.integer({ min: 0, max: 900 }) }).map(
    ({ from, amount }): CaseCommand => ({
      type: 'AssessIncome',
      from,
      monthlyIncomeFen: yuan(amount),
      basis: '核算',
      by: clerk,
    }),
  ),
  anyMonth.map(
    (at): CaseCommand => ({
      type: 'ApproveEntry',
      confirmedOn: firstDayOf(at),
      continues: null,
      reason: '符合条件',
      by: approver,
    }),
  ),
  anyMonth.map(
    (from): CaseCommand => ({
      type: 'ReassessBenefit',
      from,
      cause: { kind: 'income', note: '收入变化', document: null },
      mode: 'confirmed',
      by: approver,
    }),
  ),
  anyMonth.map(
    (lastMonth): CaseCommand => ({
      type: 'ApproveExit',
      lastMonth,
      reason: '收入超过标准',
      continuedBy: null,
      by: approver,
    }),
  ),
  fc.record({ from: anyMonth, there: fc.boolean() }).map(
    ({ from, there }): CaseCommand => ({
      type: 'MoveCase',
      from,
      division: there ? otherVillage : village,
      urbanRural: there ? 'rural' : 'urban',
      reason: '迁居',
      by: clerk,
    }),
  ),
  fc.record({ from: anyMonth, name: fc.constantFrom('general', 'a') }).map(
    ({ from, name }): CaseCommand => ({
      type: 'ReclassifyCase',
      from,
      benefitClass: BenefitClass.parse(name),
      reason: '分类调整',
      by: clerk,
    }),
  ),
  anyMonth.map(
    (from): CaseCommand => ({ type: 'StartGracePeriod', from, reason: '就业', by: approver }),
  ),
  fc.nat({ max: 14 }).map(
    (version): CaseCommand => ({
      type: 'RetractFact',
      retractedOn: plainDate('2012-12-01'),
      retractsVersion: version + 1,
      reason: '录入错误',
      by: approver,
    }),
  ),
  fc.record({ entry: anyMonth, months: fc.integer({ min: 0, max: 6 }) }).map(
    ({ entry, months }): CaseCommand => ({
      type: 'RecordOpeningPosition',
      by: clerk,
      entryMonth: entry,
      settledThrough: addMonths(entry, months),
      source: '旧系统',
      history: [
        {
          from: entry,
          to: addMonths(entry, months),
          components: [
            { component: ComponentName.parse('base'), personId: null, amountFen: yuan(180) },
          ],
        },
      ],
    }),
  ),
)

function stateAfter(commands: readonly CaseCommand[]): Case {
  const firstJoined = [joined(person(0), { from: start, head: true }), joined(person(1))]
  let state = fold(decider, [opened(), ...firstJoined, income(120, start)])
  for (const command of commands) {
    try {
      for (const event of decider.decide(command, state)) state = decider.evolve(state, event)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
    }
  }
  return state
}

const key = (cell: { division: string; urbanRural: string; benefitClass: string }) =>
  `${cell.division}/${cell.urbanRural}/${cell.benefitClass}`

function closingOf(state: Case, at: string): Map<string, readonly [number, number]> {
  const cells = new Map<string, readonly [number, number]>()
  const add = (name: string, households: number, persons: number) => {
    const [h, p] = cells.get(name) ?? [0, 0]
    cells.set(name, [h + households, p + persons])
  }
  for (const period of rollPeriodsOf(state)) {
    if (period.from <= at && at <= period.to) add(key(period), 1, 0)
  }
  for (const period of memberPeriodsOf(state)) {
    if (period.from <= at && at <= period.to) add(key(period), 0, 1)
  }
  return cells
}

const signs = {
  entry: 1,
  'transfer-in': 1,
  'taken-over': 1,
  exit: -1,
  'transfer-out': -1,
  increase: 0,
  decrease: 0,
} as const

t.test('opening + in − out = closing for every cell and month', async () => {
  let movementsSeen = 0
  fc.assert(
    fc.property(fc.array(anyCommand, { minLength: 4, maxLength: 22 }), (commands) => {
      const state = stateAfter(commands)
      const movements = movementsOf(state)
      movementsSeen += movements.length
      const running = new Map<string, [number, number]>()
      for (const at of monthsOf({ from: start, to: lastAsked })) {
        for (const movement of movements.filter((each) => each.month === at)) {
          const cell = running.get(key(movement)) ?? [0, 0]
          cell[0] += signs[movement.kind] * movement.households
          cell[1] += signs[movement.kind] * movement.persons
          running.set(key(movement), cell)
        }
        const closing = closingOf(state, at)
        for (const name of new Set([...running.keys(), ...closing.keys()])) {
          assert.deepEqual(
            running.get(name) ?? [0, 0],
            closing.get(name) ?? [0, 0],
            `${name} ${at}`,
          )
        }
      }
    }),
    { numRuns: 1000 },
  )
  assert.ok(movementsSeen > 2000, `the histories move: ${movementsSeen} movements`)
})

t.test('what is owed in a month on the roll is the amount in force', async () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { minLength: 4, maxLength: 22 }), (commands) => {
      const state = stateAfter(commands)
      for (const at of monthsOf({ from: start, to: lastAsked })) {
        const onRoll = rollPeriodsOf(state).some(({ from, to }) => from <= at && at <= to)
        const owed = owedPeriodsOf(state)
          .filter(({ from, to }) => from <= at && at <= to)
          .reduce((sum, period) => sum + period.amountFen, 0)
        assert.equal(owed, onRoll ? monthlyAmountIn(state, at) : 0)
      }
    }),
    { numRuns: 500 },
  )
})

/** A programme for either roll, so that a case can go from one to the other. */
function policyOfBothRolls() {
  const rule = { graceMonths: 2, firstMonth: 'month-of-confirmation' } as const
  return policyFrom(
    policyEvents(rule).map((event) => {
      if (event.type !== 'ProgrammeDefined') return event
      const definition = { ...event.data.definition, urbanRural: 'none' as const }
      return { ...event, data: { ...event.data, definition } }
    }),
  )
}
