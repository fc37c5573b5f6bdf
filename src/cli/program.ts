import { Command } from 'commander'
import { addBackup, addRestore } from './commands/backup.js'
import { addCheck } from './commands/check.js'
import { addExplain } from './commands/explain.js'
import { addFound } from './commands/found.js'
import { addImportAccounts } from './commands/import-accounts.js'
import { addImportCampaign } from './commands/import-campaign.js'
import { addImportDeaths } from './commands/import-deaths.js'
import { addImportCases, addImportMembers } from './commands/import-households.js'
import { addImportPolicy } from './commands/import-policy.js'
import { addImportWithdraw } from './commands/import-withdraw.js'
import { addImportsWaiting } from './commands/imports-waiting.js'
import { addMigrate } from './commands/migrate.js'
import { addExportLog, addImportLog } from './commands/move-log.js'
import { addRebuild } from './commands/rebuild.js'
import { addRun } from './commands/run.js'
import { addServe } from './commands/serve.js'
import { addStatus } from './commands/status.js'
import { addTemplates } from './commands/templates.js'
import { addToken } from './commands/token.js'
import { addUnfinished } from './commands/unfinished.js'
import { exitCodeFor, exitCodes } from './failures.js'
import type { CommandContext } from './ports.js'

/** All commands for operators. */
export function createProgram(context: CommandContext): Command {
  const { terminal } = context
  const program = new Command('benefits-ledger')
    .description('民政待遇台账 · the ledger of social assistance and benefits')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('用 --help 查看用法 · see --help')
  addServe(program, context)
  addMigrate(program, context)
  addFound(program, context)
  const imports = program.command('import').description('导入 · import files')
  addImportPolicy(imports, context)
  addImportCases(imports, context)
  addImportMembers(imports, context)
  addImportAccounts(imports, context)
  addImportDeaths(imports, context)
  addImportCampaign(imports, context)
  addImportsWaiting(imports, context)
  addImportWithdraw(imports, context)
  addTemplates(program, context)
  addRun(program, context)
  addExplain(program, context)
  addRebuild(program, context)
  addCheck(program, context)
  addUnfinished(program, context)
  addToken(program, context)
  addBackup(program, context)
  addRestore(program, context)
  addExportLog(program, context)
  addImportLog(program, context)
  addStatus(program, context)
  return program
}

/** Runs one command line, without the program's own name; answers the exit code. */
export async function runCommandLine(
  context: CommandContext,
  words: readonly string[],
): Promise<number> {
  try {
    await createProgram(context).parseAsync([...words], { from: 'user' })
    return exitCodes.done
  } catch (error) {
    return exitCodeFor(context, error)
  }
}
