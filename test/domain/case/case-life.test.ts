import assert from 'node:assert/strict'
import t from 'tap'
import { caseDecider } from '../../../src/domain/case/decide.js'
import { fold } from '../../../src/domain/decider.js'
import { movementsOf } from '../../../src/domain/entitlement/movements.js'
import {
  memberPeriodsOf,
  monthlyAmountIn,
  owedPeriodsOf,
  rollPeriodsOf,
} from '../../../src/domain/entitlement/timeline.js'
import { endOfTime, month, plainDate } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import {
  approveEntry,
  approver,
  clerk,
  income,
  joined,
  leaving,
  li,
  lived,
  oldAge,
  opened,
  otherVillage,
  policyBeforeRaise,
  policyWith,
  reassess,
  reviewed,
  village,
  wang,
  yuan,
} from '../../support/case-world.js'

const decider = caseDecider(policyBeforeRaise())
const household = [opened(), joined(wang, { head: true }), joined(li), income(400)] as const

t.test('the head’s death is a head change: neither exit nor entry, one person less', async () => {
  const entered = lived(
    decider,
    [opened(), joined(wang, { head: true }), joined(li), income(200)],
    approveEntry(),
    leaving(wang),
    { type: 'ChangeHead', from: month('2012-05'), personId: li, reason: '原户主死亡', by: clerk },
    reassess('2012-05', { cause: { kind: 'death', note: '户主死亡', document: null } }),
  )
  const state = fold(decider, entered)
  const movements = movementsOf(state)
  assert.deepEqual(
    movements.map(({ month: at, kind, households, persons }) => [at, kind, households, persons]),
    [
      ['2012-02', 'entry', 1, 2],
      ['2012-05', 'exit', 0, 1],
      ['2012-05', 'decrease', 1, 0],
    ],
  )
})

t.test(
  'a death stops a personal allowance after its month, or the months the rule allows',
  async () => {
    const person = [opened(oldAge), joined(wang, { bornOn: plainDate('1920-03-01') })] as const
    const death = reassess('2012-05', { cause: { kind: 'death', note: '死亡', document: null } })
    const left = leaving(wang)
    const stopped = lived(decider, person, approveEntry(), left, death)
    assert.equal(rollPeriodsOf(fold(decider, stopped))[0]?.to, '2012-04')

    const survivors = caseDecider(policyWith({ monthsAfterDeath: 6, ageBands: ageBands() }))
    const paidOn = lived(survivors, person, approveEntry(), left, death)
    assert.equal(rollPeriodsOf(fold(survivors, paidOn))[0]?.to, '2012-10')
  },
)

function ageBands() {
  return policyWith()
    .programmes.flatMap((programme) => programme.rules)
    .flatMap((rule) => rule.rule.ageBands)
}

t.test('grace pays the base alone and ends by itself', async () => {
  const rule = {
    graceMonths: 3,
    classified: [
      { classification: '重度残疾', nameZh: '重残', amountFen: yuan(50), shareOfStandard: null },
    ],
  }
  const kind = caseDecider(policyWith(rule))
  const start = [
    opened(),
    joined(wang, { head: true, classifications: ['重度残疾', '老年'] }),
    joined(li),
    income(400),
  ]
  const entered = lived(kind, start, approveEntry())
  assert.equal(monthlyAmountIn(fold(kind, entered), month('2012-02')), yuan(350))
  const grace = lived(kind, entered, reviewed, {
    type: 'StartGracePeriod',
    from: month('2012-06'),
    reason: '就业',
    by: approver,
  })
  const state = fold(kind, grace)
  assert.equal(monthlyAmountIn(state, month('2012-06')), yuan(300), 'the base, no supplement')
  assert.equal(rollPeriodsOf(state).at(-1)?.to, '2012-08')
  assert.deepEqual(
    movementsOf(state).map(({ month: at, kind: what, amountFen }) => [at, what, amountFen]),
    [
      ['2012-02', 'entry', yuan(350)],
      ['2012-06', 'decrease', yuan(50)],
      ['2012-09', 'exit', yuan(300)],
    ],
    'the lost supplement is a decrease of its own',
  )
})

