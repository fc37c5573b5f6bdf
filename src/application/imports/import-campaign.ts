import type { Campaign } from '../../domain/bulk-decision/events.js'
import { openingOf } from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import type { Case } from '../../domain/case/facts.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { CaseId, ImportId } from '../../domain/values/identifiers.js'
import { assertDatesInReach } from '../dates-in-reach.js'
import { caseStream } from '../streams.js'
import { CampaignPlanner } from './campaign-planner.js'
import { recipientColumnsOf } from './fault-columns.js'
import { saidBy } from './import-households.js'
import { caseIdOfHousehold, caseIdOfRecipient } from './import-ids.js'
import { People } from './people.js'
import { PersonDetails } from './person-details.js'
import { RowFaults } from './row-faults.js'
import {
  type ImportOutcome,
  type ImportParts,
  type ImportPlan,
  type ImportRequest,
  runImport,
} from './run-import.js'
import { StreamBook } from './stream-book.js'
import { type ImportFile, readTableFile } from './table-file.js'
import { readRows, type TableRow } from './table-rows.js'
import { type CampaignRow, campaignTable } from './tables.js'
import { placesOfCases } from './touched-places.js'
import { unfinishedOf } from './unfinished-imports.js'

type CampaignRows = readonly TableRow<CampaignRow>[]

/**
 * Imports the recipients of a campaign: each gets a one-off case with one supplement. The same
 * list again, in any order, adds nothing; another amount for one takes the place of the first.
 *
 * @throws DomainError of the file as a whole; programme-not-one-off, rule-missing-for-month
 */
export async function importCampaign(
  parts: ImportParts,
  { campaign, file }: { readonly campaign: Campaign; readonly file: ImportFile },
  request: ImportRequest,
): Promise<ImportOutcome> {
  const table = await readTableFile(file)
  const faults = new RowFaults()
  const today = shanghaiDateOf(parts.clock.now())
  assertDatesInReach(campaign, today)
  const rows = readRows(table, campaignTable, { faults, today })
  return runImport(
    parts,
    {
      kind: 'campaign',
      rows: table.rows.length,
      content: { campaign, rows: saidBy(rows) },
      fileDigest: table.digest,
      plan: ({ actor, importId }) =>
        planCampaign(parts, { campaign, rows, faults, importId, actor }),
    },
    request,
  )
}

interface Planning {
  readonly campaign: Campaign
  readonly rows: CampaignRows
  readonly faults: RowFaults
  readonly importId: ImportId
  readonly actor: ImportRequest['actor']
}

async function planCampaign(parts: ImportParts, planning: Planning): Promise<ImportPlan> {
  const { campaign, rows, importId, actor } = planning
  const { policy } = await parts.policies.latest()
  const faults = new RowFaults()
  for (const fault of planning.faults.all) faults.add(fault, fault)
  const people = new People(parts, policy)
  const cases = new StreamBook('case', parts, caseDecider(policy))
  const households = rows.flatMap(({ row }) => row.household_no ?? [])
  await cases.load(households.map(caseIdOfHousehold).map(caseStream))
  const planner = new CampaignPlanner({
    ...{ actor, campaign, cases, importId, people, policy },
    details: new PersonDetails(people, faults, shanghaiDateOf(parts.clock.now())),
  })
  await people.load(
    rows.map(({ row }) => row).filter((row) => row.identity_number ?? row.person_no),
  )
  await people.loadPersons(rows.flatMap(({ row }) => planner.householdMembers(row)))
  const own = rows.map(({ row }) => ({ row, recipient: planner.recipientOf(row) }))
  const ids = own.map(({ recipient }) =>
    caseIdOfRecipient({ campaign: campaign.campaignId, recipient }),
  )
  await cases.load(ids.map(caseStream))
  let changedRows = 0
  for (const each of rows) {
    const events = faults.during({ ...each.place, columns: recipientColumnsOf(each.row) }, () =>
      planner.plan(each),
    )
    if (events) changedRows += 1
  }
  return {
    faults: faults.all,
    changedRows,
    stages: [...people.stages(), cases.planned()],
    seals: people.seals,
    places: placesOfCases(cases, ids),
    cases: new Set(ids),
    openedBy: await unfinishedOf(parts.store, otherImports(cases, { ids, importId })),
  }
}

function otherImports(
  cases: StreamBook<'case', Case, CaseCommand>,
  of: { readonly ids: readonly CaseId[]; readonly importId: ImportId },
): ReadonlySet<ImportId> {
  const others = new Set<ImportId>()
  for (const id of of.ids) {
    const importId = openingOf(cases.stateOf(caseStream(id)))?.importId
    if (importId && importId !== of.importId) others.add(importId)
  }
  return others
}
