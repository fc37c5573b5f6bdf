import type { Command } from 'commander'
import { importCampaign } from '../../application/imports/import-campaign.js'
import { Campaign } from '../../domain/bulk-decision/events.js'
import { DomainError } from '../../domain/errors.js'
import { actingAs, withLedger } from '../authority.js'
import { printImport } from '../import-report.js'
import { inputFile } from '../input-files.js'
import type { CommandContext } from '../ports.js'
import { withProgress } from '../printing.js'
import { type ImportOptions, importCommand, importRoles } from './import-options.js'

interface CampaignOptions extends ImportOptions {
  readonly campaign: string
  readonly programme: string
  readonly month: string
  readonly decidedOn: string
  readonly division: string
  readonly document: string
  readonly issuer: string
}

export function addImportCampaign(parent: Command, context: CommandContext): void {
  importCommand(parent, 'campaign <file>')
    .description('导入一次性活动名册 · import the recipients of a campaign')
    .requiredOption('--campaign <id>', '活动编号 · names the campaign: a recipient gets it once')
    .requiredOption('--programme <code>', '项目代码 · a one-off programme')
    .requiredOption('--month <month>', '所属月份 · the month that it is for, YYYY-MM')
    .requiredOption('--decided-on <date>', '决定日期 · YYYY-MM-DD')
    .requiredOption('--division <code>', '区划代码 · where recipients without one are')
    .requiredOption('--document <number>', '文号 · the number of the document')
    .requiredOption('--issuer <name>', '发文单位 · who issued it')
    .action(async (path: string, options: CampaignOptions) =>
      withLedger(context, async (ledger) => {
        const actor = await actingAs(context, ledger, { options, roles: importRoles })
        const given = { campaign: campaignOf(options), file: await inputFile(path) }
        const outcome = await withProgress(context.terminal, 'campaign', (onProgress) =>
          importCampaign(ledger.imports, given, {
            actor,
            dryRun: options.dryRun ?? false,
            onProgress,
          }),
        )
        await printImport(context, outcome, options)
      }),
    )
}

function campaignOf(options: CampaignOptions): Campaign {
  const { campaign: campaignId, decidedOn, division, document, issuer, month, programme } = options
  const parsed = Campaign.safeParse({
    campaignId,
    programme,
    month,
    decidedOn,
    division,
    document: { number: document, issuer, provenance: 'published' },
  })
  if (parsed.success) return parsed.data
  const named = parsed.error.issues.map(({ path }) => `--${String(path[0])}`)
  throw new DomainError('option-malformed', { options: [...new Set(named)] })
}