t.test('a move is a transfer that cancels in the parent', async () => {
  const moved = lived(decider, household, approveEntry(), {
    type: 'MoveCase',
    from: month('2012-04'),
    division: otherVillage,
    urbanRural: 'urban',
    reason: '迁居',
    by: clerk,
  })
  const state = fold(decider, moved)
  assert.deepEqual(
    rollPeriodsOf(state).map(({ from, to, division }) => [from, to, division]),
    [
      ['2012-02', '2012-03', village],
      ['2012-04', endOfTime, otherVillage],
    ],
  )
  assert.deepEqual(
    movementsOf(state)
      .filter(({ month: at }) => at === '2012-04')
      .map(({ kind, persons, division }) => [kind, persons, division]),
    [
      ['transfer-out', 2, village],
      ['transfer-in', 2, otherVillage],
    ],
  )
})

t.test('a case taken over is no 新增 and owes nothing before the cut-over', async () => {
  const amount = [{ component: ComponentName.parse('base'), personId: null, amountFen: yuan(210) }]
  const taken = lived(decider, [opened(), joined(wang, { head: true, from: '2009-03' })], {
    type: 'RecordOpeningPosition',
    by: clerk,
    entryMonth: month('2009-03'),
    settledThrough: month('2011-12'),
    source: '旧系统',
    history: [{ from: month('2009-03'), to: month('2011-12'), components: amount }],
  })
  const state = fold(decider, taken)
  assert.deepEqual(
    movementsOf(state).map(({ month: at, kind }) => [at, kind]),
    [['2009-03', 'taken-over']],
  )
  assert.deepEqual(
    owedPeriodsOf(state).map(({ from, to, amountFen, reported }) => [
      from,
      to,
      amountFen,
      reported,
    ]),
    [
      ['2009-03', '2011-12', yuan(210), true],
      ['2012-01', endOfTime, yuan(210), false],
    ],
  )
})

t.test('one person of a household can be covered alone', async () => {
  const alone = lived(
    decider,
    [opened(), joined(wang, { head: true, covered: false }), joined(li), income(100)],
    approveEntry(),
  )
  const state = fold(decider, alone)
  assert.deepEqual(
    memberPeriodsOf(state).map((period) => period.personId),
    [li],
  )
  assert.equal(monthlyAmountIn(state, month('2012-02')), yuan(250))
})

t.test('a reassessment leaves the months alone that were settled before the cut-over', async () => {
  const amount = [{ component: ComponentName.parse('base'), personId: null, amountFen: yuan(210) }]
  const taken = lived(
    decider,
    [opened(), joined(wang, { head: true, from: '2011-03' }), income(100, '2011-03')],
    {
      type: 'RecordOpeningPosition',
      by: clerk,
      entryMonth: month('2011-03'),
      settledThrough: month('2011-12'),
      source: '旧系统',
      history: [{ from: month('2011-03'), to: month('2011-12'), components: amount }],
    },
    reassess('2011-05'),
  )
  const state = fold(decider, taken)
  assert.deepEqual(
    owedPeriodsOf(state).map(({ from, to, amountFen, reported }) => [
      from,
      to,
      amountFen,
      reported,
    ]),
    [
      ['2011-03', '2011-12', yuan(210), true],
      ['2012-01', endOfTime, yuan(250), false],
    ],
  )
})

t.test('after a grace period that ended, a case is reassessed like any other', async () => {
  const kind = caseDecider(policyWith({ graceMonths: 2 }))
  const back = lived(
    kind,
    [opened(), joined(wang, { head: true }), joined(li), income(400)],
    approveEntry(),
    reviewed,
    { type: 'StartGracePeriod', from: month('2012-04'), reason: '就业', by: approver },
    approveEntry({ confirmedOn: plainDate('2012-05-20') }),
    reassess('2012-07'),
  )
  const state = fold(kind, back)
  assert.equal(monthlyAmountIn(state, month('2012-07')), yuan(380))
  assert.deepEqual(
    rollPeriodsOf(state).map(({ from, grace }) => [from, grace]),
    [
      ['2012-02', false],
      ['2012-04', true],
      ['2012-06', false],
    ],
  )
})

t.test('a raised standard does not cut the months that a rule pays after a death', async () => {
  const survivors = caseDecider(policyWith({ monthsAfterDeath: 6, ageBands: ageBands() }))
  const paidOn = lived(
    survivors,
    [opened(oldAge), joined(wang, { bornOn: plainDate('1920-03-01') })],
    approveEntry(),
    leaving(wang),
    reassess('2012-05', { cause: { kind: 'death', note: '死亡', document: null } }),
    reassess('2012-07'),
  )
  assert.equal(rollPeriodsOf(fold(survivors, paidOn))[0]?.to, '2012-10')
})
