import * as accounts from '../../../src/application/imports/import-accounts.js'
import * as campaign from '../../../src/application/imports/import-campaign.js'
import * as households from '../../../src/application/imports/import-households.js'
import * as policy from '../../../src/application/imports/import-policy.js'
import type {
  ImportOutcome,
  ImportParts,
  ImportRequest,
} from '../../../src/application/imports/run-import.js'
import { ActorId } from '../../../src/domain/values/identifiers.js'

type Import<Given> = (
  parts: ImportParts,
  given: Given,
  request: ImportRequest,
) => Promise<ImportOutcome>

/** The same, after a colleague of whoever asks has prepared it; a dry run needs no colleague. */
function byTwo<Given>(run: Import<Given>): Import<Given> {
  return async (parts, given, request) => {
    if (!request.dryRun) await run(parts, given, { ...colleagueOf(request), dryRun: true })
    return run(parts, given, request)
  }
}

/** Somebody else with the same roles in the same place. */
export function colleagueOf({ actor }: ImportRequest): ImportRequest {
  return { actor: { ...actor, sub: ActorId.parse(`${actor.sub}-colleague`) } }
}

export const importPolicy = byTwo(policy.importPolicy)
export const importHouseholds = byTwo(households.importHouseholds)
export const importAccounts = byTwo(accounts.importAccounts)
export const importCampaign = byTwo(campaign.importCampaign)
