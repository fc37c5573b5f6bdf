import t from 'tap'
import {
  demonstrationPlan,
  foundingPolicy,
} from '../../scripts/demo/generator/demonstration-plan.js'
import {
  accountsCsv,
  campaignCsv,
  casesCsv,
  deathsCsv,
  historyCsv,
  membersCsv,
  peopleOf,
} from '../../scripts/demo/generator/import-files.js'
import type { DistrictPlan } from '../../scripts/demo/generator/plan.js'
import { readDeaths } from '../../src/application/imports/read-deaths.js'
import type { ImportOutcome, ImportParts } from '../../src/application/imports/run-import.js'
import { Campaign } from '../../src/domain/bulk-decision/events.js'
import { plainDate } from '../../src/domain/values/calendar.js'
import {
  importAccounts,
  importCampaign,
  importHouseholds,
  importPolicy,
} from '../application/imports/by-two.js'
import { administrator, emptyWorld, policyFile } from '../application/imports/import-world.js'
import { actionsOf } from './oracle-answers.js'

const plans = demonstrationPlan()
const today = plainDate('2013-01-01')

function file(name: string, text: string) {
  return { name, bytes: Buffer.from(text) }
}

function said(outcome: ImportOutcome) {
  const faults = outcome.faults.slice(0, 3).map(({ line, column, code }) => [line, column, code])
  return { result: outcome.result, faults }
}

const completed = { result: 'completed', faults: [] }

async function takeOver(world: ImportParts, plan: DistrictPlan): Promise<void> {
  const people = peopleOf(plan)
  const files = {
    cases: file('cases.csv', casesCsv(plan.opening)),
    members: file('members.csv', membersCsv(plan.opening, people)),
    history: file('history.csv', historyCsv(plan.opening)),
  }
  t.same(said(await importHouseholds(world, files, administrator)), completed, plan.key)
  const accounts = file('accounts.csv', accountsCsv(plan.opening.accounts, people))
  t.same(said(await importAccounts(world, accounts, administrator)), completed, plan.key)
}

/** A campaign's first and last recipients: on a roll, and on none. */
function sampled<Item>(items: readonly Item[]): readonly Item[] {
  return [...items.slice(0, 60), ...items.slice(-60)].filter(
    (item, at, all) => all.indexOf(item) === at,
  )
}

async function runCampaigns(world: ImportParts, plan: DistrictPlan): Promise<void> {
  const people = peopleOf(plan)
  for (const action of actionsOf(plan, 'import-campaign')) {
    const campaign = Campaign.parse({
      campaignId: action.campaignKey,
      programme: action.programme,
      month: action.month,
      decidedOn: action.on,
      division: plan.division,
      document: action.document,
    })
    const recipients = sampled(action.recipients)
    const list = file('recipients.csv', campaignCsv(recipients, people))
    const outcome = await importCampaign(world, { campaign, file: list }, administrator)
    t.same(said(outcome), completed, action.campaignKey)
    t.equal(outcome.events['SupplementGranted'], recipients.length, action.campaignKey)
  }
  for (const { rows } of actionsOf(plan, 'import-accounts')) {
    const accounts = file('accounts.csv', accountsCsv(rows.slice(-60), people))
    t.same(said(await importAccounts(world, accounts, administrator)), completed, plan.key)
  }
}

t.test('the files of the plan go in as an office would send them', async (t) => {
  const world = emptyWorld()
  const policy = await importPolicy(world, foundingPolicy.map(policyFile), administrator)
  t.same(policy.faults, [])
  for (const plan of plans) {
    await takeOver(world, plan)
    await runCampaigns(world, plan)
    for (const { rows } of actionsOf(plan, 'import-deaths')) {
      if (rows.length === 0) continue
      const read = await readDeaths(file('deaths.csv', deathsCsv(rows)), today)
      t.equal(read.rows.length, rows.length)
      t.ok(read.rows.every((row) => row.identityNumber !== null))
    }
  }
})
