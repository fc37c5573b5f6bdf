import assert from 'node:assert/strict'
import t from 'tap'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import { fold } from '../../../src/domain/decider.js'
import {
  monthlyAmountIn,
  owedPeriodsOf,
  rollPeriodsOf,
} from '../../../src/domain/entitlement/timeline.js'
import { endOfTime, month, plainDate } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import {
  approveEntry,
  approveExit,
  approver,
  clerk,
  income,
  joined,
  li,
  lived,
  opened,
  policyBeforeRaise,
  policyWith,
  reassess,
  reviewed,
  wang,
  yuan,
} from '../../support/case-world.js'

const knowing = caseDecider(policyWith())
const before = caseDecider(policyBeforeRaise())
const household = [opened(), joined(wang, { head: true }), joined(li), income(400)] as const

const amountsOf = (events: readonly CaseEvent[]) =>
  owedPeriodsOf(fold(knowing, events)).map(({ from, amountFen }) => [from, amountFen / 100])

const decisionsIn = (events: readonly CaseEvent[]) =>
  events.flatMap((event) =>
    event.type === 'BenefitAdjusted'
      ? [[event.data.from, event.data.cause.kind, event.data.cause.note]]
      : [],
  )

function given(history: readonly CaseEvent[], command: CaseCommand, by = knowing) {
  return by.decide(command, fold(by, history))
}

const position = (settledThrough: string, over: { readonly entryMonth?: string } = {}) => ({
  type: 'RecordOpeningPosition' as const,
  by: clerk,
  entryMonth: month(over.entryMonth ?? '2011-03'),
  settledThrough: month(settledThrough),
  source: '旧系统',
  history: [
    {
      from: month(over.entryMonth ?? '2011-03'),
      to: month(settledThrough),
      components: [
        { component: ComponentName.parse('base'), personId: null, amountFen: yuan(210) },
      ],
    },
  ],
})

const taken = [
  opened(),
  joined(wang, { head: true, from: '2011-03' }),
  joined(li, { from: '2011-03' }),
  income(400, '2011-03'),
]

const retract = (retractsVersion: number): CaseCommand => ({
  type: 'RetractFact',
  retractedOn: plainDate('2012-06-01'),
  retractsVersion,
  reason: '录入错误',
  by: approver,
})

t.test('an entry takes along what was decided of its stay, the exit included', async () => {
  const twice = lived(
    knowing,
    household,
    approveEntry(),
    approveExit('2012-03'),
    approveEntry({ confirmedOn: plainDate('2012-05-20') }),
    approveExit('2012-08'),
  )
  const second = twice.findLastIndex((event) => event.type === 'EntryApproved')
  const retracted = lived(knowing, twice, retract(second))
  assert.deepEqual(amountsOf(retracted), [['2012-02', 300]])
  assert.equal(owedPeriodsOf(fold(knowing, retracted))[0]?.to, '2012-03', 'no month longer')
})

t.test('an exit that is retracted takes over the standards set while it stood', async () => {
  const exited = (lastMonth: string) =>
    lived(before, household, approveEntry(), approveExit(lastMonth), reviewed)
  for (const lastMonth of ['2012-03', '2012-06']) {
    const history = exited(lastMonth)
    const events = given(history, retract(history.length - 2))
    assert.deepEqual(
      events.map(({ type }) => type),
      ['FactRetracted', 'BenefitAdjusted'],
    )
    assert.deepEqual(decisionsIn(events), [['2012-07', 'standard', '标准自2012-07起调整']])
    assert.deepEqual(given([...history, ...events], retract(history.length - 2)), [])
    assert.deepEqual(given([...history, ...events], reassess('2012-07')), [])
  }
  const later = exited('2012-07')
  assert.deepEqual(decisionsIn(given(later, retract(later.length - 2))), [], 'on the roll of July')
  const waits = caseDecider(policyWith({ automatic: [] }))
  const history = exited('2012-03')
  assert.deepEqual(decisionsIn(given(history, retract(history.length - 2), waits)), [])
})

