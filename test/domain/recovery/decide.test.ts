import t from 'tap'
import { RecoveryCommand } from '../../../src/domain/recovery/commands.js'
import { recoveryDecider } from '../../../src/domain/recovery/decide.js'
import type { RecoveryEvent } from '../../../src/domain/recovery/events.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ActorId, CaseId, RecoveryId, RunId } from '../../../src/domain/values/identifiers.js'
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
const find = (number: number, fen: number, recovery = 50) =>
  ({ ...found(number, fen, recovery).data, type: 'FindOverpayment' }) as const
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
    data: { receivedOn: plainDate('2012-05-02'), amountFen: amount(fen), receipt },
  }) as const
const repay = (receipt: string, fen: number) =>
  ({ ...repaid(receipt, fen).data, type: 'ReceiveRepayment' }) as const
const offset = (number: number, fen: number) =>
  ({
    type: 'OffsetApplied',
    data: {
      month: month('2012-05'),
      runId: RunId.parse(personId(number)),
      amountFen: amount(fen),
      document: document('冲抵办法'),
    },
  }) as const
const apply = (number: number, fen: number) =>
  ({ ...offset(number, fen).data, type: 'ApplyOffset' }) as const
const writtenOff = (fen: number) =>
  ({
    type: 'RecoveryWrittenOff',
    data: {
      writtenOffOn: plainDate('2012-09-01'),
      amountFen: amount(fen),
      reason: '无遗产可供追缴',
      by: ActorId.parse('approver'),
    },
  }) as const
const write = (fen: number) => ({ ...writtenOff(fen).data, type: 'WriteOff' }) as const
const closed = (closedOn: string, reason: 'repaid' | 'none-left') =>
  ({ type: 'RecoveryClosed', data: { closedOn: plainDate(closedOn), reason } }) as const

t.test('FindOverpayment', async (t) => {
  t.test('opens a recovery, and the same run finds nothing twice', async () => {
    given(decider).when(find(1, 30000)).then(found(1, 30000))
    given(decider, found(1, 30000)).when(find(1, 30000)).thenNothing()
    given(decider, found(1, 30000), repaid('r1', 30000), closed('2012-05-02', 'repaid'))
      .when(find(1, 30000))
      .thenNothing()
  })

  t.test('of a later run adds to the open recovery', async (t) => {
    given(decider, found(1, 30000))
      .when(find(2, 500, 51))
      .then(found(2, 500, 50))
    t.equal(given(decider, found(1, 30000), found(2, 500)).state().outstandingFen, 30500)
  })

  t.test('opens the next recovery when the one before is closed', async () => {
    given(decider, found(1, 30000), repaid('r1', 30000), closed('2012-05-02', 'repaid'))
      .when(find(2, 500, 51))
      .then(found(2, 500, 51))
  })
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
  given(decider, found(1, 30000), repaid('r1', 10000))
    .when(write(20000))
    .then(writtenOff(20000), closed('2012-09-01', 'none-left'))
  given(decider, found(1, 30000), writtenOff(10000)).when(write(10000)).thenNothing()
  given(decider, found(1, 30000)).when(write(30001)).thenRefused('repayment-exceeds-recovery')
})

t.test('a request for nothing is no request', async (t) => {
  t.ok(RecoveryCommand.safeParse(repay('r1', 1)).success)
  t.notOk(RecoveryCommand.safeParse(repay('r1', 0)).success)
  t.notOk(RecoveryCommand.safeParse({ ...repay('r1', 1), amountFen: 1.5 }).success)
})
