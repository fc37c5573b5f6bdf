import type { RunKind, RunParameters } from '../payment-run/events.js'
import { isWithin } from '../values/division.js'
import type { RunId } from '../values/identifiers.js'
import { type Fen, subtractFen, sumFen } from '../values/money.js'
import type { FundPart, PayerEvent } from './events.js'

type DataOf<Type extends PayerEvent['type']> = Extract<PayerEvent, { type: Type }>['data']

/** A run as its payer knows it: open until its lines are frozen or it is rejected. */
export interface AdmittedRun {
  readonly parameters: RunParameters
  readonly standing: 'open' | 'prepared' | 'released' | 'rejected'
  /** Which admission of its payer it was, from 0. */
  readonly place: number
  /** How many runs were admitted when this one was rejected; null for one that was not. */
  readonly rejectedBefore: number | null
}

/** Money put aside for one run; released, it is free again. */
export interface Reservation extends Pick<DataOf<'FundReserved'>, 'runId' | 'parts'> {
  readonly released: boolean
  /** What the bank brought back of it. */
  readonly returned: readonly FundPart[]
}

/** Which runs a county has opened, and what money there is to release them from. */
export interface Payer {
  readonly runs: readonly AdmittedRun[]
  readonly funds: readonly DataOf<'FundAllocated'>[]
  readonly reservations: readonly Reservation[]
}

export const newPayer: Payer = { runs: [], funds: [], reservations: [] }

export function evolvePayer(payer: Payer, event: PayerEvent): Payer {
  switch (event.type) {
    case 'RunAdmitted': {
      const { parameters } = event.data
      const place = payer.runs.length
      const run = { parameters, place, standing: 'open', rejectedBefore: null } as const
      return { ...payer, runs: [...payer.runs, run] }
    }
    case 'RunSettled': {
      const { runId, outcome } = event.data
      const rejectedBefore = outcome === 'rejected' ? payer.runs.length : null
      const runs = payer.runs.map((run) =>
        run.parameters.runId === runId ? { ...run, standing: outcome, rejectedBefore } : run,
      )
      return { ...payer, runs }
    }
    case 'FundAllocated':
      return { ...payer, funds: [...payer.funds, event.data] }
    case 'FundReserved': {
      const { runId, parts } = event.data
      const others = payer.reservations.filter((one) => one.runId !== runId)
      return {
        ...payer,
        reservations: [...others, { runId, parts, released: false, returned: [] }],
      }
    }
    case 'FundReturned': {
      const { parts, runId } = event.data
      const reservations = payer.reservations.map((one) =>
        one.runId === runId ? { ...one, returned: [...one.returned, ...parts] } : one,
      )
      return { ...payer, reservations }
    }
    case 'FundReleased': {
      const reservations = payer.reservations.map((one) =>
        one.runId === event.data.runId ? { ...one, released: true } : one,
      )
      return { ...payer, reservations }
    }
  }
}

/** The money put aside for a run; undefined when there is none or it was released. */
export function reservationOf(payer: Payer, runId: RunId): Reservation | undefined {
  return payer.reservations.find((one) => one.runId === runId && !one.released)
}

/** A fund and where its money is. */
export interface FundBalance {
  readonly fund: DataOf<'FundAllocated'>
  /** Put aside for runs that are not released. */
  readonly reservedFen: Fen
  /** Sent to banks with released runs, less what came back. */
  readonly spentFen: Fen
  readonly leftFen: Fen
}

/** All funds of a payer in the order of their allocation. */
export function balancesOf(payer: Payer): readonly FundBalance[] {
  return payer.funds.map((fund) => {
    const reservedFen = heldOf(payer, fund.fundId, (standing) => standing !== 'released')
    const spentFen = heldOf(payer, fund.fundId, (standing) => standing === 'released')
    const leftFen = subtractFen(subtractFen(fund.amountFen, reservedFen), spentFen)
    return { fund, reservedFen, spentFen, leftFen }
  })
}

/** What runs hold of a fund, by where they stand. */
function heldOf(
  payer: Payer,
  fundId: string,
  isMeant: (standing: AdmittedRun['standing'] | undefined) => boolean,
): Fen {
  const standings = new Map(payer.runs.map((run) => [run.parameters.runId, run.standing]))
  const holding = payer.reservations.filter(
    ({ released, runId }) => !released && isMeant(standings.get(runId)),
  )
  const amountOf = (parts: readonly FundPart[]) =>
    sumFen(parts.filter((part) => part.fundId === fundId).map(({ amountFen }) => amountFen))
  const paid = amountOf(holding.flatMap(({ parts }) => parts))
  return subtractFen(paid, amountOf(holding.flatMap(({ returned }) => returned)))
}

type RunExtent = Pick<RunParameters, 'programmes' | 'division'>

/** Whether two runs could hold lines of one case: a programme and a place in common. */
export function runsOverlap(left: RunExtent, right: RunExtent): boolean {
  const oneSubtree =
    isWithin(left.division, right.division) || isWithin(right.division, left.division)
  return oneSubtree && left.programmes.some((code) => right.programmes.includes(code))
}

/** Whether lines of the second kind pay what runs of the first kind are there for. */
function paysFor(kind: RunKind, other: RunKind): boolean {
  return other === kind || other === 'emergency'
}

/**
 * The run of a later month that may have the months of this one in its lines and has not sent
 * them: were this one opened beside it, it would be nearly empty, and if that one is rejected then,
 * nobody would be paid. A run that was admitted behind one of this very month left the month to it,
 * also where that one was rejected since.
 */
export function laterHolder(payer: Payer, asked: RunSeries): AdmittedRun | undefined {
  return payer.runs.find(
    (later) =>
      later.standing === 'prepared' &&
      later.parameters.period > asked.period &&
      paysFor(asked.kind, later.parameters.kind) &&
      runsOverlap(later.parameters, asked) &&
      !leftTheMonth(payer, later, asked),
  )
}

/** Of all that both runs could pay, a run of this month stood when the later one was admitted. */
function leftTheMonth(payer: Payer, later: AdmittedRun, asked: RunSeries): boolean {
  const { division, programmes } = later.parameters
  const shared = isWithin(division, asked.division) ? division : asked.division
  return asked.programmes
    .filter((code) => programmes.includes(code))
    .every((code) =>
      payer.runs.some(
        ({ parameters, place, rejectedBefore }) =>
          parameters.kind === asked.kind &&
          parameters.period === asked.period &&
          parameters.programmes.includes(code) &&
          isWithin(shared, parameters.division) &&
          place < later.place &&
          (rejectedBefore === null || rejectedBefore > later.place),
      ),
    )
}

type RunSeries = RunExtent & Pick<RunParameters, 'kind' | 'period'>

/** Runs of the same kind and period that overlap this one, in the order they were opened. */
export function runsOfSeries(payer: Payer, series: RunSeries): readonly AdmittedRun[] {
  return payer.runs.filter(
    ({ parameters }) =>
      parameters.kind === series.kind &&
      parameters.period === series.period &&
      runsOverlap(parameters, series),
  )
}

/** The number that a run of this kind, period and extent gets: 1, or one more than the last. */
export function nextRunNumber(payer: Payer, series: RunSeries): number {
  const numbers = runsOfSeries(payer, series).map((run) => run.parameters.number)
  return Math.max(0, ...numbers) + 1
}
