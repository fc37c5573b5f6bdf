import t from 'tap'
import { paymentRunDecider as decider } from '../../../src/domain/payment-run/decide.js'
import type { RunParameters } from '../../../src/domain/payment-run/events.js'
import { nextAnswerFile, unansweredFen } from '../../../src/domain/payment-run/payment-run.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ActorId, ordinal, RunId } from '../../../src/domain/values/identifiers.js'
import { given } from '../../support/given.js'
import { amount, division, personId, programme } from '../../support/policy.js'

const actor = (name: string) => ActorId.parse(name)
const digest = (letter: string) => letter.repeat(64)
const parameters: RunParameters = {
  runId: RunId.parse(personId(900)),
  kind: 'regular',
  programmes: [programme('urban-dibao')],
  division: division('990101'),
  period: month('2012-02'),
  number: 1,
  ordinal: ordinal(4000),
  calculationVersion: 1,
}
const differences: string[] = ['第2行无回执']
const opened = {
  type: 'PaymentRunOpened',
  data: { period: month('2012-02'), parameters, by: actor('payer') },
} as const
const prepared = {
  type: 'PaymentRunPrepared',
  data: {
    preparedOn: plainDate('2012-02-03'),
    lineCount: 2,
    heldCount: 1,
    totalFen: amount(60000),
    heldFen: amount(30000),
    chunks: 1,
    linesDigest: digest('a'),
    by: actor('payer'),
  },
} as const
const submitted = {
  type: 'PaymentRunSubmitted',
  data: { submittedOn: plainDate('2012-02-03'), by: actor('clerk') },
} as const
const approved = {
  type: 'PaymentRunApproved',
  data: { approvedOn: plainDate('2012-02-04'), by: actor('approver') },
} as const
const rejected = {
  type: 'PaymentRunRejected',
  data: { rejectedOn: plainDate('2012-02-04'), reason: '名册有误', by: actor('approver') },
} as const
const released = {
  type: 'PaymentRunReleased',
  data: {
    releasedOn: plainDate('2012-02-06'),
    bankFileDigest: digest('b'),
    bankFileLayout: 'fixed-gb18030',
    lineCount: 2,
    totalFen: amount(60000),
    by: actor('approver'),
  },
} as const
const answered = {
  type: 'BankAnswersRecorded',
  data: {
    answeredOn: plainDate('2012-02-08'),
    file: 1,
    fileDigest: digest('c'),
    chunks: 1,
    credited: 1,
    creditedFen: amount(30000),
    returned: 0,
    returnedFen: amount(0),
    unknown: 0,
    contradictions: 0,
    by: actor('payer'),
  },
} as const
const closed = {
  type: 'PaymentRunClosed',
  data: { closedOn: plainDate('2012-02-28'), differences, by: actor('payer') },
} as const

const { file: _file, ...answers } = answered.data
const commands = {
  open: { type: 'OpenPaymentRun', parameters, by: actor('payer') },
  prepare: { type: 'PreparePaymentRun', ...prepared.data },
  submit: { type: 'SubmitPaymentRun', ...submitted.data },
  approve: { type: 'ApprovePaymentRun', ...approved.data },
  reject: { type: 'RejectPaymentRun', ...rejected.data },
  release: { type: 'ReleasePaymentRun', ...released.data },
  answer: { type: 'RecordBankAnswers', ...answers },
  close: { type: 'ClosePaymentRun', ...closed.data },
} as const
const steps = [opened, prepared, submitted, approved, released, answered, closed] as const
const upTo = (count: number) => given(decider, ...steps.slice(0, count))

t.test('a run takes its steps in order, each once', async () => {
  const { open, prepare, submit, approve, release, answer, close } = commands
  for (const [at, command] of [open, prepare, submit, approve, release, answer, close].entries()) {
    const step = steps[at]
    if (step) upTo(at).when(command).then(step)
    upTo(at + 1)
      .when(command)
      .thenNothing()
  }
})

t.test('a step that comes too early is refused', async () => {
  upTo(0).when(commands.prepare).thenRefused('run-unknown')
  upTo(1).when(commands.submit).thenRefused('run-not-prepared')
  upTo(2).when(commands.approve).thenRefused('run-not-submitted')
  upTo(3).when(commands.release).thenRefused('run-not-approved')
  upTo(4).when(commands.answer).thenRefused('run-not-released')
  upTo(4).when(commands.close).thenRefused('run-not-released')
})

