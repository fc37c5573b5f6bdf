import type { RunParameters } from '../../../src/domain/payment-run/events.js'
import { month, plainDate } from '../../../src/domain/values/calendar.js'
import { ActorId, ordinal, RunId } from '../../../src/domain/values/identifiers.js'
import { amount, division, document, personId, programme } from '../../support/policy.js'

/** Commands and events of one county’s payer, by the number of the run. */

export const runOf = (number: number) => RunId.parse(personId(number))
export const parameters = (number: number, over: Partial<RunParameters> = {}): RunParameters => ({
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
export const admitted = (number: number, over: Partial<RunParameters> = {}) =>
  ({
    type: 'RunAdmitted',
    data: {
      admittedOn: plainDate('2012-01-03'),
      parameters: parameters(number, over),
      by: ActorId.parse('payer'),
    },
  }) as const
export const admit = (number: number, over: Partial<RunParameters> = {}) =>
  ({ ...admitted(number, over).data, type: 'AdmitRun' }) as const
export const settled = (number: number, outcome: 'prepared' | 'released' | 'rejected') =>
  ({
    type: 'RunSettled',
    data: { settledOn: plainDate('2012-01-04'), runId: runOf(number), outcome },
  }) as const
export const settle = (number: number, outcome: 'prepared' | 'released' | 'rejected') =>
  ({ ...settled(number, outcome).data, type: 'SettleRun' }) as const
export const allocated = (fundId: string, fen: number, ...programmes: readonly string[]) =>
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
/** What a fund pays: its name, a programme, fen. */
export type Part = readonly [string, string, number]
const partsOf = (parts: readonly Part[]) =>
  parts.map(([fundId, code, fen]) => ({
    fundId,
    programme: programme(code),
    amountFen: amount(fen),
  }))
export const reserved = (number: number, ...parts: readonly Part[]) =>
  ({
    type: 'FundReserved',
    data: {
      reservedOn: plainDate('2012-01-05'),
      runId: runOf(number),
      parts: partsOf(parts),
    },
  }) as const
export const reserve = (number: number, ...needs: readonly (readonly [string, number])[]) =>
  ({
    type: 'ReserveFunds',
    reservedOn: plainDate('2012-01-05'),
    runId: runOf(number),
    needs: needs.map(([code, fen]) => ({ programme: programme(code), amountFen: amount(fen) })),
  }) as const
export const returned = (number: number, ...parts: readonly Part[]) =>
  ({
    type: 'FundReturned',
    data: { returnedOn: plainDate('2012-01-08'), runId: runOf(number), parts: partsOf(parts) },
  }) as const
export const comeBack = (number: number, ...cameBack: readonly (readonly [string, number])[]) =>
  ({
    type: 'ReturnFunds',
    returnedOn: plainDate('2012-01-08'),
    runId: runOf(number),
    cameBack: cameBack.map(([code, fen]) => ({
      programme: programme(code),
      amountFen: amount(fen),
    })),
  }) as const
export const freed = (number: number) =>
  ({
    type: 'FundReleased',
    data: { releasedOn: plainDate('2012-01-09'), runId: runOf(number), reason: '批次退回' },
  }) as const
