import { z } from 'zod'
import { retractPriceLink } from '../../application/bulk/retract-price-link.js'
import { priceLinkEvents } from '../../domain/price-link/events.js'
import { CaseId } from '../../domain/values/identifiers.js'
import { callerOf, type LedgerServices, outcomeOfMany } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { nothing, type Route } from './route.js'
import { assertApproves, triedByAnother } from './tried-by-another.js'

const { decisionId, division, reason } = priceLinkEvents.PriceLinkRetracted.data.shape

const TakenBack = z.strictObject({
  grants: z.int().describe('撤销笔数 Taken back now; in a dry run, that would be'),
  persons: z.int().describe('人次'),
  amountFen: z.int().describe('金额 Unpaid it is not owed any more; paid it is to be recovered'),
  refusedCount: z.int(),
  refused: z.array(z.strictObject({ caseId: CaseId, code: z.string() })),
})

/** Takes back a price subsidy that was decided by mistake, with all of its grants. */
export function priceRetraction({ bulk, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/price-link-retractions',
    duration: 'long',
    tag: '批量决定 Bulk decisions',
    summary: {
      zh: '撤销物价补贴决定',
      en: 'Retract a price subsidy as a whole: unpaid it is not owed, paid it is recovered',
    },
    roles: ['reviewer', 'approver'],
    params: nothing,
    body: z.strictObject({ decisionId, division, reason, dryRun: triedByAnother }),
    result: TakenBack,
    scope: ({ body }) => [body.division],
    execute: async ({ actor, body }, context) => {
      assertApproves(actor, body.dryRun)
      const asked = { ...body, caller: callerOf(actor, context) }
      const { refused, refusedCases, ...outcome } = await retractPriceLink(bulk, asked)
      const listed = { refusedCount: refused, refused: [...refusedCases] }
      return outcomeOfMany(store, { ...outcome, ...listed })
    },
  })
}
