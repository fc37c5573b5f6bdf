import type { RecoveryId } from '../values/identifiers.js'
import { addFen, type Fen, subtractFen, sumFen, zeroFen } from '../values/money.js'
import type { RecoveryEvent } from './events.js'

type DataOf<Type extends RecoveryEvent['type']> = Extract<RecoveryEvent, { type: Type }>['data']

/**
 * What one case has been overpaid and how it comes back. The recoveries of a case follow each
 * other: what a run finds while one is open belongs to it, later findings open the next.
 */
export interface Recovery {
  readonly open: RecoveryId | null
  readonly found: readonly DataOf<'OverpaymentFound'>[]
  readonly agreed: DataOf<'RecoveryAgreed'> | null
  readonly repayments: readonly DataOf<'RepaymentReceived'>[]
  readonly offsets: readonly DataOf<'OffsetApplied'>[]
  readonly writeOffs: readonly DataOf<'RecoveryWrittenOff'>[]
  readonly outstandingFen: Fen
}

export const noRecovery: Recovery = {
  open: null,
  found: [],
  agreed: null,
  repayments: [],
  offsets: [],
  writeOffs: [],
  outstandingFen: zeroFen,
}

export function evolveRecovery(state: Recovery, event: RecoveryEvent): Recovery {
  switch (event.type) {
    case 'OverpaymentFound': {
      const foundFen = sumFen(event.data.months.map((one) => one.amountFen))
      return {
        ...state,
        open: event.data.recoveryId,
        found: [...state.found, event.data],
        outstandingFen: addFen(state.outstandingFen, foundFen),
      }
    }
    case 'RecoveryAgreed':
      return { ...state, agreed: event.data }
    case 'RepaymentReceived':
      return { ...less(state, event.data), repayments: [...state.repayments, event.data] }
    case 'OffsetApplied':
      return { ...less(state, event.data), offsets: [...state.offsets, event.data] }
    case 'RecoveryWrittenOff':
      return { ...less(state, event.data), writeOffs: [...state.writeOffs, event.data] }
    case 'RecoveryClosed':
      return { ...state, open: null, agreed: null }
  }
}

function less(state: Recovery, by: { readonly amountFen: Fen }): Recovery {
  return { ...state, outstandingFen: subtractFen(state.outstandingFen, by.amountFen) }
}
