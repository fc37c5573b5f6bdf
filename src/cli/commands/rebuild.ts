import type { Command } from 'commander'
import { withLedger } from '../authority.js'
import type { CommandContext } from '../ports.js'
import { printFacts, withProgress } from '../printing.js'

export function addRebuild(program: Command, context: CommandContext): void {
  program
    .command('rebuild')
    .description('重建查询数据（服务不停）· build the read models anew beside the live ones')
    .action(async () =>
      withLedger(context, async (ledger) => {
        const rebuilt = await withProgress(context.terminal, 'rebuild', (onProgress) =>
          ledger.rebuild(onProgress),
        )
        printFacts(context.terminal, rebuilt)
      }),
    )
}
