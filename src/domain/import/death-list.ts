import { dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import type { DeathListCommand } from './commands.js'
import type { DeathListEvent } from './events.js'

/** A list as it was received; null before. */
export type DeathList = DeathListEvent['data'] | null

/**
 * A list counts once and stands as first received: the deaths of persons who are matched to it
 * later are recorded one by one.
 */
export const deathListDecider: Decider<DeathList, DeathListCommand, DeathListEvent> = {
  initial: null,
  evolve: (_, event) => event.data,
  decide: (command, state) => {
    const { rows, matched, unmatched, unmatchedRows, fileDigest } = command
    if (state?.fileDigest === fileDigest) return []
    if (state)
      throw new DomainError('death-list-already-received', { receivedOn: state.receivedOn })
    if (matched.length + unmatched !== rows || unmatchedRows.length !== unmatched) {
      throw new DomainError('death-list-count-mismatch', {
        rows,
        matched: matched.length,
        unmatched,
        unmatchedRows: unmatchedRows.length,
      })
    }

    return [{ type: 'DeathListReceived', data: dataOf(command) }]
  },
}
