import { bulkDecisionDecider } from '../../domain/bulk-decision/bulk-decision.js'
import type { BulkDecisionEvent } from '../../domain/bulk-decision/events.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { KeyedHash } from '../../domain/values/sealed.js'
import { answersFor, type Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { bulkDecisionStream } from '../streams.js'
import type { BulkParts } from './decide-on-roll.js'

export interface DecisionWithdrawal {
  readonly bulkDecisionId: KeyedHash
  readonly reason: string
  readonly caller: Caller
  readonly expectedVersion?: number
}

/**
 * Takes back what was prepared under a name: their own, or, as an approver or administrator, all
 * of it that is for their places. Prepared anew it counts again.
 *
 * @throws DomainError `bulk-decision-unknown`, `bulk-decision-prepared-by-others`,
 *   `bulk-decision-already-approved`
 */
export function withdrawDecision(
  { clock, handler }: Pick<BulkParts, 'clock' | 'handler'>,
  { bulkDecisionId, reason, ...request }: DecisionWithdrawal,
): Promise<Handled<BulkDecisionEvent>> {
  const { actor } = request.caller
  return handler.handle({
    ...request,
    stream: bulkDecisionStream(bulkDecisionId),
    decider: bulkDecisionDecider,
    command: {
      type: 'WithdrawBulkDecision',
      withdrawnOn: shanghaiDateOf(clock.now()),
      by: actor.sub,
      reason,
      division: answersFor(actor),
    },
    // Under one key one thing is asked, whatever the day on which it is sent again.
    request: { type: 'WithdrawBulkDecision', bulkDecisionId, reason },
  })
}
