import fc from 'fast-check'
import t from 'tap'
import { RecoveryCommand } from '../../../src/domain/recovery/commands.js'
import { recoveryDecider } from '../../../src/domain/recovery/decide.js'
import type { RecoveryEvent } from '../../../src/domain/recovery/events.js'
import { outstandingOf } from '../../../src/domain/recovery/recovery.js'
import { addMonths, month, plainDate } from '../../../src/domain/values/calendar.js'
import { ActorId, CaseId, RecoveryId, RunId } from '../../../src/domain/values/identifiers.js'
import { fen } from '../../../src/domain/values/money.js'
import { given } from '../../support/given.js'
import { amount, document, personId } from '../../support/policy.js'

const decider = recoveryDecider({ offsetAllowed: true })
type Found = Extract<RecoveryEvent, { type: 'OverpaymentFound' }>
const found = (number: number, fen: number, recovery = 50): Found => ({
  type: 'OverpaymentFound',
  data: {
    foundOn: plainDate('2012-04-03'),
    recoveryId: RecoveryId.parse(personId(recovery)),
    caseId: CaseId.parse(personId(7)),
    runId: RunId.parse(personId(number)),
    months: [{ monthFor: month('2012-03'), amountFen: amount(fen) }],
    cause: '死亡次月仍发放',
  },
})
const march = (fen: number) => [{ monthFor: month('2012-03'), amountFen: amount(fen) }]
const withdrawn = (number: number, fen: number) => {
  const { foundOn: withdrawnOn, recoveryId: _, ...data } = found(number, fen).data
  return { type: 'OverpaymentWithdrawn', data: { ...data, withdrawnOn } } as const
}
/** A run that sees that much more committed than owed in March. */
const compare = (number: number, excessFen: number, recovery = 50) => {
  const { foundOn: comparedOn, months: _, ...data } = found(number, 0, recovery).data
  const excess = [{ monthFor: month('2012-03'), amountFen: fen(excessFen) }]
  const throughMonth = month('2012-04')
  return { ...data, comparedOn, excess, throughMonth, type: 'CompareWithPaid' } as const
}
const agreed = {
  type: 'RecoveryAgreed',
  data: {
    agreedOn: plainDate('2012-04-10'),
    instalmentFen: amount(5000),
    note: '分期退还',
    by: ActorId.parse('clerk'),
  },
} as const
const repaid = (receipt: string, fen: number) =>
  ({
    type: 'RepaymentReceived',
    data: {
      receivedOn: plainDate('2012-05-02'),
      amountFen: amount(fen),
      receipt,
      months: march(fen),
    },
  }) as const
const repay = (receipt: string, fen: number) => {
  const { months: _, ...data } = repaid(receipt, fen).data
  return { ...data, type: 'ReceiveRepayment' } as const
}
const offset = (number: number, fen: number) =>
  ({
    type: 'OffsetApplied',
    data: {
      month: month('2012-05'),
      runId: RunId.parse(personId(number)),
      amountFen: amount(fen),
      document: document('冲抵办法'),
      months: march(fen),
    },
  }) as const
const apply = (number: number, fen: number) => {
  const { months: _, ...data } = offset(number, fen).data
  return { ...data, type: 'ApplyOffset' } as const
}
const writtenOff = (fen: number) =>
  ({
    type: 'RecoveryWrittenOff',
    data: {
      writtenOffOn: plainDate('2012-09-01'),
      amountFen: amount(fen),
      reason: '无遗产可供追缴',
      by: ActorId.parse('approver'),
      months: march(fen),
    },
  }) as const
const write = (fen: number, by = 'approver') => {
  const { months: _, ...data } = writtenOff(fen).data
  return { ...data, by: ActorId.parse(by), type: 'WriteOff' } as const
}
const proposed = (fen: number, by = 'officer') => {
  const { amountFen, reason } = writtenOff(fen).data
  const proposedOn = plainDate('2012-08-20')
  const data = { proposedOn, amountFen, reason, by: ActorId.parse(by) }
  return { type: 'WriteOffProposed', data } as const
}
const propose = (fen: number, by = 'officer') =>
  ({ ...proposed(fen, by).data, type: 'ProposeWriteOff' }) as const
const closed = (closedOn: string, reason: 'repaid' | 'none-left') =>
  ({ type: 'RecoveryClosed', data: { closedOn: plainDate(closedOn), reason } }) as const

