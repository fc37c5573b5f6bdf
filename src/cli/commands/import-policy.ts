import type { Command } from 'commander'
import { importPolicy } from '../../application/imports/import-policy.js'
import { isPolicyFile } from '../../application/imports/policy-files.js'
import { actingAs, type TokenOption, withLedger } from '../authority.js'
import { printImport, type ReportOptions } from '../import-report.js'
import { jsonFiles } from '../input-files.js'
import type { CommandContext } from '../ports.js'
import { withProgress } from '../printing.js'
import { importCommand } from './import-options.js'

export function addImportPolicy(parent: Command, context: CommandContext): void {
  importCommand(parent, 'policy <path>')
    .description('导入政策文件或目录 · import policy: a JSON file or a folder of them')
    .action(
      async (path: string, options: TokenOption & ReportOptions & { readonly dryRun?: boolean }) =>
        withLedger(context, async (ledger) => {
          const actor = await actingAs(context, ledger, {
            options,
            roles: ['administrator', 'approver'],
          })
          const found = await jsonFiles(path)
          // Examples and layouts lie beside the policy; a file that was named is taken as it is.
          const files = found.length === 1 ? found : found.filter(isPolicyFile)
          const outcome = await withProgress(context.terminal, 'policy', (onProgress) =>
            importPolicy(ledger.imports, files, {
              actor,
              dryRun: options.dryRun ?? false,
              onProgress,
            }),
          )
          await printImport(context, outcome, options)
        }),
    )
}
