import fc from 'fast-check'
import t from 'tap'
import { DomainError } from '../../../src/domain/errors.js'
import { payerDecider as decider } from '../../../src/domain/fund/decide.js'
import { leftInFund, nextRunNumber } from '../../../src/domain/fund/payer.js'
import { partsFor } from '../../../src/domain/fund/reserve.js'
import type { RunParameters } from '../../../src/domain/payment-run/events.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ActorId, ordinal, RunId } from '../../../src/domain/values/identifiers.js'
import { assertRefused, given } from '../../support/given.js'
import { amount, division, document, personId, programme } from '../../support/policy.js'

const runOf = (number: number) => RunId.parse(personId(number))
const parameters = (number: number, over: Partial<RunParameters> = {}): RunParameters => ({
  runId: runOf(number),
  kind: 'regular',
  programmes: [programme('urban-dibao'), programme('rural-dibao')],
  division: division('990101'),
  period: month('2012-01'),
  number: 1,
  ordinal: ordinal(100),
  calculationVersion: 1,
  ...over,
})
const admitted = (number: number, over: Partial<RunParameters> = {}) =>
  ({
    type: 'RunAdmitted',
    data: {
      admittedOn: plainDate('2012-01-03'),
      parameters: parameters(number, over),
      by: ActorId.parse('payer'),
    },
  }) as const
const admit = (number: number, over: Partial<RunParameters> = {}) =>
  ({ ...admitted(number, over).data, type: 'AdmitRun' }) as const
const settled = (number: number, outcome: 'prepared' | 'released' | 'rejected') =>
  ({
    type: 'RunSettled',
    data: { settledOn: plainDate('2012-01-04'), runId: runOf(number), outcome },
  }) as const
const settle = (number: number, outcome: 'prepared' | 'released' | 'rejected') =>
  ({ ...settled(number, outcome).data, type: 'SettleRun' }) as const
const allocated = (fundId: string, fen: number, ...programmes: readonly string[]) =>
  ({
    type: 'FundAllocated',
    data: {
      allocatedOn: plainDate('2012-01-01'),
      fundId,
      programmes: programmes.map(programme),
      amountFen: amount(fen),
      source: '市级财政',
      document: document('财〔2012〕1号'),
    },
  }) as const
const reserved = (number: number, ...parts: readonly (readonly [string, number])[]) =>
  ({
    type: 'FundReserved',
    data: {
      reservedOn: plainDate('2012-01-05'),
      runId: runOf(number),
      parts: parts.map(([fundId, fen]) => ({ fundId, amountFen: amount(fen) })),
    },
  }) as const
const reserve = (number: number, ...needs: readonly (readonly [string, number])[]) =>
  ({
    type: 'ReserveFunds',
    reservedOn: plainDate('2012-01-05'),
    runId: runOf(number),
    needs: needs.map(([code, fen]) => ({ programme: programme(code), amountFen: amount(fen) })),
  }) as const
const freed = (number: number) =>
  ({
    type: 'FundReleased',
    data: { releasedOn: plainDate('2012-01-09'), runId: runOf(number), reason: '批次退回' },
  }) as const

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

