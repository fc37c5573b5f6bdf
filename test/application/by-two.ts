import { runCampaign } from '../../src/application/bulk/campaign.js'
import type { BulkParts } from '../../src/application/bulk/decide-on-roll.js'
import { decidePriceLink } from '../../src/application/bulk/price-link.js'
import { callerOf } from './setting.js'

type Asked<Decide extends (parts: BulkParts, request: never) => unknown> = Parameters<Decide>[1]

const preparing = () => ({ caller: callerOf({ sub: 'preparer-1' }), dryRun: true })

/** A price subsidy that one person prepares and who asks has carried out. */
export async function subsidyByTwo(parts: BulkParts, request: Asked<typeof decidePriceLink>) {
  await decidePriceLink(parts, { ...request, ...preparing() })
  return decidePriceLink(parts, request)
}

/** A campaign that one person prepares and who asks has carried out. */
export async function campaignByTwo(parts: BulkParts, request: Asked<typeof runCampaign>) {
  await runCampaign(parts, { ...request, ...preparing() })
  return runCampaign(parts, request)
}
