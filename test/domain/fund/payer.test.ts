import t from 'tap'
import { payerDecider as decider } from '../../../src/domain/fund/decide.js'
import { balancesOf, nextRunNumber, type Payer } from '../../../src/domain/fund/payer.js'
import { month } from '../../../src/domain/values/calendar.js'
import { ordinal } from '../../../src/domain/values/identifiers.js'
import { given } from '../../support/given.js'
import { amount, division, programme } from '../../support/policy.js'
import {
  admit,
  admitted,
  allocated,
  comeBack,
  freed,
  parameters,
  reserve,
  reserved,
  returned,
  runOf,
  settle,
  settled,
} from './payer-events.js'

t.test('AdmitRun', async (t) => {
  t.test('trap 17: two clicks open one run, whatever ordinal the second saw', async () => {
    given(decider).when(admit(1)).then(admitted(1))
    given(decider, admitted(1))
      .when(admit(1, { ordinal: ordinal(120) }))
      .thenNothing()
    given(decider, admitted(1))
      .when(admit(1, { period: month('2012-02') }))
      .thenRefused('run-already-admitted')
    given(decider, admitted(1))
      .when(admit(2))
      .thenRefused('run-already-open', { runId: runOf(1) })
  })

  t.test('refuses a second one where a programme and a place overlap', async () => {
    const history = [admitted(1), settled(1, 'prepared')]
    for (const over of [
      { division: division('990101001') },
      { division: division('9901') },
      { programmes: [programme('rural-dibao')] },
    ]) {
      given(decider, ...history)
        .when(admit(2, over))
        .thenRefused('run-already-open', { number: 1 })
    }
  })

  t.test('opens beside it where nothing overlaps', async () => {
    for (const over of [{ division: division('990102') }, { programmes: [programme('old-age')] }]) {
      given(decider, admitted(1)).when(admit(2, over)).then(admitted(2, over))
    }
  })

  t.test('opens a month, or another kind, once the earlier run is settled', async () => {
    const february = { period: month('2012-02') }
    given(decider, admitted(1))
      .when(admit(2, february))
      .thenRefused('earlier-run-unsettled', { runId: runOf(1), period: '2012-01' })
    for (const outcome of ['prepared', 'rejected'] as const) {
      given(decider, admitted(1), settled(1, outcome))
        .when(admit(2, february))
        .then(admitted(2, february))
    }
    const subsidy = { kind: 'price-subsidy' } as const
    given(decider, admitted(1), settled(1, 'prepared'))
      .when(admit(2, subsidy))
      .then(admitted(2, subsidy))
  })

  t.test('after a rejection opens again under its own number', async (t) => {
    const history = [admitted(1), settled(1, 'rejected')]
    given(decider, ...history)
      .when(admit(2))
      .thenRefused('run-number-taken', { nextNumber: 2 })
    given(decider, ...history)
      .when(admit(2, { number: 2 }))
      .then(admitted(2, { number: 2 }))
    t.equal(nextRunNumber(given(decider, ...history).state(), parameters(2)), 2)
  })

  t.test('numbers emergency and one-off runs', async () => {
    for (const kind of ['emergency', 'one-off'] as const) {
      const history = [admitted(1, { kind }), settled(1, 'prepared')]
      given(decider, ...history)
        .when(admit(2, { kind }))
        .thenRefused('run-number-taken', { nextNumber: 2 })
      given(decider, ...history)
        .when(admit(2, { kind, number: 2 }))
        .then(admitted(2, { kind, number: 2 }))
    }
  })
})

t.test('SettleRun settles once; a prepared run can still be rejected', async () => {
  given(decider, admitted(1)).when(settle(1, 'prepared')).then(settled(1, 'prepared'))
  given(decider, admitted(1), settled(1, 'prepared')).when(settle(1, 'prepared')).thenNothing()
  given(decider, admitted(1), settled(1, 'prepared'))
    .when(settle(1, 'rejected'))
    .then(settled(1, 'rejected'))
  given(decider, admitted(1), settled(1, 'rejected'))
    .when(settle(1, 'prepared'))
    .thenRefused('run-already-rejected')
  given(decider).when(settle(1, 'prepared')).thenRefused('run-unknown')
  const sent = [admitted(1), settled(1, 'released')]
  given(decider, admitted(1), settled(1, 'prepared'))
    .when(settle(1, 'released'))
    .then(settled(1, 'released'))
  for (const outcome of ['released', 'prepared'] as const)
    given(decider, ...sent)
      .when(settle(1, outcome))
      .thenNothing()
  given(decider, ...sent)
    .when(settle(1, 'rejected'))
    .thenRefused('run-already-released')
})

t.test('AllocateFund allocates once under its id', async () => {
  const fund = allocated('f1', 1000, 'urban-dibao')
  const command = { type: 'AllocateFund', ...fund.data } as const
  given(decider).when(command).then(fund)
  given(decider, fund).when(command).thenNothing()
  given(decider, fund)
    .when({ ...command, amountFen: amount(2000) })
    .thenRefused('fund-already-allocated')
})

