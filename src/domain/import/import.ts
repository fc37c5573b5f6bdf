import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { saysTheSame } from '../structural-equality.js'
import { isWithin } from '../values/division.js'
import type { ImportCommand } from './commands.js'
import type { ImportEvent } from './events.js'

type DataOf<Type extends ImportEvent['type']> = Extract<ImportEvent, { type: Type }>['data']

/** A file on its way into the ledger; what it wrote is payable when it is complete. */
export interface Import {
  /** Once for each person who prepared it and whose word stands. */
  readonly prepared: readonly DataOf<'ImportPrepared'>[]
  readonly withdrawals: readonly DataOf<'ImportWithdrawn'>[]
  readonly started: DataOf<'ImportStarted'> | null
  readonly completed: DataOf<'ImportCompleted'> | null
}

export const importDecider: Decider<Import, ImportCommand, ImportEvent> = {
  initial: { prepared: [], withdrawals: [], started: null, completed: null },
  evolve: (state, event) => {
    switch (event.type) {
      case 'ImportPrepared':
        return { ...state, prepared: [...state.prepared, event.data] }
      case 'ImportWithdrawn':
        return withoutWord(state, event.data)
      case 'ImportStarted':
        return { ...state, started: event.data }
      case 'ImportCompleted':
        return { ...state, completed: event.data }
    }
  },
  decide: (command, state) => {
    switch (command.type) {
      case 'PrepareImport':
        return prepareImport(command, state)
      case 'WithdrawImport':
        return withdrawImport(command, state)
      case 'StartImport':
        return startImport(command, state)
      case 'CompleteImport':
        return completeImport(command, state)
    }
  },
}

function withoutWord(state: Import, withdrawn: DataOf<'ImportWithdrawn'>): Import {
  return {
    ...state,
    prepared: state.prepared.filter(({ by }) => !withdrawn.preparedBy.includes(by)),
    withdrawals: [...state.withdrawals, withdrawn],
  }
}

/** Once a person, and no more when the rows are being written. */
function prepareImport(
  command: CommandOf<ImportCommand, 'PrepareImport'>,
  { prepared, started }: Import,
): readonly ImportEvent[] {
  if (started || prepared.some(({ by }) => by === command.by)) return []

  return [{ type: 'ImportPrepared', data: dataOf(command) }]
}

/** Takes back their own word, and that of whoever works for the places they answer for. */
function withdrawImport(
  command: CommandOf<ImportCommand, 'WithdrawImport'>,
  { prepared, started, withdrawals }: Import,
): readonly ImportEvent[] {
  const { division: scope, ...said } = dataOf(command)
  const { by, importId } = said
  if (started) throw new DomainError('import-already-begun', { importId })
  const theirs = prepared.filter(
    (one) => one.by === by || (scope !== null && isWithin(one.division, scope)),
  )
  if (theirs.length === 0) {
    if (withdrawals.some((one) => one.by === by || one.preparedBy.includes(by))) return []
    if (prepared.length === 0) throw new DomainError('import-unknown', { importId })
    throw new DomainError('import-prepared-by-others', { importId })
  }

  const preparedBy = theirs.map((one) => one.by)
  return [{ type: 'ImportWithdrawn', data: { ...said, preparedBy } }]
}

/**
 * Somebody else must have prepared it. After a crash the import is started again, perhaps on
 * another day and by anybody: what it says has gone through two hands.
 */
function startImport(
  command: CommandOf<ImportCommand, 'StartImport'>,
  { prepared, started }: Import,
): readonly ImportEvent[] {
  const data = dataOf(command)
  if (started) {
    const again = { ...data, startedOn: started.startedOn, by: started.by }
    if (saysTheSame(started, again)) return []
    const { importId, kind, fileDigest } = started
    throw new DomainError('import-already-started', { importId, kind, fileDigest })
  }
  if (prepared.length === 0) {
    throw new DomainError('import-not-prepared', { importId: command.importId })
  }
  if (prepared.every(({ by }) => by === command.by)) {
    throw new DomainError('same-person-prepares-and-approves', { by: command.by, step: 'import' })
  }

  return [{ type: 'ImportStarted', data }]
}

function completeImport(
  command: CommandOf<ImportCommand, 'CompleteImport'>,
  { started, completed }: Import,
): readonly ImportEvent[] {
  const data = dataOf(command)
  if (!started) throw new DomainError('import-not-started', { importId: command.importId })
  if (completed) {
    if (saysTheSame(completed, { ...data, completedOn: completed.completedOn })) return []
    const { importId, written, unchanged } = completed
    throw new DomainError('import-already-completed', { importId, written, unchanged })
  }

  return [{ type: 'ImportCompleted', data }]
}