t.test('who prepared or submitted neither approves nor releases', async () => {
  const { approve, release } = commands
  const code = 'same-person-prepares-and-approves'
  upTo(3)
    .when({ ...approve, by: actor('payer') })
    .thenRefused(code, { step: 'approve' })
  upTo(3)
    .when({ ...approve, by: actor('clerk') })
    .thenRefused(code, { step: 'approve' })
  upTo(4)
    .when({ ...release, by: actor('payer') })
    .thenRefused(code, { step: 'release' })
  upTo(4)
    .when({ ...release, by: actor('clerk') })
    .thenRefused(code, { step: 'release' })
})

t.test('one person may prepare and submit', async () => {
  upTo(2)
    .when({ ...commands.submit, by: actor('payer') })
    .then({ type: 'PaymentRunSubmitted', data: { ...submitted.data, by: actor('payer') } })
})

t.test('after approval nothing changes', async () => {
  upTo(4)
    .when({ ...commands.prepare, linesDigest: digest('d') })
    .thenRefused('run-already-prepared', { linesDigest: digest('a') })
  upTo(4)
    .when({ ...commands.approve, by: actor('other') })
    .thenRefused('run-already-approved')
  upTo(5)
    .when({ ...commands.release, bankFileDigest: digest('e') })
    .thenRefused('run-already-released')
})

t.test('what can not be released is rejected by somebody who did not make it', async () => {
  const { reject } = commands
  upTo(4).when(reject).then(rejected)
  for (const by of [actor('payer'), actor('clerk')])
    upTo(4)
      .when({ ...reject, by })
      .thenRefused('same-person-prepares-and-approves', { by, step: 'reject' })
  upTo(5).when(reject).thenRefused('run-already-released')
  given(decider, opened, prepared, submitted, approved, rejected)
    .when(commands.release)
    .thenRefused('run-rejected')
})

t.test('trap 13: a rejected run keeps its events and goes no further', async (t) => {
  for (const count of [1, 2, 3]) upTo(count).when(commands.reject).then(rejected)
  const history = [opened, prepared, submitted, rejected] as const
  given(decider, ...history)
    .when(commands.reject)
    .thenNothing()
  for (const command of [commands.approve, commands.release, commands.answer, commands.close]) {
    given(decider, ...history)
      .when(command)
      .thenRefused('run-rejected', { reason: '名册有误' })
  }
  given(decider, opened, rejected).when(commands.prepare).thenRefused('run-rejected')
  given(decider, opened, prepared, rejected).when(commands.submit).thenRefused('run-rejected')
  t.strictSame(given(decider, ...history).state().prepared, prepared.data)
})

t.test('the bank file says what was approved', async () => {
  upTo(4)
    .when({ ...commands.release, totalFen: amount(60001) })
    .thenRefused('run-total-mismatch', { preparedFen: 60000, totalFen: 60001 })
  upTo(4)
    .when({ ...commands.release, lineCount: 3 })
    .thenRefused('run-total-mismatch')
})

t.test('trap 18: an answer file recorded twice counts once', async (t) => {
  upTo(6)
    .when({ ...commands.answer, answeredOn: plainDate('2012-02-09') })
    .thenNothing()
  upTo(6)
    .when({ ...commands.answer, fileDigest: digest('f') })
    .then({
      type: 'BankAnswersRecorded',
      data: { ...answered.data, file: 2, fileDigest: digest('f') },
    })
  const late = upTo(7)
    .when({ ...commands.answer, fileDigest: digest('f') })
    .events()
  t.equal(late.length, 1, 'what comes back after the closing is recorded all the same')
  t.equal(nextAnswerFile(upTo(6).state()), 2)
})

t.test('a run closes when all is answered or each difference is listed', async (t) => {
  upTo(6)
    .when({ ...commands.close, differences: [] })
    .thenRefused('run-differences-unlisted', { unansweredFen: 30000 })
  const second = {
    type: 'BankAnswersRecorded',
    data: {
      ...answered.data,
      file: 2,
      fileDigest: digest('f'),
      credited: 0,
      creditedFen: amount(0),
      returned: 1,
      returnedFen: amount(30000),
    },
  } as const
  given(decider, opened, prepared, submitted, approved, released, answered, second)
    .when({ ...commands.close, differences: [] })
    .then({ type: 'PaymentRunClosed', data: { ...closed.data, differences: [] } })
  upTo(7)
    .when({ ...commands.close, differences: ['另一处'] })
    .thenRefused('run-closed')
  t.equal(unansweredFen(upTo(4).state()), 0)
})
