import type { Command } from 'commander'
import { withLedger } from '../authority.js'
import { Reported } from '../failures.js'
import type { CommandContext } from '../ports.js'
import { printFacts, withProgress } from '../printing.js'

export function addCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('核对日志与查询数据 · derive everything anew from the log and compare')
    .action(async () =>
      withLedger(context, async (ledger) => {
        const differences = await withProgress(context.terminal, 'check', (onProgress) =>
          ledger.check(onProgress),
        )
        printFacts(context.terminal, { differences })
        if (differences.length > 0) throw new Reported()
      }),
    )
}
