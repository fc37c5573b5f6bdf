import { dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import type { LedgerCommand } from './commands.js'
import type { LedgerEvent } from './events.js'

/** What the ledger's first event says; null before it. */
export type Founding = LedgerEvent['data'] | null

/** A ledger is founded once, on one clock; the same founding on a later day is no other. */
export const ledgerDecider: Decider<Founding, LedgerCommand, LedgerEvent> = {
  initial: null,
  evolve: (_, event) => event.data,
  decide: (command, founding) => {
    if (founding?.clock === command.clock && founding.name === command.name) return []
    if (founding) {
      const { clock, name, foundedOn } = founding
      throw new DomainError('ledger-already-founded', { clock, name, foundedOn })
    }

    return [{ type: 'LedgerFounded', data: dataOf(command) }]
  },
}