t.test('a retracted exit brings no other exit', async () => {
  const exited = lived(before, household, approveEntry(), approveExit('2012-03'))
  const history = [...exited, income(900, '2012-04')]
  const typesBy = (rule: Parameters<typeof policyWith>[0]) =>
    given(history, retract(exited.length - 1), caseDecider(policyWith(rule))).map(
      ({ type }) => type,
    )
  assert.deepEqual(typesBy({ automatic: ['standard', 'income'] }), ['FactRetracted'])
  assert.deepEqual(
    typesBy({ automatic: ['standard'] }),
    ['FactRetracted', 'BenefitAdjusted'],
    'the standard of July, by the income that somebody decided on',
  )
})

t.test('grace ends with its months, also when the exit after it is retracted', async () => {
  const kind = caseDecider(policyWith({ graceMonths: 3 }))
  const grace = lived(kind, household, approveEntry(), reviewed, {
    type: 'StartGracePeriod',
    from: month('2012-04'),
    reason: '就业',
    by: approver,
  })
  const again = { ...reviewed, on: plainDate('2012-04-20') }
  const back = lived(kind, grace, again, retract(grace.length - 1))
  assert.deepEqual(
    rollPeriodsOf(fold(kind, back)).map((period) => [period.from, period.grace]),
    [
      ['2012-02', false],
      ['2012-04', true],
      ['2012-07', false],
    ],
  )
})

t.test(
  'grace takes its amounts and its exit along, and takes over what was set since',
  async () => {
    const [old, kind] = [policyBeforeRaise, policyWith].map((policy) =>
      caseDecider(policy({ graceMonths: 3 })),
    )
    if (!old || !kind) throw new Error('two policies')
    const start = { type: 'StartGracePeriod', reason: '就业', by: approver } as const
    const grace = lived(old, household, approveEntry(), reviewed, {
      ...start,
      from: month('2012-06'),
    })
    const again = { ...reviewed, on: plainDate('2012-04-20') }
    const reviewedAgain = lived(kind, grace, again)
    const version = grace.findIndex(({ type }) => type === 'GracePeriodStarted')
    const events = given(reviewedAgain, retract(version), kind)
    assert.deepEqual(
      events.map((event) => (event.type === 'FactRetracted' ? event.data.retractsVersion : 0)),
      [version, version + 1, version + 2, 0],
    )
    assert.deepEqual(decisionsIn(events), [['2012-07', 'standard', '标准自2012-07起调整']])
    const back = fold(kind, [...reviewedAgain, ...events])
    assert.deepEqual(
      [monthlyAmountIn(back, month('2012-06')), monthlyAmountIn(back, month('2013-01'))],
      [yuan(300), yuan(380)],
    )
    assert.equal(rollPeriodsOf(back).at(-1)?.to, endOfTime)

    const exit = lived(kind, reviewedAgain, retract(version + 2), approveExit('2012-10'))
    const twice = lived(kind, exit, { ...again, on: plainDate('2012-04-21') }, retract(version))
    assert.equal(
      rollPeriodsOf(fold(kind, twice)).at(-1)?.to,
      '2012-10',
      'an exit of its own stands',
    )
  },
)

t.test('the exit stands when the position it followed is put right', async () => {
  const exited = lived(knowing, taken, position('2011-12'), approveExit('2012-03'))
  const corrected = lived(knowing, exited, retract(taken.length), position('2012-01'))
  const owed = owedPeriodsOf(fold(knowing, corrected))
  assert.equal(owed.at(-1)?.to, '2012-03')
  assert.equal(monthlyAmountIn(fold(knowing, corrected), month('2012-03')), yuan(210))

  const late = position('2012-06', { entryMonth: '2012-05' })
  assert.throws(() => given(lived(knowing, exited, retract(taken.length)), late), {
    code: 'opening-after-exit',
  })
})

t.test('a position that is put right leaves the decisions of later months', async () => {
  const adjusted = lived(knowing, taken, position('2011-12'))
  const corrected = lived(knowing, adjusted, retract(taken.length), position('2012-01'))
  assert.deepEqual(amountsOf(corrected).at(-1), ['2012-07', 380])
  const settled = lived(knowing, adjusted, retract(taken.length), position('2012-08'))
  assert.deepEqual(amountsOf(settled).at(-1), ['2012-09', 210], 'as reported, to the cut-over')
})