t.test('CompareWithPaid', async (t) => {
  t.test('opens a recovery, and what is known is not found again', async () => {
    given(decider).when(compare(1, 30000)).then(found(1, 30000))
    given(decider, found(1, 30000)).when(compare(2, 30000)).thenNothing()
    given(decider, found(1, 30000), repaid('r1', 30000), closed('2012-05-02', 'repaid'))
      .when(compare(2, 30000))
      .thenNothing()
    given(decider).when(compare(1, -500)).thenNothing()
  })

  t.test('of a later run adds what is more to the open recovery', async (t) => {
    given(decider, found(1, 30000))
      .when(compare(2, 30500, 51))
      .then(found(2, 500, 50))
    t.equal(outstandingOf(given(decider, found(1, 30000), found(2, 500)).state()), 30500)
  })

  t.test('opens the next recovery when the one before is closed', async () => {
    given(decider, found(1, 30000), repaid('r1', 30000), closed('2012-05-02', 'repaid'))
      .when(compare(2, 30500, 51))
      .then(found(2, 500, 51))
  })

  t.test('withdraws what is owed after all, and closes with the last of it', async () => {
    given(decider, found(1, 30000)).when(compare(2, 10000)).then(withdrawn(2, 20000))
    given(decider, found(1, 30000))
      .when(compare(2, 0))
      .then(withdrawn(2, 30000), closed('2012-04-03', 'none-left'))
    given(decider, found(1, 30000), repaid('r1', 10000))
      .when(compare(2, 0))
      .then(withdrawn(2, 20000), closed('2012-04-03', 'none-left'))
  })

  t.test('never finds again what was written off', async () => {
    given(decider, found(1, 30000), writtenOff(20000)).when(compare(2, 30000)).thenNothing()
    given(decider, found(1, 30000), writtenOff(20000))
      .when(compare(2, 25000))
      .then(withdrawn(2, 5000))
  })

  t.test('leaves alone the months after those that it was asked for', async () => {
    const later = { ...compare(2, 0), throughMonth: month('2012-02'), excess: [] }
    given(decider, found(1, 30000)).when(later).thenNothing()
  })
})

t.test('what comes back is of the oldest month first', async () => {
  const months = [
    { monthFor: month('2012-04'), amountFen: amount(100) },
    { monthFor: month('2012-03'), amountFen: amount(50) },
  ]
  const both = { ...found(1, 0), data: { ...found(1, 0).data, months } }
  const parts = [
    { monthFor: month('2012-03'), amountFen: amount(50) },
    { monthFor: month('2012-04'), amountFen: amount(20) },
  ]
  given(decider, both)
    .when(repay('r1', 70))
    .then({ ...repaid('r1', 70), data: { ...repaid('r1', 70).data, months: parts } })
})

t.test('for any history a comparison comes to what is overpaid, and then to nothing', async (t) => {
  const monthOf = (at: number) => addMonths(month('2012-01'), at)
  const step = fc.record({
    kind: fc.constantFrom('compare', 'repay', 'write-off'),
    amounts: fc.array(fc.integer({ min: -300, max: 900 }), { minLength: 3, maxLength: 3 }),
  })
  const property = fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
    let state = decider.initial
    const take = (command: RecoveryCommand) => {
      const events = decider.decide(command, state)
      for (const event of events) state = decider.evolve(state, event)
      return events.length
    }
    for (const [at, { amounts, kind }] of steps.entries()) {
      const excess = amounts.map((one, of) => ({ monthFor: monthOf(of), amountFen: fen(one) }))
      const part = amount(Math.min(Math.abs(amounts[0] ?? 0) + 1, outstandingOf(state)))
      if (kind === 'compare') {
        take({ ...compare(at, 0), excess })
        if (take({ ...compare(at, 0), excess }) > 0) return false
        const isRight = excess.every(({ monthFor, amountFen }) => {
          const one = state.months.find((of) => of.monthFor === monthFor)
          const settled = (one?.repaidFen ?? 0) + (one?.writtenOffFen ?? 0)
          return (one?.outstandingFen ?? 0) === Math.max(0, amountFen - settled)
        })
        if (!isRight) return false
      } else if (part > 0) {
        if (kind === 'write-off') take(propose(part))
        take(kind === 'repay' ? repay(`r${at}`, part) : { ...write(part), reason: `${at}` })
      }
      const isOpen = outstandingOf(state) > 0
      if (isOpen !== (state.open !== null)) return false
      if (state.months.some((one) => one.outstandingFen < 0)) return false
    }
    return true
  })
  const result = fc.check(property, { numRuns: 500 })
  t.notOk(result.failed, `seed ${result.seed}: ${JSON.stringify(result.counterexample)}`)
})

t.test('AgreeRecovery', async () => {
  const command = { type: 'AgreeRecovery', ...agreed.data } as const
  given(decider, found(1, 30000)).when(command).then(agreed)
  given(decider, found(1, 30000), agreed).when(command).thenNothing()
  given(decider).when(command).thenRefused('recovery-not-open')
})

