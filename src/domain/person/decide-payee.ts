import { type CommandOf, dataOf } from '../command.js'
import { DomainError } from '../errors.js'
import { saysTheSame } from '../structural-equality.js'
import type { PersonCommand } from './commands.js'
import type { PersonEvent } from './events.js'
import type { PayeeProposal, Person } from './person.js'
import { assertReachable } from './reachable.js'

/** Another account or payee, which waits for another person. */
export function proposePayeeChange(
  command: CommandOf<PersonCommand, 'ProposePayeeChange'>,
  state: Person,
): readonly PersonEvent[] {
  assertReachable(state)
  const { by, change, from } = command
  const latest = latestOf(state, change.kind)
  const waits = latest?.confirmedBy === null && !latest.stale
  if (waits && saysTheSame({ by, change, from }, saidBy(latest))) return []

  const proposal = state.proposals.length + 1
  return [{ type: 'PayeeChangeProposed', data: { ...dataOf(command), proposal } }]
}

/**
 * Money goes there from now on. Only the latest proposal of its kind can be confirmed, and none
 * that an import overtook: it would take back what the import set.
 */
export function confirmPayeeChange(
  { by, proposal }: CommandOf<PersonCommand, 'ConfirmPayeeChange'>,
  state: Person,
): readonly PersonEvent[] {
  assertReachable(state)
  const proposed = state.proposals.find((one) => one.proposal === proposal)
  if (!proposed) throw new DomainError('payee-change-unknown', { proposal })
  if (proposed.confirmedBy !== null) return []
  const latest = latestOf(state, proposed.change.kind)?.proposal ?? proposal
  if (latest > proposal) throw new DomainError('payee-change-superseded', { proposal, latest })
  if (proposed.stale) throw new DomainError('payee-change-stale', { proposal })
  if (proposed.by === by) {
    throw new DomainError('same-person-prepares-and-approves', { by, step: 'confirm' })
  }

  const { from } = proposed
  return [
    { type: 'PayeeChangeConfirmed', data: { from, proposal, by } },
    changedBy(proposed, state),
  ]
}

function latestOf(state: Person, kind: PayeeProposal['change']['kind']) {
  return state.proposals.findLast(({ change }) => change.kind === kind)
}

function saidBy({ by, change, from }: PayeeProposal) {
  return { by, change, from }
}

function changedBy({ change, from }: PayeeProposal, state: Person): PersonEvent {
  if (change.kind === 'payee') {
    const { payee, reason } = change
    return { type: 'PayeeDesignated', data: { from, payee, reason } }
  }
  const accountVersion = (state.accounts.at(-1)?.accountVersion ?? 0) + 1
  const { account, bank, holder } = change
  return { type: 'PayeeAccountSet', data: { from, accountVersion, bank, account, holder } }
}