const leftIn = (payer: Payer, fundId: string) =>
  balancesOf(payer).find(({ fund }) => fund.fundId === fundId)?.leftFen

t.test('funds of a run', async (t) => {
  const funds = [
    allocated('both', 1000, 'urban-dibao', 'rural-dibao'),
    allocated('urban', 500, 'urban-dibao'),
    allocated('old', 9000, 'old-age'),
  ]
  const history = [...funds, admitted(1)]

  t.test('are reserved over several funds in order, once', async () => {
    const command = reserve(1, ['urban-dibao', 1200])
    given(decider, ...history)
      .when(command)
      .then(reserved(1, ['both', 'urban-dibao', 1000], ['urban', 'urban-dibao', 200]))
    given(
      decider,
      ...history,
      reserved(1, ['both', 'urban-dibao', 1000], ['urban', 'urban-dibao', 200]),
    )
      .when(command)
      .thenNothing()
    given(decider, ...history, reserved(1, ['both', 'urban-dibao', 1000]))
      .when(command)
      .thenRefused('funds-already-reserved', { reservedFen: 1000 })
  })

  t.test('give way to the programme that has no other', async () => {
    given(decider, ...history)
      .when(reserve(1, ['urban-dibao', 500], ['rural-dibao', 1000]))
      .then(reserved(1, ['both', 'rural-dibao', 1000], ['urban', 'urban-dibao', 500]))
  })

  t.test('of another programme are never used', async () => {
    given(decider, ...history)
      .when(reserve(1, ['urban-dibao', 1600]))
      .thenRefused('funds-insufficient', { missingFen: 100, programmes: ['urban-dibao'] })
    given(decider, ...history)
      .when(reserve(1, ['orphan', 1]))
      .thenRefused('funds-insufficient', { missingFen: 1 })
  })

  t.test('that another run has reserved are gone until it lets them go', async (t) => {
    const second = admitted(2, { period: month('2012-02') })
    const taken = [...history, reserved(1, ['both', 'urban-dibao', 1000]), second]
    given(decider, ...taken)
      .when(reserve(2, ['rural-dibao', 1]))
      .thenRefused('funds-insufficient', { missingFen: 1 })
    given(decider, ...taken, freed(1))
      .when(reserve(2, ['rural-dibao', 1]))
      .then(reserved(2, ['both', 'rural-dibao', 1]))
    t.equal(leftIn(given(decider, ...taken).state(), 'both'), 0)
    t.equal(leftIn(given(decider, ...taken, freed(1)).state(), 'both'), 1000)
  })

  t.test('have back what the bank brought back, each programme its own, once', async (t) => {
    const paid = reserved(
      1,
      ['both', 'rural-dibao', 400],
      ['both', 'urban-dibao', 600],
      ['urban', 'urban-dibao', 500],
    )
    const sent = [...history, paid, settled(1, 'released')]
    given(decider, ...sent)
      .when(comeBack(1, ['urban-dibao', 520], ['rural-dibao', 30]))
      .then(
        returned(
          1,
          ['urban', 'urban-dibao', 500],
          ['both', 'urban-dibao', 20],
          ['both', 'rural-dibao', 30],
        ),
      )
    const back = returned(1, ['urban', 'urban-dibao', 500], ['both', 'urban-dibao', 20])
    given(decider, ...sent, back)
      .when(comeBack(1, ['urban-dibao', 520]))
      .thenNothing()
    given(decider, ...sent, back)
      .when(comeBack(1, ['urban-dibao', 550]))
      .then(returned(1, ['both', 'urban-dibao', 30]))
    given(decider, ...history)
      .when(comeBack(1, ['urban-dibao', 1]))
      .thenRefused('funds-not-reserved')
    t.same(
      balancesOf(given(decider, ...sent, back).state()).map(
        ({ fund, leftFen, reservedFen, spentFen }) => [fund.fundId, reservedFen, spentFen, leftFen],
      ),
      [
        ['both', 0, 980, 20],
        ['urban', 0, 0, 500],
        ['old', 0, 0, 9000],
      ],
    )
    t.match(balancesOf(given(decider, ...history, paid).state())[1], {
      reservedFen: 500,
      spentFen: 0,
      leftFen: 0,
    })
  })

  t.test('are released once', async () => {
    const command = { type: 'ReleaseFunds', ...freed(1).data } as const
    given(decider, ...history, reserved(1, ['both', 'urban-dibao', 10]))
      .when(command)
      .then(freed(1))
    given(decider, ...history, reserved(1, ['both', 'urban-dibao', 10]), freed(1))
      .when(command)
      .thenNothing()
    given(decider, ...history)
      .when(command)
      .thenRefused('funds-not-reserved')
  })

  t.test('are refused to a run that is unknown or rejected', async () => {
    given(decider, ...funds)
      .when(reserve(1, ['old-age', 1]))
      .thenRefused('run-unknown')
    given(decider, ...history, settled(1, 'rejected'))
      .when(reserve(1, ['old-age', 1]))
      .thenRefused('run-already-rejected')
  })
})
