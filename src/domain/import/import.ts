import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { saysTheSame } from '../structural-equality.js'
import type { ImportCommand } from './commands.js'
import type { ImportEvent } from './events.js'

type DataOf<Type extends ImportEvent['type']> = Extract<ImportEvent, { type: Type }>['data']

/** A file on its way into the ledger; what it wrote is payable when it is complete. */
export interface Import {
  readonly started: DataOf<'ImportStarted'> | null
  readonly completed: DataOf<'ImportCompleted'> | null
}

export const importDecider: Decider<Import, ImportCommand, ImportEvent> = {
  initial: { started: null, completed: null },
  evolve: (state, event) => {
    switch (event.type) {
      case 'ImportStarted':
        return { ...state, started: event.data }
      case 'ImportCompleted':
        return { ...state, completed: event.data }
    }
  },
  decide: (command, state) => {
    switch (command.type) {
      case 'StartImport':
        return startImport(command, state)
      case 'CompleteImport':
        return completeImport(command, state)
    }
  },
}

/** After a crash the import is started again, perhaps on another day and by somebody else. */
function startImport(
  command: CommandOf<ImportCommand, 'StartImport'>,
  { started }: Import,
): readonly ImportEvent[] {
  const data = dataOf(command)
  if (started) {
    const again = { ...data, startedOn: started.startedOn, by: started.by }
    if (saysTheSame(started, again)) return []
    const { importId, kind, fileDigest } = started
    throw new DomainError('import-already-started', { importId, kind, fileDigest })
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
