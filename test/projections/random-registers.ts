import { createHash } from 'node:crypto'
import type { LedgerEventUnion, StreamKind } from '../../src/domain/events.js'
import { streamKinds } from '../../src/domain/events.js'
import type { PayerEvent } from '../../src/domain/fund/events.js'
import type { RunParameters } from '../../src/domain/payment-run/events.js'
import type { RecoveryEvent } from '../../src/domain/recovery/events.js'
import { addMonths, month, plainDate } from '../../src/domain/values/calendar.js'
import { RecoveryId, RunId } from '../../src/domain/values/identifiers.js'
import { exampleOf } from '../event-store/example-of.js'
import {
  divisionDefined,
  divisionMerged,
  document,
  programme,
  standardSet,
} from '../support/policy.js'
import {
  caseAt,
  clerk,
  idOf,
  programmes,
  type Random,
  start,
  villages,
  type Written,
  yuan,
} from './written-events.js'

/** A recovery with every kind of step, as its decider could have made them. */
export function randomRecovery(at: number, random: Random): Written[] {
  const stream = `recovery-${caseAt(at)}`
  const on = plainDate('2012-08-01')
  const [first, second] = [start, addMonths(start, 1 + random.below(3))]
  const of = { caseId: caseAt(at), runId: RunId.parse(idOf('run', 0)), cause: '退出补报' }
  const part = (monthFor: typeof start, amount: number) => ({ monthFor, amountFen: yuan(amount) })
  const share = () => yuan(1 + random.below(5))
  const sharesOf = (amountFen: ReturnType<typeof share>) => ({
    amountFen,
    months: [{ monthFor: first, amountFen }],
  })
  const asked = share()
  const events: readonly RecoveryEvent[] = [
    {
      type: 'OverpaymentFound',
      data: {
        ...of,
        foundOn: on,
        recoveryId: RecoveryId.parse(idOf('recovery', at)),
        months: [part(first, 30), part(second, 20)],
      },
    },
    {
      type: 'RecoveryAgreed',
      data: { agreedOn: on, instalmentFen: yuan(10), note: '分期', by: clerk },
    },
    {
      type: 'OverpaymentWithdrawn',
      data: { ...of, withdrawnOn: on, months: [part(second, 1 + random.below(20))] },
    },
    {
      type: 'RepaymentReceived',
      data: { receivedOn: on, receipt: '001', ...sharesOf(share()) },
    },
    {
      type: 'OffsetApplied',
      data: {
        month: addMonths(start, 6),
        runId: of.runId,
        document: document('冲抵办法'),
        ...sharesOf(share()),
      },
    },
    {
      type: 'WriteOffProposed',
      data: { proposedOn: on, amountFen: asked, reason: '困难', by: clerk },
    },
    {
      type: 'RecoveryWrittenOff',
      data: { writtenOffOn: on, reason: '困难', by: clerk, ...sharesOf(asked) },
    },
    { type: 'RecoveryClosed', data: { closedOn: on, reason: 'none-left' } },
  ]
  return events.map((event) => ({ stream, event }))
}

/** Policy that changes while the ledger lives. */
export function randomPolicy(random: Random): Written[] {
  const programme = random.pick(programmes)
  const hold = { holdId: 'funds', reason: '资金未到' }
  const [division] = villages
  if (!division) throw new Error('no village')
  const standard = standardSet(programme, { division, from: '2012-07', fen: 35_000 })
  return [
    { stream: `standard-${programme}-${division}`, event: standard },
    {
      stream: `programme-${programme}`,
      event: {
        type: 'PriceTermsSet',
        data: {
          from: month('2011-01'),
          programme,
          division,
          terms: {
            cpiAtLeastBasisPoints: 350,
            foodAtLeastBasisPoints: 600,
            monthsRunning: 1,
            periodMonths: 1,
          },
          document: document('价〔2011〕1号'),
        },
      },
    },
    {
      stream: `programme-${programme}`,
      event: {
        type: 'ProgrammeHoldPlaced',
        data: { from: addMonths(start, random.below(6)), programme, division, ...hold },
      },
    },
    {
      stream: `programme-${programme}`,
      event: {
        type: 'ProgrammeHoldLifted',
        data: { from: addMonths(start, 8), programme, ...hold },
      },
    },
    ...changedVillage(),
  ]
}

/** A village where no case is: it is renamed, and then belongs to another town. */
function changedVillage(): Written[] {
  const defined = divisionDefined(90, { code: '990102009001' })
  const { divisionId } = defined.data
  const renamed: LedgerEventUnion = {
    type: 'DivisionRenamed',
    data: {
      from: plainDate('2012-03-01'),
      divisionId,
      nameZh: '新村',
      document: document('划〔2012〕3号'),
    },
  }
  const merged = divisionMerged(90, { from: '2012-06-01', into: '990102001' })
  return [defined, renamed, merged].map((event) => ({ stream: `division-${divisionId}`, event }))
}

/** What the payer of the county decided of one run, and its fund. */
export function payerEvents(parameters: RunParameters): Written[] {
  const on = plainDate('2012-02-01')
  const { runId } = parameters
  const events: readonly PayerEvent[] = [
    {
      type: 'FundAllocated',
      data: {
        allocatedOn: on,
        fundId: 'f1',
        programmes: [...programmes],
        amountFen: yuan(9000),
        source: '区级财政',
        document: document('财〔2012〕1号'),
      },
    },
    { type: 'RunAdmitted', data: { admittedOn: on, parameters, by: clerk } },
    { type: 'RunSettled', data: { settledOn: on, runId, outcome: 'prepared' } },
    {
      type: 'FundReserved',
      data: {
        reservedOn: on,
        runId,
        parts: [{ fundId: 'f1', programme: programme('old-age'), amountFen: yuan(100) }],
      },
    },
    {
      type: 'FundReturned',
      data: {
        returnedOn: on,
        runId,
        parts: [{ fundId: 'f1', programme: programme('old-age'), amountFen: yuan(1) }],
      },
    },
    { type: 'FundReleased', data: { releasedOn: on, runId, reason: '退回' } },
  ]
  return events.map((event) => ({ stream: `payer-${parameters.division}`, event }))
}

/** Streams of which a read model keeps the events and reads nothing else. */
const keptAsTheyAre = [
  'identity',
  'priceLink',
  'bulkDecision',
  'import',
  'deathList',
  'reportedFigure',
] as const satisfies readonly StreamKind[]

/** One example of every event of these streams, each stream in its order. */
export function registeredExamples(): Written[] {
  return keptAsTheyAre.flatMap((kind) => {
    const stream = `${kind}-${createHash('sha256').update(kind).digest('hex')}`
    return Object.entries(streamKinds[kind]).map(([type, { data }]) => ({
      stream,
      event: { type, data: data.parse(exampleOf(data)) } as never,
    }))
  })
}
