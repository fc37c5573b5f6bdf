import type { Command } from 'commander'
import { withLedger } from '../authority.js'
import type { CommandContext } from '../ports.js'
import { printFacts } from '../printing.js'

export function addStatus(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('查看台账状态 · show where the ledger and its read models stand')
    .option('--json', '以 JSON 输出 · print JSON')
    .action(async ({ json }: { readonly json?: boolean }) =>
      withLedger(context, async (ledger) =>
        printFacts(context.terminal, { ...ledger.founding, ...(await ledger.status()) }, json),
      ),
    )
}
