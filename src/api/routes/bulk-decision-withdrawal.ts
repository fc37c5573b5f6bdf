import { z } from 'zod'
import { withdrawDecision } from '../../application/bulk/withdraw-decision.js'
import { bulkDecisionEvents } from '../../domain/bulk-decision/events.js'
import { ActorId } from '../../domain/values/identifiers.js'
import { KeyedHash } from '../../domain/values/sealed.js'
import { callerOf, type LedgerServices, outcomeOf } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import type { Route } from './route.js'

/** Takes back a price subsidy or a campaign that waits for an approver. */
export function bulkDecisionWithdrawal({ bulk }: LedgerServices): Route {
  const { reason } = bulkDecisionEvents.BulkDecisionWithdrawn.data.shape
  return commandRoute({
    method: 'POST',
    url: '/v1/bulk-decisions/:bulkDecisionId/withdrawal',
    tag: '批量决定 Bulk decisions',
    summary: {
      zh: '撤回待审批批量决定',
      en: 'Withdraw a decision that you prepared, or, as an approver, one of your places',
    },
    roles: ['reviewer', 'approver', 'administrator'],
    params: z.strictObject({ bulkDecisionId: KeyedHash }),
    body: z.strictObject({ reason }),
    result: z.strictObject({
      bulkDecisionId: KeyedHash,
      changed: z.boolean(),
      withdrawnOf: z.array(ActorId).describe('被撤回的经办人 whose preparation no longer counts'),
    }),
    scope: () => [],
    execute: async ({ actor, body, params: { bulkDecisionId } }, context) => {
      const { expectedVersion } = context
      const handled = await withdrawDecision(bulk, {
        ...body,
        bulkDecisionId,
        caller: callerOf(actor, context),
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      })
      const withdrawnOf = handled.events.flatMap((event) =>
        event.type === 'BulkDecisionWithdrawn' ? event.data.preparedBy : [],
      )
      return outcomeOf(handled, { bulkDecisionId, changed: handled.changed, withdrawnOf })
    },
  })
}
