import type { Command } from 'commander'
import { withdrawImport, withdrawnIn } from '../../application/imports/withdraw-import.js'
import { DomainError } from '../../domain/errors.js'
import { ShortText } from '../../domain/values/document.js'
import { ImportId } from '../../domain/values/identifiers.js'
import { actingAs, callerOf, type TokenOption, withLedger } from '../authority.js'
import type { CommandContext } from '../ports.js'
import { printFacts } from '../printing.js'
import { importRoles } from './import-options.js'

interface WithdrawOptions extends TokenOption {
  readonly reason: string
  readonly json?: boolean
}

export function addImportWithdraw(parent: Command, context: CommandContext): void {
  parent
    .command('withdraw <import>')
    .description('撤回待确认的导入 · withdraw an import that was prepared, by its id')
    .requiredOption('--reason <text>', '撤回理由 · why')
    .option('--json', '以 JSON 输出 · print JSON')
    .option('--token <token>', '操作人令牌 · the token of a named person (or BENEFITS_TOKEN)')
    .action(async (id: string, options: WithdrawOptions) => {
      const importId = ImportId.safeParse(id)
      const reason = ShortText.safeParse(options.reason)
      if (!importId.success) throw new DomainError('option-malformed', { options: ['<import>'] })
      if (!reason.success) throw new DomainError('option-malformed', { options: ['--reason'] })
      const asked = { importId: importId.data, reason: reason.data }
      await withLedger(context, async (ledger) => {
        const actor = await actingAs(context, ledger, { options, roles: importRoles })
        const caller = callerOf(actor)
        const { changed, events } = await withdrawImport(ledger.processes, { ...asked, caller })
        const facts = { importId: asked.importId, changed, withdrawnOf: withdrawnIn(events) }
        printFacts(context.terminal, facts, options.json)
      })
    })
}