t.test('ReceiveRepayment', async (t) => {
  t.test('takes parts, and closes with the last', async () => {
    given(decider, found(1, 30000)).when(repay('r1', 10000)).then(repaid('r1', 10000))
    given(decider, found(1, 30000), repaid('r1', 10000))
      .when(repay('r2', 20000))
      .then(repaid('r2', 20000), closed('2012-05-02', 'repaid'))
  })

  t.test('counts a receipt once', async () => {
    given(decider, found(1, 30000), repaid('r1', 10000)).when(repay('r1', 10000)).thenNothing()
    given(decider, found(1, 30000), repaid('r1', 10000))
      .when(repay('r1', 9000))
      .thenRefused('receipt-already-recorded', { amountFen: 10000 })
  })

  t.test('refuses more than is left, and anything when nothing is open', async () => {
    given(decider, found(1, 30000), repaid('r1', 10000))
      .when(repay('r2', 20001))
      .thenRefused('repayment-exceeds-recovery', { outstandingFen: 20000 })
    given(decider).when(repay('r1', 1)).thenRefused('recovery-not-open')
  })
})

t.test('ApplyOffset', async (t) => {
  t.test('takes from a payment where the rule allows it', async () => {
    given(decider, found(1, 30000)).when(apply(2, 10000)).then(offset(2, 10000))
    given(decider, found(1, 30000), offset(2, 10000)).when(apply(2, 10000)).thenNothing()
    given(decider, found(1, 30000), offset(2, 10000))
      .when(apply(3, 20000))
      .then(offset(3, 20000), closed('2012-05-31', 'repaid'))
  })

  t.test('is refused where it does not', async () => {
    given(recoveryDecider({ offsetAllowed: false }), found(1, 30000))
      .when(apply(2, 10000))
      .thenRefused('offset-not-allowed')
  })

  t.test('refuses another amount for the same run, and more than is left', async () => {
    given(decider, found(1, 30000), offset(2, 10000))
      .when(apply(2, 9000))
      .thenRefused('offset-already-applied', { amountFen: 10000 })
    given(decider, found(1, 30000)).when(apply(2, 30001)).thenRefused('repayment-exceeds-recovery')
  })
})

t.test('WriteOff gives up the rest, once', async () => {
  given(decider, found(1, 30000), repaid('r1', 10000), proposed(20000))
    .when(write(20000))
    .then(writtenOff(20000), closed('2012-09-01', 'none-left'))
  given(decider, found(1, 30000), writtenOff(10000)).when(write(10000)).thenNothing()
  given(decider, found(1, 30000)).when(write(30001)).thenRefused('write-off-exceeds-recovery')
})

t.test('ProposeWriteOff', async () => {
  given(decider, found(1, 30000)).when(propose(30000)).then(proposed(30000))
  given(decider, found(1, 30000), proposed(30000)).when(propose(30000)).thenNothing()
  given(decider, found(1, 30000), proposed(30000)).when(propose(100)).then(proposed(100))
  given(decider, found(1, 30000))
    .when(propose(30001))
    .thenRefused('write-off-exceeds-recovery', { outstandingFen: 30000 })
  given(decider).when(propose(1)).thenRefused('recovery-not-open')
})

t.test('what is written off was proposed by somebody else', async () => {
  given(decider, found(1, 30000))
    .when(write(30000))
    .thenRefused('write-off-not-proposed', { amountFen: 30000, proposedFen: 0 })
  given(decider, found(1, 30000), proposed(100))
    .when(write(200))
    .thenRefused('write-off-not-proposed', { amountFen: 200, proposedFen: 100 })
  given(decider, found(1, 30000), proposed(100, 'approver'))
    .when(write(100))
    .thenRefused('same-person-proposes-and-writes-off', { by: 'approver' })
  given(decider, found(1, 30000), proposed(100), writtenOff(100))
    .when({ ...write(100), reason: '再核销' })
    .thenRefused('write-off-not-proposed', { proposedFen: 0 })
})

t.test('whoever agreed does not write off', async () => {
  given(decider, found(1, 30000), agreed, proposed(30000))
    .when(write(30000, 'clerk'))
    .thenRefused('same-person-agrees-and-writes-off', { by: 'clerk' })
  given(decider, found(1, 30000), agreed, proposed(100)).when(write(100)).then(writtenOff(100))
})

t.test('a request for nothing is no request', async (t) => {
  t.ok(RecoveryCommand.safeParse(repay('r1', 1)).success)
  t.notOk(RecoveryCommand.safeParse(repay('r1', 0)).success)
  t.notOk(RecoveryCommand.safeParse({ ...repay('r1', 1), amountFen: 1.5 }).success)
})
