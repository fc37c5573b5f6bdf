import type { Command } from 'commander'
import type { CommandContext } from '../ports.js'
import { printFacts } from '../printing.js'

export function addFound(program: Command, { ports, terminal }: CommandContext): void {
  program
    .command('found <name>')
    .description(
      '建立台账并命名（须在首次启动前）· found the ledger by its name, before the first start',
    )
    .action(async (name: string) => printFacts(terminal, { ...(await ports.found(name)) }))
}
