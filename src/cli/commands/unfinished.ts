import type { Command } from 'commander'
import { withLedger } from '../authority.js'
import type { CommandContext } from '../ports.js'
import { printFacts } from '../printing.js'

export function addUnfinished(program: Command, context: CommandContext): void {
  program
    .command('unfinished')
    .description('列出未办完的手续 · list what was cut short and nobody sent again')
    .action(async () =>
      withLedger(context, async (ledger) => {
        printFacts(context.terminal, { unfinished: await ledger.unfinished() })
      }),
    )
}
