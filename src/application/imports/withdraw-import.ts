import type { ImportEvent } from '../../domain/import/events.js'
import { importDecider } from '../../domain/import/import.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { ActorId, ImportId } from '../../domain/values/identifiers.js'
import { answersFor, type Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import type { ProcessParts } from '../processes/parts.js'
import { importStream } from '../streams.js'

export interface Withdrawal {
  readonly importId: ImportId
  readonly reason: string
  readonly caller: Caller
  readonly expectedVersion?: number
}

/**
 * Takes back a preparation: their own, or, as an approver or administrator, every one of their
 * places. Prepared anew it counts again.
 *
 * @throws DomainError `import-unknown`, `import-prepared-by-others`, `import-already-begun`
 */
export function withdrawImport(
  { clock, handler }: Pick<ProcessParts, 'clock' | 'handler'>,
  { importId, reason, ...request }: Withdrawal,
): Promise<Handled<ImportEvent>> {
  const { actor } = request.caller
  return handler.handle({
    ...request,
    stream: importStream(importId),
    decider: importDecider,
    command: {
      type: 'WithdrawImport',
      withdrawnOn: shanghaiDateOf(clock.now()),
      importId,
      by: actor.sub,
      reason,
      division: answersFor(actor),
    },
    // Under one key one thing is asked, whatever the day on which it is sent again.
    request: { type: 'WithdrawImport', importId, reason },
  })
}

/** Whose preparation the events take back. */
export function withdrawnIn(events: readonly ImportEvent[]): ActorId[] {
  return events.flatMap((event) => (event.type === 'ImportWithdrawn' ? event.data.preparedBy : []))
}
