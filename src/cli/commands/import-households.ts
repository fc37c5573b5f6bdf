import type { Command } from 'commander'
import {
  type HouseholdFiles,
  importHouseholds,
} from '../../application/imports/import-households.js'
import { actingAs, withLedger } from '../authority.js'
import { printImport } from '../import-report.js'
import { inputFile } from '../input-files.js'
import type { CommandContext } from '../ports.js'
import { withProgress } from '../printing.js'
import { type ImportOptions, importCommand, importRoles } from './import-options.js'

interface CasesOptions extends ImportOptions {
  readonly members?: string
  readonly history?: string
}

export function addImportCases(parent: Command, context: CommandContext): void {
  importCommand(parent, 'cases <file>')
    .description('导入家庭（个案）· import households: CSV or XLSX, with members and history')
    .option('--members <file>', '成员文件 · members of the households')
    .option('--history <file>', '历史金额文件 · amounts paid before the cut-over')
    .action(async (file: string, options: CasesOptions) =>
      runHouseholds(context, options, { ...options, cases: file }),
    )
}

export function addImportMembers(parent: Command, context: CommandContext): void {
  importCommand(parent, 'members <file>')
    .description('导入家庭成员 · import members of households that exist')
    .action(async (file: string, options: ImportOptions) =>
      runHouseholds(context, options, { members: file }),
    )
}

type Paths = { readonly [Kind in keyof HouseholdFiles]?: string }

async function runHouseholds(
  context: CommandContext,
  options: ImportOptions,
  paths: Paths,
): Promise<void> {
  await withLedger(context, async (ledger) => {
    const actor = await actingAs(context, ledger, { options, roles: importRoles })
    const files = {
      cases: await inputFileOf(paths.cases),
      members: await inputFileOf(paths.members),
      history: await inputFileOf(paths.history),
    }
    const outcome = await withProgress(context.terminal, 'import', (onProgress) =>
      importHouseholds(ledger.imports, files, {
        actor,
        dryRun: options.dryRun ?? false,
        onProgress,
      }),
    )
    await printImport(context, outcome, options)
  })
}

async function inputFileOf(path: string | undefined) {
  return path === undefined ? undefined : inputFile(path)
}
