import { z } from 'zod'
import { runCampaign } from '../../application/bulk/campaign.js'
import { Campaign, CampaignTier, CampaignUnit } from '../../domain/bulk-decision/events.js'
import { CaseId, Ordinal } from '../../domain/values/identifiers.js'
import { callerOf, type LedgerServices, outcomeOfMany } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { nothing, type Route } from './route.js'
import { assertApproves, triedByAnother } from './tried-by-another.js'

const Body = Campaign.extend({
  unit: CampaignUnit,
  tiers: z
    .array(CampaignTier)
    .min(1)
    .max(20)
    .describe(
      '在册名册与金额；一人在两个名册的按前者 Who is on two of the rolls: the first counts',
    ),
  dryRun: triedByAnother,
})

const Given = z.strictObject({
  rollOrdinal: Ordinal.describe('名册所据账序 Rolls as the dry run of the preparer counted them'),
  /** Households or persons on the rolls, each once. */
  recipients: z.int(),
  changed: z.int(),
  persons: z.int().describe('本次发放涉及人数 Persons of those to whom it is given now'),
  amountFen: z.int().describe('本次发放金额 What they are given'),
  refusedCount: z.int(),
  refused: z.array(z.strictObject({ caseId: CaseId, code: z.string() })),
})

/** A campaign for those on rolls; lists of recipients are imported. */
export function campaignRoute({ bulk, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/campaigns',
    tag: '批量决定 Bulk decisions',
    summary: { zh: '专项活动', en: 'Give everyone on these rolls a one-off amount, once' },
    roles: ['reviewer', 'approver'],
    params: nothing,
    body: Body,
    result: Given,
    scope: ({ body }) => [body.division],
    execute: async ({ actor, body }, context) => {
      const { dryRun, tiers, unit, ...campaign } = body
      assertApproves(actor, dryRun)
      const { examined, refused, ...outcome } = await runCampaign(bulk, {
        ...{ campaign, dryRun, tiers, unit },
        caller: callerOf(actor, context),
      })
      const counts = { recipients: examined, ...outcome, refused: [...refused] }
      return outcomeOfMany(store, counts)
    },
  })
}