t.test('an earlier month beside a later one that was prepared and not sent', async (t) => {
  const january = { period: month('2012-01') }
  const february = { period: month('2012-02') }
  const prepared = (number: number, over: Partial<RunParameters>) => [
    admitted(number, over),
    settled(number, 'prepared'),
  ]
  const waits = { runId: runOf(1), number: 1, period: '2012-02', asked: '2012-01' }

  t.test('is refused while the later one may hold it', async () => {
    given(decider, ...prepared(1, february))
      .when(admit(2, january))
      .thenRefused('later-run-undecided', waits)
    for (const outcome of ['released', 'rejected'] as const)
      given(decider, ...prepared(1, february), settled(1, outcome))
        .when(admit(2, january))
        .then(admitted(2, january))
  })

  t.test(
    'also when the money for the later one is put aside: it can still be rejected',
    async () => {
      given(decider, ...prepared(1, february), reserved(1))
        .when(admit(2, january))
        .thenRefused('later-run-undecided', waits)
    },
  )

  t.test('opens again where the later one was opened behind it', async () => {
    const again = { ...january, number: 2 }
    const behind = [...prepared(1, january), ...prepared(2, february), settled(1, 'rejected')]
    given(decider, ...behind)
      .when(admit(3, again))
      .then(admitted(3, again))
    const twice = [...behind, ...prepared(3, again), settled(3, 'rejected')]
    given(decider, ...twice)
      .when(admit(4, { ...january, number: 3 }))
      .then(admitted(4, { ...january, number: 3 }))
  })

  t.test('and not where a later one was opened after its rejection', async () => {
    const march = { period: month('2012-03') }
    given(
      decider,
      ...prepared(1, january),
      ...prepared(2, february),
      settled(1, 'rejected'),
      ...prepared(3, march),
    )
      .when(admit(4, { ...january, number: 2 }))
      .thenRefused('later-run-undecided', { runId: runOf(3), period: '2012-03' })
  })

  t.test('opens for what it paid before, and for no more', async () => {
    const town = division('990101001')
    const rural = [programme('rural-dibao')]
    for (const less of [{ division: town }, { programmes: rural }]) {
      const history = [
        ...prepared(1, { ...january, ...less }),
        ...prepared(2, february),
        settled(1, 'rejected'),
      ]
      given(decider, ...history)
        .when(admit(3, { ...january, ...less, number: 2 }))
        .then(admitted(3, { ...january, ...less, number: 2 }))
      given(decider, ...history)
        .when(admit(3, { ...january, number: 2 }))
        .thenRefused('later-run-undecided', { runId: runOf(2) })
    }
  })

  t.test('is held against by a later run for a town only in that town', async () => {
    const town = { division: division('990101001') }
    const history = [
      ...prepared(1, { ...january, ...town }),
      ...prepared(2, { ...february, ...town }),
      settled(1, 'rejected'),
    ]
    given(decider, ...history)
      .when(admit(3, { ...january, number: 2 }))
      .then(admitted(3, { ...january, number: 2 }))
  })

  t.test('is refused to each kind by what pays its money', async () => {
    const kinds = ['regular', 'price-subsidy'] as const
    for (const kind of kinds)
      for (const later of [...kinds, 'emergency'] as const) {
        const asked = given(decider, ...prepared(1, { ...february, kind: later })).when(
          admit(2, { ...january, kind }),
        )
        if (later === kind || later === 'emergency') asked.thenRefused('later-run-undecided', waits)
        else asked.then(admitted(2, { ...january, kind }))
      }
    given(decider, ...prepared(1, february))
      .when(admit(2, { ...january, kind: 'emergency' }))
      .then(admitted(2, { ...january, kind: 'emergency' }))
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
      .then(reserved(1, ['both', 1000], ['urban', 200]))
    given(decider, ...history, reserved(1, ['both', 1000], ['urban', 200]))
      .when(command)
      .thenNothing()
    given(decider, ...history, reserved(1, ['both', 1000]))
      .when(command)
      .thenRefused('funds-already-reserved', { reservedFen: 1000 })
  })

  t.test('give way to the programme that has no other', async () => {
    given(decider, ...history)
      .when(reserve(1, ['urban-dibao', 500], ['rural-dibao', 1000]))
      .then(reserved(1, ['both', 1000], ['urban', 500]))
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
    const taken = [...history, reserved(1, ['both', 1000]), second]
    given(decider, ...taken)
      .when(reserve(2, ['rural-dibao', 1]))
      .thenRefused('funds-insufficient', { missingFen: 1 })
    given(decider, ...taken, freed(1))
      .when(reserve(2, ['rural-dibao', 1]))
      .then(reserved(2, ['both', 1]))
    t.equal(leftInFund(given(decider, ...taken).state(), 'both'), 0)
    t.equal(leftInFund(given(decider, ...taken, freed(1)).state(), 'both'), 1000)
  })

  t.test('are released once', async () => {
    const command = { type: 'ReleaseFunds', ...freed(1).data } as const
    given(decider, ...history, reserved(1, ['both', 10]))
      .when(command)
      .then(freed(1))
    given(decider, ...history, reserved(1, ['both', 10]), freed(1))
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

t.test('money is missing only when no division of the funds would do', async (t) => {
  const codes = ['a1', 'b1', 'c1'].map(programme)
  const subsets = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    codes.filter((_, at) => (bits & (1 << at)) !== 0),
  )
  const property = fc.property(
    fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)),
    fc.array(fc.record({ bits: fc.integer({ min: 1, max: 7 }), left: fc.nat(15) }), {
      maxLength: 5,
    }),
    (wanted, given) => {
      const needs = codes.map((code, at) => ({
        programme: code,
        amountFen: amount(wanted[at] ?? 0),
      }))
      const funds = given.map(({ bits, left }, at) => ({
        fundId: `f${at}`,
        programmes: subsets[bits] ?? [],
        leftFen: amount(left),
      }))
      /** By Hall's theorem: the worst set of programmes lacks what all together lack. */
      const missing = subsets.map((subset) => {
        const serving = funds.filter((fund) => fund.programmes.some((one) => subset.includes(one)))
        const needed = needs.filter((need) => subset.includes(need.programme))
        return (
          needed.reduce((sum, need) => sum + need.amountFen, 0) -
          serving.reduce((sum, fund) => sum + fund.leftFen, 0)
        )
      })
      const lacking = Math.max(0, ...missing)
      if (lacking > 0) {
        assertRefused(() => partsFor(needs, funds), 'funds-insufficient', { missingFen: lacking })
        return true
      }
      const parts = partsFor(needs, funds)
      const total = parts.reduce((sum, part) => sum + part.amountFen, 0)
      const within = parts.every((part) => {
        const fund = funds.find((one) => one.fundId === part.fundId)
        return fund !== undefined && part.amountFen <= fund.leftFen
      })
      return within && total === wanted.reduce((sum, one) => sum + one, 0)
    },
  )
  const result = fc.check(property, { numRuns: 500 })
  t.notOk(result.failed, `seed ${result.seed}: ${JSON.stringify(result.counterexample)}`)
  t.throws(() => partsFor([{ programme: programme('a1'), amountFen: amount(1) }], []), DomainError)
})
