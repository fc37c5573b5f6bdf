import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import type { RunParameters } from '../payment-run/events.js'
import { saysTheSame } from '../structural-equality.js'
import { sumFen } from '../values/money.js'
import type { PayerCommand } from './commands.js'
import type { PayerEvent } from './events.js'
import {
  balancesOf,
  evolvePayer,
  laterHolder,
  newPayer,
  nextRunNumber,
  type Payer,
  reservationOf,
  runsOfSeries,
  runsOverlap,
} from './payer.js'
import { partsBack, partsFor } from './reserve.js'

type Command<Type extends PayerCommand['type']> = CommandOf<PayerCommand, Type>
type Events = readonly PayerEvent[]

/** One payer decides for all its runs, so that two of them never pay one month twice. */
export const payerDecider: Decider<Payer, PayerCommand, PayerEvent> = {
  initial: newPayer,
  evolve: evolvePayer,
  decide: (command, state) => {
    switch (command.type) {
      case 'AdmitRun':
        return admitRun(command, state)
      case 'SettleRun':
        return settleRun(command, state)
      case 'AllocateFund':
        return allocateFund(command, state)
      case 'ReserveFunds':
        return reserveFunds(command, state)
      case 'ReturnFunds':
        return returnFunds(command, state)
      case 'ReleaseFunds':
        return releaseFunds(command, state)
    }
  },
}

function admitRun(command: Command<'AdmitRun'>, state: Payer): Events {
  const { parameters } = command
  const known = state.runs.find((run) => run.parameters.runId === parameters.runId)
  if (known && sameRun(known.parameters, parameters)) return []
  if (known) throw new DomainError('run-already-admitted', { runId: parameters.runId })
  assertNoTwin(parameters, state)
  const unsettled = state.runs.find(
    (run) => run.standing === 'open' && runsOverlap(run.parameters, parameters),
  )
  if (unsettled) {
    const { runId, kind, period } = unsettled.parameters
    throw new DomainError('earlier-run-unsettled', { runId, kind, period })
  }
  assertNotHeldByLater(parameters, state)

  return [{ type: 'RunAdmitted', data: dataOf(command) }]
}

/** Emergency and one-off runs have numbers: what one of them lacks, the next one pays. */
function assertNotHeldByLater(parameters: RunParameters, state: Payer): void {
  if (!isMonthly(parameters)) return
  const later = laterHolder(state, parameters)
  if (!later) return
  const { number, period, runId } = later.parameters
  throw new DomainError('later-run-undecided', { runId, number, period, asked: parameters.period })
}

function isMonthly({ kind }: RunParameters): boolean {
  return kind === 'regular' || kind === 'price-subsidy'
}

/** A retry may have frozen another ordinal; the one that was admitted stands. */
function sameRun(left: RunParameters, right: RunParameters): boolean {
  return saysTheSame({ ...left, ordinal: right.ordinal }, right)
}

/** One regular and one price-subsidy run a month; emergency and one-off runs by their numbers. */
function assertNoTwin(parameters: RunParameters, state: Payer): void {
  const series = runsOfSeries(state, parameters)
  const twin = series.find((run) => run.standing !== 'rejected')
  if (isMonthly(parameters) && twin) {
    throw new DomainError('run-already-open', {
      runId: twin.parameters.runId,
      period: twin.parameters.period,
      number: twin.parameters.number,
    })
  }
  const namesake = series.find((run) => run.parameters.number === parameters.number)
  if (namesake) {
    throw new DomainError('run-number-taken', {
      runId: namesake.parameters.runId,
      nextNumber: nextRunNumber(state, parameters),
    })
  }
}

function settleRun(command: Command<'SettleRun'>, state: Payer): Events {
  const { runId, outcome } = command
  const run = state.runs.find((one) => one.parameters.runId === runId)
  if (!run) throw new DomainError('run-unknown', { runId })
  if (run.standing === outcome) return []
  if (run.standing === 'released' && outcome === 'prepared') return []
  if (run.standing === 'released') throw new DomainError('run-already-released', { runId })
  if (run.standing === 'rejected') throw new DomainError('run-already-rejected', { runId })

  return [{ type: 'RunSettled', data: dataOf(command) }]
}

function allocateFund(command: Command<'AllocateFund'>, state: Payer): Events {
  const fund = state.funds.find((one) => one.fundId === command.fundId)
  if (saysTheSame(fund, dataOf(command))) return []
  if (fund) throw new DomainError('fund-already-allocated', { fundId: fund.fundId })

  return [{ type: 'FundAllocated', data: dataOf(command) }]
}

function reserveFunds(command: Command<'ReserveFunds'>, state: Payer): Events {
  const { runId, reservedOn, needs } = command
  const run = state.runs.find((one) => one.parameters.runId === runId)
  if (!run) throw new DomainError('run-unknown', { runId })
  if (run.standing === 'rejected') throw new DomainError('run-already-rejected', { runId })
  const reserved = reservationOf(state, runId)
  const reservedFen = sumFen(reserved?.parts.map((part) => part.amountFen) ?? [])
  if (reserved && reservedFen === sumFen(needs.map((need) => need.amountFen))) return []
  if (reserved) throw new DomainError('funds-already-reserved', { runId, reservedFen })
  const onHand = balancesOf(state).map(({ fund: { fundId, programmes }, leftFen }) => ({
    fundId,
    programmes,
    leftFen,
  }))
  const parts = [...partsFor(needs, onHand)]

  return [{ type: 'FundReserved', data: { reservedOn, runId, parts } }]
}

/** What came back is told as a whole each time, so that nothing comes back twice. */
function returnFunds(command: Command<'ReturnFunds'>, state: Payer): Events {
  const { cameBack, returnedOn, runId } = command
  const reservation = reservationOf(state, runId)
  if (!reservation) throw new DomainError('funds-not-reserved', { runId })
  const parts = [...partsBack(cameBack, reservation)]
  return parts.length === 0 ? [] : [{ type: 'FundReturned', data: { returnedOn, runId, parts } }]
}

function releaseFunds(command: Command<'ReleaseFunds'>, state: Payer): Events {
  const { runId } = command
  const reservation = state.reservations.find((one) => one.runId === runId)
  if (!reservation) throw new DomainError('funds-not-reserved', { runId })
  if (reservation.released) return []

  return [{ type: 'FundReleased', data: dataOf(command) }]
}
