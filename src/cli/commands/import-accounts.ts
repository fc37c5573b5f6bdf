import type { Command } from 'commander'
import { importAccounts } from '../../application/imports/import-accounts.js'
import { actingAs, withLedger } from '../authority.js'
import { printImport } from '../import-report.js'
import { inputFile } from '../input-files.js'
import type { CommandContext } from '../ports.js'
import { withProgress } from '../printing.js'
import { type ImportOptions, importCommand, importRoles } from './import-options.js'

export function addImportAccounts(parent: Command, context: CommandContext): void {
  importCommand(parent, 'accounts <file>')
    .description('导入收款账户 · import the accounts that persons are paid through')
    .action(async (path: string, options: ImportOptions) =>
      withLedger(context, async (ledger) => {
        const actor = await actingAs(context, ledger, { options, roles: importRoles })
        const file = await inputFile(path)
        const outcome = await withProgress(context.terminal, 'accounts', (onProgress) =>
          importAccounts(ledger.imports, file, {
            actor,
            dryRun: options.dryRun ?? false,
            onProgress,
          }),
        )
        await printImport(context, outcome, options)
      }),
    )
}
