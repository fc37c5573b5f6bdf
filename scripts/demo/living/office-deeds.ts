import { z } from 'zod'
import { accountsCsv, campaignCsv, deathsCsv, peopleOf } from '../generator/import-files.js'
import type { PlannedAction } from '../generator/plan.js'
import type { CaseAction } from './case-deeds.js'
import { carried, type Deed, type Office } from './office.js'
import { priceDecision, priceIndex } from './price-link-file.js'

/** Actions about many cases, or about none: each has its day to itself. */
export type OfficeAction = Exclude<PlannedAction, CaseAction | { readonly do: 'pay' }>

type ActionOf<Do extends OfficeAction['do']> = Extract<OfficeAction, { do: Do }>
type Part = Omit<Deed, 'key' | 'body'> & { readonly body: object }

/** What a person of the office sends for an action. */
export async function officeDeed(office: Office, action: OfficeAction): Promise<Part> {
  switch (action.do) {
    case 'import-accounts':
      return importAccounts(office, action)
    case 'import-campaign':
      return importCampaign(office, action)
    case 'import-deaths':
      return importDeaths(action)
    case 'import-policy':
      return importPolicy(office, action)
    case 'reassess-roll':
      return reassessRoll(office, action)
    case 'publish-price-index':
      return publishIndex(office, action)
    case 'decide-price-link':
      return decidePriceLink(office, action)
    case 'record-reported-figure':
      return recordReportedFigure(office, action)
  }
}

/** A file with a fault in a row is refused whole, in an answer that is a success of its kind. */
export const Imported = z.looseObject({
  result: z.enum(['would-change', 'unchanged', 'completed']).optional(),
  faults: z.array(z.unknown()).max(0).optional(),
})

/** Files, and decisions about whole rolls, that one person prepares and another has written. */
export function isByTwo(action: OfficeAction): boolean {
  if (action.do === 'decide-price-link') return true
  return action.do.startsWith('import-') && action.do !== 'import-deaths'
}

/** Whose role is given prepares it by a dry run; the approver has it written. */
export async function doneByTwo(
  { client, people }: Pick<Office, 'client' | 'people'>,
  { body, key, path, role }: Part & Pick<Deed, 'key'>,
): Promise<void> {
  const prepared = { path, key: `${key}/prepared`, body: { ...body, dryRun: true } }
  await client.write(people[role], prepared, Imported)
  await client.write(people.approver, { path, body, key }, Imported)
}

function importAccounts({ plan }: Office, { on, rows }: ActionOf<'import-accounts'>): Part {
  const file = carried(`账户-${on}.csv`, accountsCsv(rows, peopleOf(plan)))
  return { role: 'administrator', path: '/v1/imports/accounts', body: { file } }
}

function importCampaign({ plan }: Office, action: ActionOf<'import-campaign'>): Part {
  const { campaignKey, document, month, nameZh, on, programme, recipients } = action
  const campaign = { campaignId: campaignKey, programme, month, decidedOn: on, document }
  const file = carried(`${nameZh}.csv`, campaignCsv(recipients, peopleOf(plan)))
  const body = { campaign: { ...campaign, division: plan.division }, file }
  return { role: 'clerk', path: '/v1/imports/campaigns', body }
}

function importDeaths(action: ActionOf<'import-deaths'>): Part {
  const { listKey, on: receivedOn, remarks, rows, source } = action
  const file = carried(`${listKey}.csv`, deathsCsv(rows))
  return {
    role: 'administrator',
    path: '/v1/imports/deaths',
    body: { file, source, receivedOn, remarks },
  }
}

async function importPolicy(office: Office, { path }: ActionOf<'import-policy'>): Promise<Part> {
  const files = [carried(path.replaceAll('/', '-'), await office.policyFile(path))]
  return { role: 'administrator', path: '/v1/imports/policy', body: { files } }
}

function reassessRoll({ plan }: Office, action: ActionOf<'reassess-roll'>): Part {
  const { cause: kind, from, programmes } = action
  const note = kind === 'standard' ? `标准自${from}起调整` : '达到年龄档次'
  const cause = { kind, note, document: null }
  const body = { programmes, division: plan.division, from, cause, mode: 'automatic' }
  return { role: 'approver', path: '/v1/reassessments', body }
}

async function publishIndex(
  office: Office,
  { file, month }: ActionOf<'publish-price-index'>,
): Promise<Part> {
  const body = priceIndex(await office.policyFile(file), month)
  return { role: 'approver', path: '/v1/price-indices', body }
}

async function decidePriceLink(
  office: Office,
  { decisionId, file }: ActionOf<'decide-price-link'>,
): Promise<Part> {
  const body = priceDecision(await office.policyFile(file), decisionId)
  return { role: 'reviewer', path: '/v1/price-links', body }
}

function recordReportedFigure(
  { plan: { division } }: Office,
  { do: _do, on: _on, ...figure }: ActionOf<'record-reported-figure'>,
): Part {
  return { role: 'statistician', path: '/v1/reported-figures', body: { ...figure, division } }
}
