import { z } from 'zod'
import { runCampaign } from '../../application/bulk/campaign.js'
import { Campaign } from '../../application/imports/import-campaign.js'
import { DomainError } from '../../domain/errors.js'
import { CaseId, Ordinal, ProgrammeCode } from '../../domain/values/identifiers.js'
import { AmountFen } from '../../domain/values/money.js'
import { callerOf, type LedgerServices, outcomeOfMany } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { nothing, type Route } from './route.js'

const Body = Campaign.extend({
  unit: z.enum(['household', 'person']),
  tiers: z
    .array(
      z.strictObject({
        programme: ProgrammeCode,
        amountFen: AmountFen.refine((amountFen) => amountFen > 0, 'an amount above zero'),
      }),
    )
    .min(1)
    .max(20)
    .describe(
      '在册名册与金额；一人在两个名册的按前者 Who is on two of the rolls: the first counts',
    ),
  rollOrdinal: Ordinal.optional().describe('名册所据账序 Rolls as known then; absent: now'),
  dryRun: z.boolean().default(false).describe('试算 counts and writes nothing'),
})

const Given = z.strictObject({
  /** Sent with the request after a dry run, or again: the same rolls. */
  rollOrdinal: Ordinal,
  /** Households or persons on the rolls, each once. */
  recipients: z.int(),
  changed: z.int(),
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
    roles: ['approver'],
    params: nothing,
    body: Body,
    result: Given,
    scope: ({ body }) => [body.division],
    execute: async ({ actor, body }, context) => {
      const { dryRun, rollOrdinal: asked, tiers, unit, ...campaign } = body
      const head = await store.head()
      const rollOrdinal = asked ?? head
      if (rollOrdinal > head)
        throw new DomainError('ordinal-not-reached', { ordinal: rollOrdinal, reached: head })
      const { examined, refused, ...outcome } = await runCampaign(bulk, {
        ...{ campaign, dryRun, rollOrdinal, tiers, unit },
        caller: callerOf(actor, context),
      })
      const counts = { recipients: examined, ...outcome, refused: [...refused] }
      return outcomeOfMany(store, { rollOrdinal, ...counts })
    },
  })
}
