import type { Month } from '../values/calendar.js'
import type { RecoveryId } from '../values/identifiers.js'
import { addFen, type Fen, subtractFen, sumFen, zeroFen } from '../values/money.js'
import type { RecoveryEvent } from './events.js'
import type { MonthAmount, RecoveryMonth } from './months.js'

type DataOf<Type extends RecoveryEvent['type']> = Extract<RecoveryEvent, { type: Type }>['data']

/**
 * What one case has been overpaid and how it comes back. The recoveries of a case follow each
 * other: what a run finds while one is open belongs to it, later findings open the next.
 */
export interface Recovery {
  readonly open: RecoveryId | null
  readonly agreed: DataOf<'RecoveryAgreed'> | null
  /** The write-off that waits for a second person. */
  readonly proposed: DataOf<'WriteOffProposed'> | null
  readonly repayments: readonly DataOf<'RepaymentReceived'>[]
  readonly offsets: readonly DataOf<'OffsetApplied'>[]
  readonly writeOffs: readonly DataOf<'RecoveryWrittenOff'>[]
  /** Every month that was ever found, oldest first. */
  readonly months: readonly RecoveryMonth[]
}

export const noRecovery: Recovery = {
  open: null,
  agreed: null,
  proposed: null,
  repayments: [],
  offsets: [],
  writeOffs: [],
  months: [],
}

export function outstandingOf({ months }: Pick<Recovery, 'months'>): Fen {
  return sumFen(months.map((one) => one.outstandingFen))
}

export function evolveRecovery(state: Recovery, event: RecoveryEvent): Recovery {
  switch (event.type) {
    case 'OverpaymentFound': {
      const months = withParts(state.months, event.data.months, found)
      return { ...state, open: event.data.recoveryId, months }
    }
    case 'OverpaymentWithdrawn':
      return { ...state, months: withParts(state.months, event.data.months, withdrawn) }
    case 'RecoveryAgreed':
      return { ...state, agreed: event.data }
    case 'RepaymentReceived':
      return {
        ...state,
        repayments: [...state.repayments, event.data],
        months: withParts(state.months, event.data.months, repaid),
      }
    case 'OffsetApplied': {
      const kept = [{ monthFor: event.data.month, amountFen: event.data.amountFen }]
      const months = withParts(state.months, event.data.months, repaid)
      return {
        ...state,
        offsets: [...state.offsets, event.data],
        months: withParts(months, kept, keptBack),
      }
    }
    case 'WriteOffProposed':
      return { ...state, proposed: event.data }
    case 'RecoveryWrittenOff':
      return {
        ...state,
        proposed: null,
        writeOffs: [...state.writeOffs, event.data],
        months: withParts(state.months, event.data.months, writtenOff),
      }
    case 'RecoveryClosed':
      return { ...state, open: null, agreed: null, proposed: null }
  }
}

type Change = (month: RecoveryMonth, amountFen: Fen) => RecoveryMonth

const found: Change = (month, amountFen) => ({
  ...month,
  outstandingFen: addFen(month.outstandingFen, amountFen),
})
const withdrawn: Change = (month, amountFen) => ({
  ...month,
  outstandingFen: subtractFen(month.outstandingFen, amountFen),
})
const repaid: Change = (month, amountFen) => ({
  ...withdrawn(month, amountFen),
  repaidFen: addFen(month.repaidFen, amountFen),
})
const writtenOff: Change = (month, amountFen) => ({
  ...withdrawn(month, amountFen),
  writtenOffFen: addFen(month.writtenOffFen, amountFen),
})
/** A month whose payment was kept for an older one is not short of it. */
const keptBack: Change = (month, amountFen) => ({
  ...month,
  repaidFen: subtractFen(month.repaidFen, amountFen),
})

function withParts(
  months: readonly RecoveryMonth[],
  parts: readonly MonthAmount[],
  change: Change,
): readonly RecoveryMonth[] {
  const byMonth = new Map(months.map((one) => [one.monthFor, one]))
  for (const { monthFor, amountFen } of parts)
    byMonth.set(monthFor, change(byMonth.get(monthFor) ?? untouched(monthFor), amountFen))
  return [...byMonth.values()].sort((left, right) => (left.monthFor < right.monthFor ? -1 : 1))
}

function untouched(monthFor: Month): RecoveryMonth {
  return { monthFor, repaidFen: zeroFen, writtenOffFen: zeroFen, outstandingFen: zeroFen }
}
